/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages from the lanes to the link: has the {@link Framer} fill batches, writes them, and gives each message its
 * outcome when the operating system has all of it. Loop only.
 */
public final class Writer {
    /** How a {@link #flush} ended. */
    public enum Progress {
        /** Nothing is left that may go, and the operating system has everything that went. */
        IDLE,
        /** The link takes no more now; {@code onWritable} will follow. */
        BLOCKED,
        /** There is more to write, but other links of the loop have their turn first. */
        YIELD
    }

    private static final int BATCHES_PER_TURN = 16;
    /** For this long, give or take a batch, listeners and those who wait for room may keep up a turn. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Link link;
    private final EventLoop loop;
    private final Outbox outbox;
    private final List<LaneQueue> lanes;
    private final OutcomeBook book;
    private final BatchPool batches;
    private final BatchRoom room;
    private final Framer framer;
    private final EarlyEnds earlyEnds;
    private final Uptake uptake;
    /** Runs what waits for room: senders are to go on while the next batch is being written, not once all are. */
    private final Runnable serveRoom;

    private final Batch.Settler written = this::written;

    private @Nullable Batch batch;
    private Progress progress = Progress.IDLE;
    /** How many bytes the link was given, outside the present batch. */
    private long given;

    private long flushed;
    private long framesWritten;
    /** Whether something waits for memory for a batch. */
    private boolean memoryShort;

    public Writer(Link link, Outbox outbox, OutcomeBook book, BatchPool batches, Limits limits, Runnable serveRoom) {
        this.link = link;
        this.loop = link.loop();
        this.outbox = outbox;
        this.lanes = outbox.lanes();
        this.book = book;
        this.batches = batches;
        this.room = new BatchRoom(loop, outbox.plan(), limits);
        this.framer = new Framer(loop, lanes, book, size -> outbox.plan().chunkSize(size, limits));
        this.earlyEnds = new EarlyEnds(loop, lanes, book, framer);
        this.serveRoom = serveRoom;
        this.uptake = new Uptake(link);
    }

    /** Queues bytes that are no application message, before all messages. False if too many wait. */
    public boolean control(ByteBuffer frame) {
        return framer.control(frame);
    }

    /** The connection is open: from now on messages start. What was adopted before then waited for this. */
    public void start() {
        framer.start();
        if (outbox.ready()) {
            outbox.wake();
        }
    }

    /** Whether messages wait for {@link #start}. */
    public boolean waitsToStart() {
        return framer.waitsToStart();
    }

    /**
     * From now on only these lanes start messages, strictly in this order. What is in the batch and has not started waits
     * for its turn again.
     */
    public void drain(List<Integer> laneOrder) {
        if (framer.drain(laneOrder)) {
            putBack();
        }
    }

    /** Writes until nothing is left, the link takes no more, or the turn is over. */
    public Progress flush() {
        progress = flushBatch();
        serveRoom.run();
        // The clock was looked at when the batch went.
        long started = uptake.lastProgress();
        for (int turn = 1; progress == Progress.YIELD && turn < BATCHES_PER_TURN; turn++) {
            if (uptake.lastProgress() - started >= TURN_NANOS) {
                break;
            }
            progress = flushBatch();
            serveRoom.run();
        }
        return progress;
    }

    /** Tries to write what is on the way, and starts nothing; says whether the operating system took any of it. */
    public boolean push() {
        long before = uptake.progress();
        if (bytesOnTheWay() > 0) {
            link.flush();
            settle();
            goOnWithFrame();
            write();
            settle();
        }
        return uptake.progress() != before;
    }

    /** A frame longer than the buffer may wait for its next part to be put: that is no fault of the peer's. */
    private void goOnWithFrame() {
        Batch out = batch;
        if (out != null && out.unput() > 0 && out.allTaken() && flushed == out.end()) {
            reuse(out);
            out.goOn();
        }
    }

    /** How the last {@link #flush} ended. */
    public Progress progress() {
        return progress;
    }

    /** Whether the last {@link #flush} found no memory: no event will follow, so it is to be called again after a while. */
    public boolean memoryShort() {
        return memoryShort;
    }

    /** Whether there is something to write that the last {@link #flush} did not see. */
    public boolean ready() {
        return framer.ready();
    }

    private Progress flushBatch() {
        fill();
        if (batch == null) {
            return memoryShort ? Progress.BLOCKED : Progress.IDLE;
        }
        write();
        settle();
        if (!batch.allTaken() || flushed < batch.end()) {
            return Progress.BLOCKED;
        }
        reuse(batch);
        return Progress.YIELD;
    }

    /** Gives the link what it has not taken of the batch. */
    private void write() {
        if (batch != null && !batch.allTaken()) {
            expire();
            room.leaves();
            batch.write(link);
        }
    }

    /** The operating system has all of the batch: makes room in it. */
    private void reuse(Batch gone) {
        room.left(gone.bytes(), uptake.lastProgress());
        gone.rewind(room.bytes());
    }

    /**
     * Starts no further message: takes back what has not left, cuts the stream under way, and ends all of it and all
     * that is queued as UNSENT. The frame being written will be completed by {@link #flush}.
     */
    public void finish() {
        stop();
        takeBack(lane -> true, Outcome.UNSENT);
        book.publish();
    }

    /** Takes back and ends what these lanes hold; says how many messages that were. */
    public long discard(IntPredicate discarded) {
        long before = book.ended();
        takeBack(discarded, Outcome.DISCARDED);
        book.publish();
        return book.ended() - before;
    }

    /** The link is gone, and what it flushed is settled: ends everything that is left. */
    public void abandon() {
        stop();
        expire();
        if (batch != null) {
            Batch last = batch;
            last.abandon(frame -> {
                if (frame.element() != null) {
                    book.endOnTheWay(
                            frame.lane(),
                            frame.element(),
                            last.departure(frame).outcome(Outcome.UNSENT),
                            frame.place());
                }
            });
        }
        // After the batch, whose messages were accepted before the one under way.
        cutStream(lane -> true, Outcome.UNSENT);
        endLateArrivals();
    }

    /** Before anything ends: a listener that is told of it might have its message adopted again. */
    private void stop() {
        framer.stop();
        outbox.endAdoption();
    }

    /** Ends what has arrived in the lanes since no message may start any more. */
    public void endLateArrivals() {
        book.endQueued(lane -> true, Outcome.UNSENT, loop.nanoTime());
        book.publish();
    }

    /** Bytes of started frames that the operating system does not have yet. */
    public long bytesOnTheWay() {
        return batch == null ? 0 : batch.end() - flushed + batch.unput();
    }

    /** Since when what is on the way waits for the operating system to take it, or more of it, on the loop's clock. */
    public long waitingSince() {
        return uptake.waitingSince();
    }

    /** How many bytes the operating system has, of all that were given to the link, as of the last {@link #settle}. */
    public long flushedBytes() {
        return flushed;
    }

    /** How many frames the operating system has whole, without what was said before the connection was open. */
    public long framesWritten() {
        return Math.max(0, framesWritten - framer.putBeforeStart());
    }

    /** When the operating system last took bytes that had found no room before, on the loop's clock. */
    public long lastRelief() {
        return uptake.lastRelief();
    }

    /** When the operating system last took bytes, on the loop's clock. */
    public long lastProgress() {
        return uptake.lastProgress();
    }

    /** Gives messages their outcome that the operating system has whole by now. */
    public void settle() {
        uptake.look();
        long now = link.flushedBytes();
        if (now == flushed) {
            return;
        }
        flushed = now;
        if (batch != null) {
            batch.flushed(now, written);
            book.publish();
        }
    }

    private void written(Frame frame) {
        framesWritten++;
        if (frame.element() != null) {
            book.end(frame.lane(), frame.element(), Outcome.WRITTEN);
        }
    }

    /** Puts as much as fits into the batch, behind what is there, if that may wait; leaves no batch if there is nothing. */
    private void fill() {
        // What may be overtaken is not put behind what the operating system does not have.
        if (batch != null && (!batch.allTaken() || (room.varies() && flushed < batch.end()))) {
            return;
        }
        memoryShort = false;
        while (batch == null || batch.goOn()) {
            Batch out = framer.choose() ? openBatch() : null;
            if (out == null || !framer.put(out)) {
                break;
            }
        }
        if (batch != null && batch.end() == flushed && batch.unput() == 0) {
            releaseBatch();
        }
    }

    /** Returns what is in the batch and has not started to its lanes, where it stood. */
    private void putBack() {
        if (batch == null) {
            return;
        }
        List<Frame> untouched = batch.untouched();
        // All that needs memory comes first: what is taken out of the batch must not be lost on the way.
        for (Frame frame : untouched) {
            lanes.get(frame.lane()).ensurePutBack(untouched.size(), frame.form());
        }
        framer.takeUntouched(batch, frame -> true, frame -> {});
        for (int at = untouched.size() - 1; at >= 0; at--) {
            Frame frame = untouched.get(at);
            lanes.get(frame.lane()).putBack(frame.owner(), frame.form());
        }
    }

    /** Ends what is in the batch, has not started, and has outlived its time. */
    private void expire() {
        earlyEnds.expireIn(batch);
    }

    /** Whether something that waits has a time to live. */
    public boolean mayExpire() {
        return earlyEnds.mayExpire();
    }

    /**
     * Ends all that waits and has outlived its time, in the lanes as well: nothing of them goes now that would find
     * out.
     */
    public void expireWaiting() {
        settle();
        expire();
        earlyEnds.expireInLanes();
    }

    /**
     * Ends a request that nobody wants any more as UNSENT: now if no byte of it has gone and it is found, or else it does
     * not start.
     *
     * @return whether it has ended
     */
    public boolean withdraw(Envelope unwanted) {
        settle();
        return earlyEnds.withdraw(unwanted, batch);
    }

    private void takeBack(IntPredicate lanesToEnd, Outcome outcome) {
        expire();
        if (batch != null) {
            Batch from = batch;
            from.takeBack(frame -> lanesToEnd.test(frame.lane()), frame -> {
                if (frame.element() != null) {
                    book.end(
                            frame.lane(), frame.element(), from.departure(frame).outcome(outcome));
                }
            });
        }
        cutStream(lanesToEnd, outcome);
        book.endQueued(lanesToEnd, outcome, loop.nanoTime());
    }

    private void cutStream(IntPredicate lanesToEnd, Outcome outcome) {
        Batch onTheWay = batch;
        // Without a batch, all that was put of it has been flushed.
        framer.cut(lanesToEnd, cut -> onTheWay == null ? Departure.PART : onTheWay.departure(cut), outcome);
    }

    /** The batch to put something into, or null if there is no memory for one. */
    private @Nullable Batch openBatch() {
        if (batch == null) {
            long now = loop.nanoTime();
            batch = batches.open(link, given, room.bytes(), now);
            memoryShort = batch == null;
            uptake.begins(now);
        }
        return batch;
    }

    /** Gives the batch and its buffer back, if there is one. */
    public void releaseBatch() {
        Batch empty = batch;
        if (empty != null) {
            given = empty.end();
            batch = null;
            framer.allGone();
            batches.close(empty, link);
        }
    }
}
