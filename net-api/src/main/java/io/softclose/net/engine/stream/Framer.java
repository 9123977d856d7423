/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.outbox.Rpc;
import io.softclose.net.engine.stream.Dispatcher.Choice;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LosslessQueue;
import io.softclose.net.wire.FrameHeads;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what the lanes hold into frames, and puts these into a batch, one after the other as the {@link Dispatcher} chooses.
 * It has the stream under way, and what the engine itself has to say, which goes first. Loop only.
 */
final class Framer {
    /** Most answers to a peer's bad messages that may wait; more are not given. */
    private static final int MAX_CONTROL_FRAMES = 64;

    /** Whether messages may start. */
    private enum Starts {
        /** The connection is not open yet. */
        NOT_YET,
        YES,
        NO_MORE
    }

    private final EventLoop loop;
    private final List<LaneQueue> lanes;
    private final OutcomeBook book;
    private final Dispatcher dispatcher;
    /** Of a streamed message's size, the payload bytes in each of its frames. */
    private final IntUnaryOperator chunkSize;

    private final LosslessQueue<ByteBuffer> control = new LosslessQueue<>();
    private @Nullable OutboundStream stream;
    private long nextStreamId;
    private Choice choice = Choice.NOTHING;
    private Starts starts = Starts.NOT_YET;
    /** Whether a message with a time to live was put. */
    private boolean mortal;

    private int putBeforeStart;

    Framer(EventLoop loop, List<LaneQueue> lanes, OutcomeBook book, IntUnaryOperator chunkSize) {
        this.loop = loop;
        this.lanes = lanes;
        this.book = book;
        this.dispatcher = new Dispatcher(lanes);
        this.chunkSize = chunkSize;
    }

    /** Queues bytes that are no application message, before all messages. False if too many wait. */
    boolean control(ByteBuffer frame) {
        if (starts == Starts.NO_MORE || control.size() >= MAX_CONTROL_FRAMES) {
            return false;
        }
        control.add(frame.slice());
        return true;
    }

    /** From now on only these lanes start messages, strictly in this order; says whether that is news. */
    boolean drain(List<Integer> laneOrder) {
        return dispatcher.drain(laneOrder);
    }

    /** The connection is open: from now on messages start. */
    void start() {
        starts = Starts.YES;
    }

    /** How many frames were put before {@link #start}. */
    int putBeforeStart() {
        return putBeforeStart;
    }

    /** Whether messages wait for {@link #start}. */
    boolean waitsToStart() {
        return starts == Starts.NOT_YET;
    }

    /** Starts no further message, and has nothing to say any more. */
    void stop() {
        starts = Starts.NO_MORE;
        control.clear();
    }

    /** Whether there is something to put. */
    boolean ready() {
        return !control.isEmpty() || (starts == Starts.YES && dispatcher.ready(stream));
    }

    /** Chooses what is put next; false if there is nothing. Nothing changes: it may be left. */
    boolean choose() {
        if (!control.isEmpty()) {
            return true;
        }
        choice = starts == Starts.YES ? dispatcher.next(stream) : Choice.NOTHING;
        return choice != Choice.NOTHING;
    }

    /** Puts what was chosen last; false if that must wait for a batch with more room. */
    boolean put(Batch out) {
        if (!control.isEmpty()) {
            return putControl(out);
        }
        int lane = dispatcher.lane();
        return switch (choice) {
            case NOTHING -> false;
            case WHOLE -> startWholes(out, lane);
            case STREAM -> startStream(out, lane);
            case FRAGMENT -> putStreamFrame(out, requireNonNull(stream, "stream"));
        };
    }

    /** Whether a message with a time to live was put since {@link #allGone}. */
    boolean mortal() {
        return mortal;
    }

    /** Everything that was put has left. */
    void allGone() {
        mortal = false;
    }

    /** The stream under way was taken back, if it is this one. */
    private void takenBack(@Nullable OutboundStream untouched) {
        if (stream == untouched) {
            stream = null;
        }
    }

    /** Takes messages of which no byte was taken out of the batch, all their frames, and hands over the first of each. */
    void takeUntouched(Batch from, Predicate<Frame> which, Batch.Settler first) {
        from.takeBack(frame -> from.departure(frame) == Departure.NONE && which.test(frame), frame -> {
            if (frame.first()) {
                first.settle(frame);
            }
            takenBack(frame.stream());
        });
    }

    /**
     * Ends the stream under way, if it is of one of these lanes.
     *
     * @param departure how far a stream has left
     * @param ofNone what becomes of it if none of it has left
     */
    void cut(IntPredicate lanesToEnd, Function<OutboundStream, Departure> departure, Outcome ofNone) {
        OutboundStream cut = stream;
        if (cut != null && lanesToEnd.test(cut.lane())) {
            book.end(cut.lane(), cut.element(), departure.apply(cut).outcome(ofNone));
            stream = null;
        }
    }

    /** Puts the oldest control frame, or as much of it as a batch takes; false if it must wait for one with more room. */
    private boolean putControl(Batch out) {
        ByteBuffer frame = requireNonNull(control.peek(), "frame");
        ByteBuffer room = out.buffer();
        if (frame.remaining() > room.remaining() && room.position() > 0) {
            return false;
        }
        ByteBuffer part = frame.slice(frame.position(), Math.min(frame.remaining(), room.remaining()));
        out.begin(-1, null, null, 0);
        out.expect(part.remaining());
        frame.position(frame.position() + part.remaining());
        room.put(part);
        if (!frame.hasRemaining()) {
            control.poll();
        }
        putBeforeStart += starts == Starts.NOT_YET ? 1 : 0;
        return true;
    }

    /**
     * Puts the lane's oldest whole message, and those behind it for as long as it would be their turn next anyhow.
     *
     * @return false if there is no room for the next one
     */
    private boolean startWholes(Batch out, int lane) {
        LaneQueue queue = lanes.get(lane);
        Object element = queue.poll(Form.WHOLE);
        while (element != null) {
            long start = out.end();
            try {
                if (!over(lane, element)) {
                    Message message = Envelope.messageOf(element);
                    int size = message.size();
                    if (!out.fits(size)) {
                        queue.putBack(element, Form.WHOLE);
                        return false;
                    }
                    out.begin(lane, element, null, book.place(lane));
                    putHead(out.buffer(), element, message, size);
                    out.putPayload(message, 0, size);
                    dispatcher.sent(size);
                }
            } catch (Throwable unreadable) {
                out.undo(start);
                endUnreadable(lane, Form.WHOLE, element, unreadable);
            }
            element = out.goOn() ? nextWhole(queue) : null;
        }
        return true;
    }

    /** Removes the lane's next whole message; null if there is none, or it may be another one's turn. */
    private @Nullable Object nextWhole(LaneQueue queue) {
        if (dispatcher.goesOn()) {
            return queue.pollNext();
        }
        return dispatcher.again(stream) ? queue.poll(Form.WHOLE) : null;
    }

    /** Starts the lane's oldest large message; false if there is no room for its first frame. */
    private boolean startStream(Batch out, int lane) {
        LaneQueue queue = lanes.get(lane);
        Object element = queue.poll(Form.STREAMED);
        if (element == null) {
            return true;
        }
        OutboundStream started;
        try {
            if (over(lane, element)) {
                return true;
            }
            int chunk = chunkSize.applyAsInt(Envelope.messageOf(element).size());
            if (!out.fitsPiece(chunk)) {
                queue.putBack(element, Form.STREAMED);
                return false;
            }
            nextStreamId = (nextStreamId + 1) & 0xFFFF_FFFFL;
            started = new OutboundStream(element, lane, nextStreamId, chunk, out.end());
        } catch (Throwable noMemory) {
            endUnreadable(lane, Form.STREAMED, element, noMemory);
            return true;
        }
        stream = started;
        return putStreamFrame(out, started);
    }

    private static void putHead(ByteBuffer out, Object element, Message message, int size) {
        Rpc rpc = Envelope.rpcOf(element);
        if (rpc == null) {
            FrameHeads.putDirectSend(out, message.protocol(), message.priority(), size);
        } else {
            FrameHeads.putRpc(out, rpc.head(), size);
        }
    }

    private static void putStreamHeader(ByteBuffer out, OutboundStream begun, int chunkSize) {
        Message message = begun.message();
        Rpc rpc = Envelope.rpcOf(begun.element());
        if (rpc == null) {
            FrameHeads.putStreamHeader(
                    out, begun.streamId(), begun.fragments(), message.protocol(), message.priority(), chunkSize);
        } else {
            FrameHeads.putRpcStreamHeader(out, begun.streamId(), begun.fragments(), rpc.head(), chunkSize);
        }
    }

    /** Puts the next frame of the stream under way; false if there is no room for it. */
    private boolean putStreamFrame(Batch out, OutboundStream moving) {
        Message message = moving.message();
        int frame = moving.nextFrame();
        int from = moving.nextFrom();
        int to = moving.nextTo();
        if (!out.fitsPiece(to - from)) {
            return false;
        }
        boolean more = moving.advance();
        int size = to - from;
        long start = out.end();
        try {
            out.begin(moving.lane(), more ? null : moving.element(), moving, book.place(moving.lane()));
            if (frame == 0) {
                putStreamHeader(out.buffer(), moving, size);
            } else {
                FrameHeads.putFragment(out.buffer(), moving.streamId(), frame, size);
            }
            out.putPayload(message, from, to);
        } catch (Throwable unreadable) {
            out.undo(start);
            giveUp(out, moving, unreadable);
            return true;
        }
        dispatcher.sent(size);
        if (!more) {
            stream = null;
        }
        return true;
    }

    /**
     * Gives up the stream under way, because no further frame of it can be put. AptosNet's wire has no word for this:
     * the next stream's header replaces what the peer has of it.
     */
    private void giveUp(Batch out, OutboundStream moving, Throwable unreadable) {
        book.endUnreadable(moving.lane(), moving.element(), unreadable);
        stream = null;
        out.takeBack(frame -> frame.stream() == moving, frame -> {});
    }

    /** Ends an element that was polled last, and of which nothing has been put; if it cannot, returns it to its lane. */
    private void endUnreadable(int lane, Form form, Object element, Throwable cause) {
        try {
            book.endUnreadable(lane, element, cause);
        } catch (Throwable failure) {
            lanes.get(lane).putBack(element, form);
            throw failure;
        }
    }

    /** Ends an element that has outlived its time, or that nobody wants any more; false if it is to start. */
    private boolean over(int lane, Object element) {
        if (element instanceof Envelope envelope && envelope.withdrawn()) {
            book.end(lane, element, Outcome.UNSENT);
            book.publish();
            return true;
        }
        if (!Envelope.mortal(element)) {
            return false;
        }
        if (Envelope.expired(element, loop.nanoTime())) {
            book.end(lane, element, Outcome.EXPIRED);
            book.publish();
            return true;
        }
        mortal = true;
        return false;
    }
}
