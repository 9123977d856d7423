/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The transport on Netty. It names the modules of Netty's native libraries though it uses no class of theirs: on a module
 * path they are found only if they are resolved. {@code netty-all} brings each of them; those of io_uring have one name
 * for every processor, so the first on the module path is the one that is found.
 */
@SuppressWarnings("requires-automatic") // Guice has no module descriptor
@org.jspecify.annotations.NullMarked
module io.softclose.net.netty {
    requires transitive io.softclose.net;
    requires transitive io.netty.transport;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.epoll.linux.aarch_64;
    requires io.netty.transport.epoll.linux.x86_64;
    requires io.netty.transport.io_uring.linux.x86_64;
    requires io.netty.transport.unix.common;
    requires static com.google.guice;
    requires static org.jspecify;

    exports io.softclose.net.netty;

    provides io.softclose.net.spi.TransportProvider with
            io.softclose.net.netty.NettyTransportProvider;
}
