/* SPDX-License-Identifier: Apache-2.0 */
/** Links on sockets: dialled, accepted, open, closed. */
@NullMarked
package io.softclose.net.nio.link;

import org.jspecify.annotations.NullMarked;
