/* SPDX-License-Identifier: Apache-2.0 */
/** The kinds of I/O of Netty, and the channels that each of them opens. */
@NullMarked
package io.softclose.net.netty.socket;

import org.jspecify.annotations.NullMarked;
