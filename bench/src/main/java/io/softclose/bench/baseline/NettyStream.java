/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.softclose.net.tls.TlsEngines;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A Netty pipeline that frames messages: the sending thread calls {@code writeAndFlush} for each, and waits while the
 * channel is not writable.
 */
public final class NettyStream implements MessageStream {
    /** What becomes of the flushes. */
    public enum Flushing {
        /** Each is a system call, as in a pipeline nobody has tuned. */
        NAIVE,
        /** Netty's {@link FlushConsolidationHandler} joins up to 256 of them. */
        CONSOLIDATED
    }

    private final Semaphore writable = new Semaphore(0);
    private final NettyDialler dialler;
    private final Channel channel;

    /** Connects to a {@link NettyReceiver}. */
    public NettyStream(Flushing flushing, SocketAddress address) {
        this(flushing, address, made -> {});
    }

    private NettyStream(Flushing flushing, SocketAddress address, Consumer<Channel> more) {
        dialler = new NettyDialler(address, made -> {
            addSender(made, flushing);
            more.accept(made);
        });
        channel = dialler.channel();
    }

    /** As it is written with Netty over TLS: flushes are joined before their bytes are sealed, so records are full. */
    public static NettyStream overTls(TlsEngines engines, SocketAddress address) {
        return new NettyStream(
                Flushing.CONSOLIDATED,
                address,
                made -> made.pipeline().addFirst(new SslHandler(engines.dialling(Optional.empty()))));
    }

    private void addSender(Channel made, Flushing flushing) {
        if (flushing == Flushing.CONSOLIDATED) {
            made.pipeline()
                    .addFirst(new FlushConsolidationHandler(
                            FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        }
        made.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                if (context.channel().isWritable()) {
                    writable.release();
                }
            }
        });
    }

    @Override
    public void send(byte[] payload) throws InterruptedException {
        while (!channel.isWritable()) {
            writable.acquire();
        }
        NettyFrames.send(channel, payload);
    }

    @Override
    public void close() {
        dialler.close();
    }
}
