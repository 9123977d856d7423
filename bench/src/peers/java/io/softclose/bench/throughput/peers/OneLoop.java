/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.socket.ServerSocketChannel;
import io.softclose.bench.baseline.NettyIo;
import java.util.concurrent.TimeUnit;
import reactor.netty.resources.LoopResources;

/**
 * One loop of an end's own, over the kind of I/O that the other ways over Netty have. Reactor Netty would choose for itself by what is
 * on the class path, and all of Netty is on this one.
 */
final class OneLoop implements LoopResources {
    private final NettyIo io = NettyIo.best();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io.loops());

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
        return new ReflectiveChannelFactory<C>(onChannelClass(type, loops)).newChannel();
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
        return (type == ServerSocketChannel.class ? io.listener() : io.link()).asSubclass(type);
    }

    @Override
    public boolean isDisposed() {
        return group.isShuttingDown();
    }

    @Override
    public void dispose() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
