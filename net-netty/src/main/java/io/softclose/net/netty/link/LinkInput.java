/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static java.lang.System.Logger.Level.DEBUG;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.loop.InputTurns;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.LosslessQueue;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a link reads: the only handler in its channel's pipeline. What cannot be handed on at once is held, in order:
 * what Netty delivers although it was asked to stop, and what the loop's {@link InputTurns} leave no time for. While anything is
 * held the channel does not read. Confined to the loop.
 */
@ChannelHandler.Sharable // by the channels of a dial that is tried again, one after the other
final class LinkInput extends ChannelInboundHandlerAdapter {
    private static final Log LOG = Log.ofModule();
    /**
     * Classes that a failure is compared with. One that is first named then takes memory to be found, which may be what
     * failed.
     */
    static final List<Class<?>> LOADED_EARLY =
            List.of(UncheckedIOException.class, IllegalStateException.class, ChannelInputShutdownEvent.class);

    /** Bytes handed on at once, between two looks at the clock: more to a quick handler, fewer to a slow one. */
    private static final int FIRST_PIECE = 16 * 1024;

    private static final int MOST_PIECE = 128 * 1024;
    private static final int LEAST_PIECE = 512;
    private static final long SLOW_PIECE_NANOS = InputTurns.MOST_NANOS / 2;

    /** Who takes what is handed on. */
    interface Receiver {
        /** Whether this may be handed on now, apart from pauses. */
        boolean receives();

        /** Whether a write is on its way to the operating system. */
        boolean writes();

        void received(ByteBuffer bytes);

        void peerEnded();

        void inputFailed(Throwable cause);

        /** Nothing is held for now. */
        void caughtUp();

        /** Bytes came after {@link #stop}. */
        void discarded();
    }

    /** What will come after the bytes that are held. */
    private enum End {
        NONE,
        /** Something looks like it while a write is on its way, which may know better. To HELD after a turn of I/O. */
        DOUBTED,
        /** The peer's end of output has arrived. To TOLD when it is handed on. */
        HELD,
        TOLD
    }

    private final NettyLoop loop;
    private final Receiver receiver;
    private final InputTurns turns;
    private final InputTurns.Place inLine;
    private final Runnable lookTask = this::looked;
    private final Runnable believeTask = this::believeEnd;
    private final LosslessQueue<ByteBuf> held = new LosslessQueue<>();
    private @Nullable Channel channel;
    private Reading reading = Reading.RESUMED;
    private int piece = FIRST_PIECE;
    private End end = End.NONE;
    private @Nullable Throwable failure;
    private boolean handingOn;
    private boolean stopped;

    private @Nullable Runnable whenEmpty;
    private boolean looking;
    private long arrivals;
    private long arrivalsBefore;

    LinkInput(NettyLoop loop, Receiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
        turns = loop.inputTurns();
        inLine = turns.place(() -> guardedHandOn(true));
    }

    /** Whether bytes have arrived here that were not handed on. */
    boolean holdsBytes() {
        return !held.isEmpty();
    }

    /** How many bytes that are. For tests. */
    long heldBytes() {
        return held.toList().stream().mapToLong(ByteBuf::readableBytes).sum();
    }

    /** Whether everything was handed on that will ever come. */
    boolean exhausted() {
        return held.isEmpty() && (end != End.NONE || failure != null);
    }

    /** Whether reading has failed, even if nobody has been told yet. */
    boolean failed() {
        return failure != null;
    }

    boolean paused() {
        return reading == Reading.PAUSED;
    }

    /** Whether the peer's end of output has arrived. */
    boolean ended() {
        return end != End.NONE;
    }

    /** Begins to read, unless told to pause before. */
    void start(Channel connected) {
        channel = connected;
        updateReading();
        postHandOn();
    }

    /** Stops, or goes on; takes effect with {@link #start} before that. */
    void reading(Reading wanted) {
        reading = wanted;
        updateReading();
        postHandOn();
        lookWhetherEmpty();
    }

    /** Has what the kernel has read although the link is paused: to be held, or to learn that there is none. */
    void readOnce() {
        if (channel != null && end == End.NONE && failure == null && held.isEmpty()) {
            channel.read();
        }
    }

    /**
     * Has this run, as a later event, once nothing that has arrived is left to hand on, neither here nor in the kernel, and
     * the link is not paused: its handler may not be done with what it was given. The last one given counts.
     */
    void whenEmpty(Runnable action) {
        whenEmpty = action;
        lookWhetherEmpty();
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
        whenEmpty = null;
        for (ByteBuf bytes = held.poll(); bytes != null; bytes = held.poll()) {
            bytes.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        arrivals++;
        if (stopped) {
            bytes.release();
            receiver.discarded();
        } else if (failure != null) {
            // Something may be missing before it.
            bytes.release();
        } else {
            hold(bytes);
            handOn(false);
        }
    }

    private void hold(ByteBuf bytes) {
        try {
            held.add(bytes);
        } catch (Throwable failed) {
            bytes.release();
            throw failed;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // After a failure to read, Netty tells of an end that is none of the peer's.
        if (event instanceof ChannelInputShutdownEvent && end == End.NONE && failure == null) {
            end = End.DOUBTED;
            // Only one hears of a reset, the reader or the writer. io_uring tells of the reader first.
            if (receiver.writes()) {
                loop.afterIo(believeTask);
            } else {
                believeEnd();
            }
        }
    }

    private void believeEnd() {
        end = End.HELD;
        guardedHandOn(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof UncheckedIOException unchecked) {
            fail(requireNonNull(unchecked.getCause(), "cause"));
        } else if (cause instanceof IllegalStateException) {
            // Netty could not shut down what the peer had reset: the read that finds the reset has more to tell.
            LOG.log(DEBUG, () -> "a channel reported a failure", cause);
        } else {
            fail(cause);
        }
    }

    private boolean mayHandOn() {
        return !stopped && reading == Reading.RESUMED && receiver.receives();
    }

    private void postHandOn() {
        boolean anything = !held.isEmpty() || end == End.HELD || failure != null;
        // Whoever hands on looks again by itself.
        if (anything && !stopped && !handingOn) {
            inLine.join();
        }
    }

    private void guardedHandOn(boolean inTurn) {
        try {
            handOn(inTurn);
        } catch (Throwable failed) {
            // Within a read, Netty catches it and tells us.
            receiver.inputFailed(failed);
        }
    }

    /**
     * Hands on what it may, and joins the line for the rest.
     *
     * @param inTurn whether it has come to its turn; who has not passes nobody
     */
    private void handOn(boolean inTurn) {
        if (handingOn) {
            return;
        }
        handingOn = true;
        try {
            ByteBuf first = held.peek();
            while (first != null && mayHandOn() && turns.timeLeft() && (inTurn || turns.isEmpty())) {
                handOnPiece(first);
                first = held.peek();
            }
        } finally {
            handingOn = false;
        }
        if (held.isEmpty()) {
            handOnEnd();
        } else if (mayHandOn()) {
            postHandOn();
        }
        updateReading();
    }

    /** Hands on the first bytes of the first buffer. The handler may stop the link meanwhile. */
    private void handOnPiece(ByteBuf bytes) {
        int size = Math.min(piece, bytes.readableBytes());
        ByteBuffer view = bytes.nioBuffer(bytes.readerIndex(), size).order(ByteOrder.BIG_ENDIAN);
        bytes.skipBytes(size);
        if (bytes.isReadable()) {
            bytes.retain();
        } else {
            held.poll();
        }
        long start = loop.nanoTime();
        try {
            receiver.received(view);
        } finally {
            bytes.release();
        }
        long nanos = loop.nanoTime() - start;
        turns.spend(nanos, size);
        if (nanos > SLOW_PIECE_NANOS) {
            piece = Math.max(LEAST_PIECE, piece / 2);
        } else if (size == piece && nanos < SLOW_PIECE_NANOS / 4) {
            piece = Math.min(MOST_PIECE, 2 * piece);
        }
    }

    /** What follows when no bytes are held. */
    private void handOnEnd() {
        if (end == End.HELD && mayHandOn()) {
            end = End.TOLD;
            receiver.peerEnded();
        }
        Throwable cause = failure;
        if (cause != null && (end == End.NONE || end == End.TOLD) && !stopped && receiver.receives()) {
            receiver.inputFailed(cause);
        }
        if (!stopped) {
            receiver.caughtUp();
            lookWhetherEmpty();
        }
    }

    private void updateReading() {
        Channel open = channel;
        if (open != null && !stopped) {
            boolean reads = reading == Reading.RESUMED && held.isEmpty();
            if (reads != open.config().isAutoRead()) {
                open.config().setAutoRead(reads);
            }
        }
    }

    /**
     * Gives the kernel one more turn of I/O to bring what it has, the peer's end included, which comes behind the last
     * bytes; what it brings is handed on, and then asks again.
     */
    private void lookWhetherEmpty() {
        if (whenEmpty == null || looking || stopped || !held.isEmpty() || paused()) {
            return;
        }
        looking = true;
        arrivalsBefore = arrivals;
        loop.afterIo(lookTask);
    }

    private void looked() {
        looking = false;
        if (arrivals != arrivalsBefore) {
            lookWhetherEmpty();
            return;
        }
        try {
            empty();
        } catch (Throwable failed) {
            // Whoever waits for this would wait for ever.
            receiver.inputFailed(failed);
        }
    }

    private void empty() {
        Runnable action = whenEmpty;
        boolean endWaits = end == End.DOUBTED || end == End.HELD;
        if (action != null && !stopped && held.isEmpty() && !endWaits && !paused()) {
            whenEmpty = null;
            action.run();
        }
    }
}
