/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * Netty's ways to the operating system, best first.
 *
 * @param loops makes what drives a loop
 * @param link class of connected sockets
 * @param listener class of listening sockets
 */
public record NettyIo(
        IoHandlerFactory loops, Class<? extends SocketChannel> link, Class<? extends ServerSocketChannel> listener) {

    /** The one that Softclose's own Netty transport chooses by default: epoll, else NIO. */
    public static NettyIo best() {
        return Epoll.isAvailable()
                ? new NettyIo(EpollIoHandler.newFactory(), EpollSocketChannel.class, EpollServerSocketChannel.class)
                : new NettyIo(NioIoHandler.newFactory(), NioSocketChannel.class, NioServerSocketChannel.class);
    }
}
