/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The dialling end of a connection over Netty, on a loop of its own. */
final class NettyDialler implements AutoCloseable {
    /** Enough for the loop to find a full batch each time it turns. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 20, 2 << 20);

    private final EventLoopGroup loop;
    private final Channel channel;

    /** Connects, with these handlers behind the codec. */
    NettyDialler(SocketAddress address, Consumer<Channel> handlers) {
        NettyIo io = NettyIo.best();
        loop = new MultiThreadIoEventLoopGroup(1, io.loops());
        channel = new Bootstrap()
                .group(loop)
                .channel(io.link())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(NettyFrames.pipeline(handlers))
                .connect(address)
                .syncUninterruptibly()
                .channel();
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
