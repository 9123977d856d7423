/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.softclose.net.spi.Link.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a link reads: the only handler in its channel's pipeline. Netty delivers a little more after it was asked to stop,
 * what io_uring had begun to read or epoll finds at the peer's end; that is held back, in order, until the link goes on.
 * Confined to the loop.
 */
@ChannelHandler.Sharable // by the channels of a dial that is tried again, one after the other
final class LinkInput extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(NettyLink.class.getName());

    /** Whom it is handed on to. */
    interface Receiver {
        /** Whether this may be handed on now, apart from pauses. */
        boolean receives();

        void received(ByteBuf bytes);

        void peerEnded();

        void inputFailed(Throwable cause);
    }

    /** What will come after the bytes that are held. */
    private enum End {
        NONE,
        /** The peer's end of output has arrived. To TOLD when it is handed on. */
        HELD,
        TOLD
    }

    private final NettyLoop loop;
    private final Receiver receiver;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private Reading reading = Reading.RESUMED;
    private End end = End.NONE;
    private @Nullable Throwable failure;
    private boolean handOnPosted;
    private boolean stopped;

    LinkInput(NettyLoop loop, Receiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /** Whether bytes may still come and are wanted. */
    boolean open() {
        return !stopped && reading == Reading.RESUMED && (handOnPosted || (end == End.NONE && failure == null));
    }

    /** Begins to read, or goes on as was asked for meanwhile. */
    void start(Channel channel) {
        channel.config().setAutoRead(reading == Reading.RESUMED);
        postHandOn();
    }

    /** Stops, or goes on; takes effect with {@link #start} before that. */
    void reading(Reading wanted, @Nullable Channel channel) {
        reading = wanted;
        if (channel != null && !stopped) {
            start(channel);
        }
    }

    /** The channel is gone, which counts after everything that is held. */
    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
            // Netty may have noticed within a call of ours.
            postHandOn();
        }
    }

    /** Hands on nothing more. */
    void stop() {
        stopped = true;
        held.forEach(ByteBuf::release);
        held.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (stopped) {
            bytes.release();
        } else if (held.isEmpty() && mayHandOn()) {
            handOn(bytes);
        } else {
            held.add(bytes);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && end == End.NONE && failure == null) {
            end = End.HELD;
            handOn();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            fail(cause);
        } else if (cause instanceof UncheckedIOException unchecked) {
            fail(requireNonNull(unchecked.getCause(), "cause"));
        } else {
            // Netty could not shut down what the peer had reset: the read that finds the reset has more to tell.
            LOG.log(cause instanceof IllegalStateException ? DEBUG : ERROR, "a channel reported a failure", cause);
        }
    }

    private boolean mayHandOn() {
        return !stopped && reading == Reading.RESUMED && receiver.receives();
    }

    private void postHandOn() {
        boolean anything = !held.isEmpty() || end == End.HELD || failure != null;
        if (anything && !handOnPosted) {
            handOnPosted = true;
            loop.execute(() -> {
                handOnPosted = false;
                handOn();
            });
        }
    }

    private void handOn() {
        while (!held.isEmpty() && mayHandOn()) {
            handOn(held.remove());
        }
        if (held.isEmpty() && end == End.HELD && mayHandOn()) {
            end = End.TOLD;
            receiver.peerEnded();
        }
        Throwable cause = failure;
        boolean nothingBefore = held.isEmpty() && end != End.HELD;
        if (cause != null && !stopped && receiver.receives() && (nothingBefore || mayHandOn())) {
            receiver.inputFailed(cause);
        }
    }

    private void handOn(ByteBuf bytes) {
        try {
            receiver.received(bytes);
        } finally {
            bytes.release();
        }
    }
}
