/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.engine.LaneQueue.Form;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.wire.FrameHeads;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages from the lanes to the link: cuts them into frames, fills batches, and gives each message its outcome
 * when the operating system has all of it. Loop only.
 */
final class Writer {
    /** How a {@link #flush} ended. */
    enum Progress {
        /** Nothing is left that may go, and the operating system has everything that went. */
        IDLE,
        /** The link takes no more now; {@code onWritable} will follow. */
        BLOCKED,
        /** There is more to write, but other links of the loop shall have their turn first. */
        YIELD
    }

    private static final int BATCHES_PER_TURN = 16;
    /** For so long, give or take a batch, a turn may be kept up by listeners and by whoever waits for room. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Most answers to a peer's bad messages that may wait; more are not given. */
    private static final int MAX_CONTROL_FRAMES = 64;

    private final Link link;
    private final EventLoop loop;
    private final List<LaneQueue> lanes;
    private final OutcomeBook book;
    private final BatchPool batches;
    private final Dispatcher dispatcher;
    private final int chunkSize;
    /** Runs what waits for room: senders are to go on while the next batch is being written, not once all are. */
    private final Runnable serveRoom;

    private final ArrayDeque<ByteBuffer> control = new ArrayDeque<>(0);
    private final Batch.Settler written = this::written;

    private @Nullable Batch batch;
    private @Nullable Train train;
    private boolean starting = true;
    private Progress progress = Progress.IDLE;
    private long nextRequestId;
    /** How many bytes the link was given, outside the present batch. */
    private long given;

    private long flushed;
    private long lastProgress;
    /** When something was put on the way after there had been nothing. */
    private long waitingSince;
    /** Whether the batch holds a message with a time to live. */
    private boolean mortal;
    /** Whether something waits for memory for a batch. */
    private boolean memoryShort;

    Writer(Link link, Outbox outbox, OutcomeBook book, BatchPool batches, Limits limits, Runnable serveRoom) {
        this.link = link;
        this.loop = link.loop();
        this.lanes = outbox.lanes();
        this.book = book;
        this.batches = batches;
        this.dispatcher = new Dispatcher(lanes);
        this.chunkSize = limits.chunkSize();
        this.serveRoom = serveRoom;
        this.lastProgress = loop.nanoTime();
        this.waitingSince = lastProgress;
    }

    /** Queues bytes that are no application message, before all messages. False if too many wait. */
    boolean control(ByteBuffer frame) {
        if (!starting || control.size() >= MAX_CONTROL_FRAMES) {
            return false;
        }
        // A batch takes each whole, so one that is longer than a batch goes in pieces.
        for (int from = frame.position(); from < frame.limit(); from += Batch.BUFFER_SIZE) {
            control.add(frame.slice(from, Math.min(Batch.BUFFER_SIZE, frame.limit() - from)));
        }
        return true;
    }

    /**
     * From now on only these lanes start messages, strictly in this order. What is in the batch and has not started waits
     * for its turn again.
     */
    void drain(List<Integer> laneOrder) {
        if (dispatcher.drain(laneOrder)) {
            putBack();
        }
    }

    /** Writes until nothing is left, the link takes no more, or the turn is over. */
    Progress flush() {
        progress = flushBatch();
        serveRoom.run();
        // The clock was looked at when the batch went.
        long started = lastProgress;
        for (int turn = 1; progress == Progress.YIELD && turn < BATCHES_PER_TURN; turn++) {
            if (lastProgress - started >= TURN_NANOS) {
                break;
            }
            progress = flushBatch();
            serveRoom.run();
        }
        return progress;
    }

    /**
     * Tries to write what is on the way, and starts nothing: a link tells of room only when there is much of it.
     *
     * @return whether the operating system took any of it
     */
    boolean push() {
        long before = flushed;
        if (bytesOnTheWay() > 0) {
            link.flush();
            if (batch != null && !batch.allTaken()) {
                expire();
                batch.write(link);
            }
            settle();
        }
        return flushed != before;
    }

    /** How the last {@link #flush} ended. */
    Progress progress() {
        return progress;
    }

    /** Whether the last {@link #flush} found no memory: no event will follow, so it is to be called again after a while. */
    boolean memoryShort() {
        return memoryShort;
    }

    /** Whether there is something to write that the last {@link #flush} did not see. */
    boolean ready() {
        return !control.isEmpty() || (starting && dispatcher.ready(train));
    }

    private Progress flushBatch() {
        fill();
        if (batch == null) {
            return memoryShort ? Progress.BLOCKED : Progress.IDLE;
        }
        if (!batch.allTaken()) {
            expire();
            batch.write(link);
        }
        settle();
        if (!batch.allTaken() || flushed < batch.end()) {
            return Progress.BLOCKED;
        }
        batch.rewind();
        return Progress.YIELD;
    }

    /**
     * Starts no further message: takes back what has not left, cuts the stream under way, and ends all of it and all
     * that is queued as UNSENT. The frame being written will be completed by {@link #flush}.
     */
    void finish() {
        starting = false;
        control.clear();
        takeBack(lane -> true, Outcome.UNSENT);
        book.publish();
    }

    /** Takes back and ends what these lanes hold; says how many messages that were. */
    long discard(IntPredicate discarded) {
        long before = book.ended();
        takeBack(discarded, Outcome.DISCARDED);
        book.publish();
        return book.ended() - before;
    }

    /** The link is gone, and what it flushed is settled: ends everything that is left. */
    void abandon() {
        starting = false;
        control.clear();
        expire();
        if (batch != null) {
            long taken = batch.takenEnd();
            batch.abandon(frame -> {
                if (frame.element() != null) {
                    book.end(frame.lane(), frame.element(), abandoned(frame, taken));
                }
            });
        }
        // After the batch, whose messages were accepted before the one under way.
        cutTrain(lane -> true, Outcome.UNSENT);
        endLateArrivals();
    }

    /** Ends what has arrived in the lanes since no message may start any more. */
    void endLateArrivals() {
        book.endQueued(lane -> true, Outcome.UNSENT, loop.nanoTime());
        book.publish();
    }

    /** Bytes of started frames that the operating system does not have yet. */
    long bytesOnTheWay() {
        return batch == null ? 0 : batch.end() - flushed + batch.unput();
    }

    /** Since when what is on the way waits for the operating system to take it, or more of it, on the loop's clock. */
    long waitingSince() {
        return waitingSince - lastProgress > 0 ? waitingSince : lastProgress;
    }

    /** When the operating system last took bytes, on the loop's clock. */
    long lastProgress() {
        return lastProgress;
    }

    private static Outcome abandoned(Batch.Frame frame, long taken) {
        boolean allTaken = frame.end() <= taken;
        // Taken whole but not known to be flushed: only then may the peer have it.
        return allTaken ? Outcome.UNCERTAIN : Outcome.UNSENT;
    }

    /** Gives messages their outcome that the operating system has whole by now. */
    void settle() {
        long now = link.flushedBytes();
        if (now == flushed) {
            return;
        }
        flushed = now;
        lastProgress = loop.nanoTime();
        if (batch != null) {
            batch.settle(now, written);
            book.publish();
        }
    }

    private void written(Batch.Frame frame) {
        if (frame.element() != null) {
            book.end(frame.lane(), frame.element(), Outcome.WRITTEN);
        }
    }

    /** Puts as much as fits into the batch, behind what is there; leaves no batch if there is nothing. */
    private void fill() {
        if (batch != null && !batch.allTaken()) {
            return;
        }
        memoryShort = false;
        while (batch == null || batch.goOn()) {
            boolean more = control.isEmpty() ? starting && startNext() : putControl();
            if (!more) {
                break;
            }
        }
        if (batch != null && batch.end() == flushed && batch.unput() == 0) {
            releaseBatch();
        }
    }

    private boolean startNext() {
        Dispatcher.Choice choice = dispatcher.next(train);
        if (choice == Dispatcher.Choice.NOTHING) {
            return false;
        }
        Batch out = openBatch();
        if (out == null) {
            return false;
        }
        int lane = dispatcher.lane();
        return switch (choice) {
            case NOTHING -> false;
            case WHOLE -> startWholes(out, lane);
            case LARGE -> startTrain(out, lane);
            case FRAGMENT -> putTrainFrame(out, requireNonNull(train, "train"));
        };
    }

    /**
     * Puts the lane's oldest whole message, and those behind it for as long as it would be their turn next anyhow.
     *
     * @return false if there is no room for the next one
     */
    private boolean startWholes(Batch out, int lane) {
        LaneQueue queue = lanes.get(lane);
        do {
            Object element = queue.poll(Form.WHOLE);
            if (element == null) {
                return true;
            }
            long start = out.end();
            try {
                if (!expired(lane, element)) {
                    Message message = Ticket.messageOf(element);
                    int size = message.size();
                    if (!out.fits(size)) {
                        queue.putBack(element, Form.WHOLE);
                        return false;
                    }
                    out.begin(lane, element, null);
                    FrameHeads.putDirectSend(out.buffer(), message.protocol(), message.priority(), size);
                    out.putPayload(message, 0, size);
                    dispatcher.sent(size);
                }
            } catch (Throwable unreadable) {
                out.undo(start);
                endUnreadable(lane, Form.WHOLE, element, unreadable);
            }
        } while (out.goOn() && dispatcher.again(train));
        return true;
    }

    private boolean startTrain(Batch out, int lane) {
        Object element = lanes.get(lane).poll(Form.LARGE);
        if (element == null) {
            return true;
        }
        Train started;
        try {
            if (expired(lane, element)) {
                return true;
            }
            nextRequestId = (nextRequestId + 1) & 0xFFFF_FFFFL;
            started = new Train(element, lane, nextRequestId, chunkSize, out.end());
        } catch (Throwable noMemory) {
            endUnreadable(lane, Form.LARGE, element, noMemory);
            return true;
        }
        train = started;
        return putTrainFrame(out, started);
    }

    private boolean putTrainFrame(Batch out, Train moving) {
        Message message = moving.message();
        int frame = moving.nextFrame();
        int from = moving.nextFrom();
        int to = moving.nextTo();
        boolean more = moving.advance();
        int size = to - from;
        long start = out.end();
        try {
            out.begin(moving.lane(), more ? null : moving.element(), moving);
            if (frame == 0) {
                FrameHeads.putStreamHeader(
                        out.buffer(),
                        moving.requestId(),
                        moving.fragments(),
                        message.protocol(),
                        message.priority(),
                        size);
            } else {
                FrameHeads.putFragment(out.buffer(), moving.requestId(), frame, size);
            }
            out.putPayload(message, from, to);
        } catch (Throwable unreadable) {
            out.undo(start);
            giveUp(out, moving, unreadable);
            return true;
        }
        dispatcher.sent(size);
        if (!more) {
            train = null;
        }
        return true;
    }

    /**
     * Gives up the stream under way, of which no further frame can be put. What the peer has of it is replaced by the next
     * stream's header, on AptosNet's wire the way to tell.
     */
    private void giveUp(Batch out, Train moving, Throwable unreadable) {
        book.endUnreadable(moving.lane(), moving.element(), unreadable);
        train = null;
        out.takeBack(frame -> frame.train() == moving, frame -> {});
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

    /** Puts the oldest control frame; false if it must wait for a batch, or for one with more room. */
    private boolean putControl() {
        Batch out = openBatch();
        if (out == null || control.element().remaining() > out.buffer().remaining()) {
            return false;
        }
        ByteBuffer frame = control.element();
        out.begin(-1, null, null);
        out.expect(frame.remaining());
        out.buffer().put(frame);
        control.remove();
        return true;
    }

    /** Ends an element that has outlived its time; false if it has not. */
    private boolean expired(int lane, Object element) {
        if (!Ticket.mortal(element)) {
            return false;
        }
        if (Ticket.expired(element, loop.nanoTime())) {
            book.end(lane, element, Outcome.EXPIRED);
            book.publish();
            return true;
        }
        mortal = true;
        return false;
    }

    /** Returns what is in the batch and has not started to its lanes, where it stood. */
    private void putBack() {
        if (batch == null) {
            return;
        }
        List<Batch.Frame> untouched = batch.untouched();
        // All that needs memory comes first: what is taken out of the batch must not be lost on the way.
        for (Batch.Frame frame : untouched) {
            lanes.get(frame.lane()).ensurePutBack(untouched.size(), formOf(frame));
        }
        takeUntouched(frame -> true, frame -> {});
        for (int at = untouched.size() - 1; at >= 0; at--) {
            Batch.Frame frame = untouched.get(at);
            lanes.get(frame.lane()).putBack(frame.owner(), formOf(frame));
        }
    }

    private static Form formOf(Batch.Frame frame) {
        return frame.train() == null ? Form.WHOLE : Form.LARGE;
    }

    /**
     * Ends what is in the batch, has not started, and has outlived its time. Looks again after each message that it ends:
     * listeners take time, too.
     */
    private void expire() {
        long endedBefore = book.ended() - 1;
        while (mortal && book.ended() > endedBefore) {
            endedBefore = book.ended();
            long now = loop.nanoTime();
            takeUntouched(
                    frame -> Ticket.expired(frame.owner(), now),
                    frame -> book.end(frame.lane(), frame.owner(), Outcome.EXPIRED));
            book.publish();
        }
    }

    /** Whether something that waits has a time to live. */
    boolean mayExpire() {
        boolean any = mortal;
        for (int lane = 0; lane < lanes.size() && !any; lane++) {
            any = lanes.get(lane).mayExpire();
        }
        return any;
    }

    /** Ends all that waits and has outlived its time, in the lanes as well: nothing of them goes now that would find out. */
    void expireWaiting() {
        settle();
        expire();
        long now = loop.nanoTime();
        for (int lane = 0; lane < lanes.size(); lane++) {
            LaneQueue queue = lanes.get(lane);
            if (queue.mayExpire()) {
                int index = lane;
                queue.expire(now, element -> book.end(index, element, Outcome.EXPIRED));
            }
        }
        book.publish();
    }

    /** Takes messages of which no byte was taken out of the batch, all their frames, and hands over the first of each. */
    private void takeUntouched(Predicate<Batch.Frame> which, Batch.Settler first) {
        if (batch == null) {
            return;
        }
        long taken = batch.takenEnd();
        batch.takeBack(frame -> frame.messageStart() >= taken && which.test(frame), frame -> {
            if (frame.first()) {
                first.settle(frame);
            }
            if (train != null && train == frame.train()) {
                train = null;
            }
        });
    }

    private void takeBack(IntPredicate lanesToEnd, Outcome outcome) {
        expire();
        if (batch != null) {
            long taken = batch.takenEnd();
            batch.takeBack(frame -> lanesToEnd.test(frame.lane()), frame -> {
                if (frame.element() != null) {
                    book.end(frame.lane(), frame.element(), frame.messageStart() < taken ? Outcome.UNSENT : outcome);
                }
            });
        }
        cutTrain(lanesToEnd, outcome);
        book.endQueued(lanesToEnd, outcome, loop.nanoTime());
    }

    private void cutTrain(IntPredicate lanesToEnd, Outcome outcome) {
        Train cut = train;
        if (cut != null && lanesToEnd.test(cut.lane())) {
            boolean left = batch == null ? cut.start() < flushed : cut.start() < batch.takenEnd();
            book.end(cut.lane(), cut.element(), left ? Outcome.UNSENT : outcome);
            train = null;
        }
    }

    /** The batch to put something into, or null if there is no memory for one. */
    private @Nullable Batch openBatch() {
        if (batch == null) {
            long now = loop.nanoTime();
            batch = batches.open(link, given, now);
            memoryShort = batch == null;
            waitingSince = now;
        }
        return batch;
    }

    /** Gives the batch and its buffer back, if there is one. */
    void releaseBatch() {
        Batch empty = batch;
        if (empty != null) {
            given = empty.end();
            batch = null;
            mortal = false;
            batches.close(empty, link);
        }
    }
}
