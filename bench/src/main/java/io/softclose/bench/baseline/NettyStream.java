/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.concurrent.Semaphore;

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
    private final NettyPair pair;
    private final Channel channel;

    /** Connects to a receiver of its own. */
    public NettyStream(Flushing flushing, Tally tally) {
        pair = new NettyPair(
                made -> addSender(made, flushing),
                made -> made.pipeline().addLast(new NettyPair.Decoder(tally::handled)));
        channel = pair.channel();
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
        NettyPair.send(channel, payload);
    }

    @Override
    public void close() {
        pair.close();
    }
}
