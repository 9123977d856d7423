/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.softclose.net.tls.TlsEngines;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A Netty pipeline, on a loop of its own, that takes frames apart. */
public final class NettyReceiver implements Receiver {
    private final EventLoopGroup loop;
    private final Channel server;

    /** Counts what comes. */
    public NettyReceiver(Tally tally) {
        this(made -> made.pipeline().addLast(new NettyFrames.Decoder(tally::handled)));
    }

    /** Listens on the loopback interface, on a port of the system's choice, with these handlers behind the codec. */
    NettyReceiver(Consumer<Channel> handlers) {
        NettyIo io = NettyIo.best();
        loop = new MultiThreadIoEventLoopGroup(1, io.loops());
        server = new ServerBootstrap()
                .group(loop)
                .channel(io.listener())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(NettyFrames.pipeline(handlers))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** As the one that counts, over TLS. */
    public static NettyReceiver overTls(TlsEngines engines, Tally tally) {
        return new NettyReceiver(made -> made.pipeline()
                .addLast(new NettyFrames.Decoder(tally::handled))
                .addFirst(new SslHandler(engines.accepting())));
    }

    @Override
    public SocketAddress address() {
        return server.localAddress();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
