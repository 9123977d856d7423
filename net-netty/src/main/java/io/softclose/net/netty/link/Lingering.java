/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.loop.ChannelEnd;
import io.softclose.net.netty.loop.LingeringLinks;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import java.util.concurrent.TimeUnit;

/**
 * What is left of a link after {@link Link#linger}: it reads and discards, so that no reset destroys what the peer has not
 * read. Our end, which says that everything before it was handled, goes out to a quiet peer only. It is over once nothing
 * has happened for a while: no byte has come, and none has left as far as can be known. Confined to the loop.
 */
final class Lingering extends ChannelInboundHandlerAdapter implements LingeringLinks.Member {
    /** How long a peer has to be quiet to count as such. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NettyLoop loop;
    private final Sockets sockets;
    private final Channel channel;
    private final LinkOutput output;
    private final LinkInput input;
    private final ChannelEnd end;
    private final LingerTime time;
    private boolean discarded;
    private boolean inputEnded;
    private boolean over;
    private long flushedBefore;
    private Timer watch = () -> {};
    private Timer look = () -> {};

    /**
     * A link that is about to linger.
     *
     * @param output what the link took may still leave
     * @param input what it holds is discarded
     */
    Lingering(NettyLoop loop, Sockets sockets, Channel channel, LinkOutput output, LinkInput input) {
        this.loop = loop;
        this.sockets = sockets;
        this.channel = channel;
        this.output = output;
        this.input = input;
        end = new ChannelEnd(sockets, this::gone);
        time = new LingerTime(sockets.lingerIdleNanos(), sockets.lingerNanos(), loop.nanoTime());
        flushedBefore = output.flushed();
        // Whoever has paused may not have handled what it was given.
        discarded = input.holdsBytes() || input.paused();
        inputEnded = input.ended();
    }

    /** Takes the channel over; if this throws, it is the link's still. */
    void begin() {
        try {
            watch = loop.schedule(time.left(loop.nanoTime()), this::watch);
            look = loop.schedule(inputEnded ? 0 : QUIET_NANOS, this::look);
            channel.closeFuture().addListener(closed -> end(false));
            loop.links().lingering().add(this);
            channel.pipeline().replace(input, null, this);
            input.stop();
            channel.config().setAutoRead(true);
        } catch (Throwable failed) {
            over = true;
            stopWatching();
            gone();
            throw failed;
        }
    }

    @Override
    public void expire() {
        end(output.failure() != null || (discarded && !output.endSent()));
    }

    @Override
    public boolean over() {
        return over;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ((ByteBuf) message).release();
        discarded = true;
        time.sign(loop.nanoTime());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (output.endSent()) {
                expire();
            } else if (discarded) {
                // It may still read: the time for that starts anew.
                time.sign(loop.nanoTime());
            } else {
                look.cancel();
                look();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(true);
    }

    /** Ends it if nothing has happened for long enough, or else looks again when that may be so. */
    private void watch() {
        if (!over) {
            try {
                watchOn();
            } catch (Throwable failed) {
                fail(failed);
            }
        }
    }

    private void watchOn() {
        long now = loop.nanoTime();
        if (output.flushed() != flushedBefore) {
            flushedBefore = output.flushed();
            time.sign(now);
        }
        time.sign(now - sockets.nanosSinceSent(channel));
        long left = time.left(now);
        if (left == 0) {
            expire();
        } else {
            watch = loop.schedule(left, this::watch);
        }
    }

    private void look() {
        if (!over && !discarded) {
            try {
                endIfQuiet();
            } catch (Throwable failed) {
                fail(failed);
            }
        }
    }

    private void endIfQuiet() {
        output.wantEnd();
        if (output.readyToEnd()) {
            output.sendEnd(channel);
        }
        if (output.failure() != null || (inputEnded && output.endSent())) {
            expire();
        } else if (!output.endSent()) {
            look = loop.schedule(QUIET_NANOS, this::look);
        }
    }

    /** A step has failed, of which each sees to the next: nobody would end it. */
    private void fail(Throwable failed) {
        end(true);
        Log.stepFailed(failed);
    }

    private void end(boolean reset) {
        if (!over) {
            over = true;
            end.begin(loop.links().endings(), channel, reset);
            stopWatching();
        }
    }

    private void stopWatching() {
        watch.cancel();
        look.cancel();
    }

    private void gone() {
        loop.links().lingering().remove(this);
    }
}
