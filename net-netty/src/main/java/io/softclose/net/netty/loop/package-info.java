/* SPDX-License-Identifier: Apache-2.0 */
/** Netty's event loops as loops of this library: turns, tasks, their beginning and their end. */
@NullMarked
package io.softclose.net.netty.loop;

import org.jspecify.annotations.NullMarked;
