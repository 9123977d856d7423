/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A transport on Netty's channels, over io_uring, epoll or NIO: {@link io.softclose.net.netty.NettyTransport}. Its
 * provider's name is {@code netty}.
 */
@NullMarked
package io.softclose.net.netty;

import org.jspecify.annotations.NullMarked;
