/* SPDX-License-Identifier: Apache-2.0 */
/** Links on channels: dialled, accepted, open, lingering. */
@NullMarked
package io.softclose.net.netty.link;

import org.jspecify.annotations.NullMarked;
