/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

/** How a {@link NettyTransport} asks the operating system for I/O. */
public enum IoKind {
    /** epoll if it is available here, else NIO. io_uring has to be asked for: one busy link may delay the others more. */
    AUTO,
    /** Linux's io_uring, over TCP. */
    IO_URING,
    /** Linux's epoll, over TCP and Unix domain sockets. */
    EPOLL,
    /** The JDK's selectors, over TCP; available everywhere. */
    NIO
}
