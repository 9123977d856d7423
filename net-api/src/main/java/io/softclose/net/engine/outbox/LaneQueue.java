/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.spi.Lane;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One lane of an outbox: whole messages and large ones, which are streamed, wait in queues of their own, so that one
 * cannot hold up the other; both share the lane's capacity. Room is reserved before a message is queued and released
 * when it has its outcome, so a message being written still counts.
 */
public final class LaneQueue {
    /** How far bytes are shifted in a word that counts messages and bytes. */
    static final int COUNT_BITS = 21;

    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final Lane lane;
    private final SegmentedQueue whole;
    private final SegmentedQueue large;

    // Shared. One word, so that messages and bytes are bounded together: bytes above, messages in the low 21 bits.
    private final ContendedLong used = new ContendedLong();
    private final RoomWaiters waiters = new RoomWaiters();
    /** Room, in the form of {@link #used}, that sends which failed could not give back. Only grows. */
    volatile long owed;

    /** How much of that others have given back. Guarded by this. */
    private volatile long settled;

    /** Whether a message with a time to live may wait here: set once it is in its queue, taken back by {@link #expire}. */
    private volatile boolean mortal;

    // Confined to the loop: what was taken and put back, older than what is queued.
    private final QueueFront wholePutBack = new QueueFront();
    private final QueueFront largePutBack = new QueueFront();

    public LaneQueue(Lane lane) {
        this.lane = lane;
        whole = new SegmentedQueue(lane.maxMessages());
        large = new SegmentedQueue(lane.maxMessages());
    }

    public Lane lane() {
        return lane;
    }

    /** Reserves room for a message of this many bytes; false if there is none. Any thread. */
    boolean reserve(int bytes) {
        long seen = used.get();
        while ((seen & COUNT_MASK) < lane.maxMessages() && (seen >>> COUNT_BITS) + bytes <= lane.maxBytes()) {
            if (used.compareAndSet(seen, seen + ((long) bytes << COUNT_BITS) + 1)) {
                return true;
            }
            seen = used.get();
        }
        return settleDebt() && reserve(bytes);
    }

    /** Whether a message of this many bytes would find room. Any thread. */
    boolean fits(int bytes) {
        settleDebt();
        long now = used.get();
        return (now & COUNT_MASK) < lane.maxMessages() && (now >>> COUNT_BITS) + bytes <= lane.maxBytes();
    }

    /** Gives back the room of messages that have their outcome. Any thread. */
    void release(int messages, long bytes) {
        used.add(-((bytes << COUNT_BITS) + messages));
        settleDebt();
    }

    /** Gives back the room of a message that is not queued after all. Any thread. */
    void giveBack(int bytes) {
        used.add(-(((long) bytes << COUNT_BITS) + 1));
    }

    /** Gives back the room that failed sends owe; false if there is none. */
    private boolean settleDebt() {
        if (owed == settled) {
            return false;
        }
        synchronized (this) {
            long debt = owed;
            used.add(settled - debt);
            settled = debt;
        }
        return true;
    }

    /** Has a test disturb the sends that come from now on. */
    void disturb(SendSteps disturbed) {
        whole.disturb(disturbed);
        large.disturb(disturbed);
    }

    /** Queues a message for which room has been reserved and which was admitted. Any thread. */
    public void offer(Object element, Form form) {
        queue(form).offer(element);
    }

    /** Tells that a message with a time to live has been queued; says whether that is news. Any thread. */
    boolean queuedMortal() {
        boolean news = !mortal;
        if (news) {
            mortal = true;
        }
        return news;
    }

    /** Whether a message with a time to live may wait. Any thread. */
    public boolean mayExpire() {
        return mortal;
    }

    /** Removes the messages that have outlived their time, oldest first. Loop only. */
    public void expire(long now, Consumer<Object> taker) {
        // Before looking: whoever queues one from now on finds that nobody knows of it.
        mortal = false;
        boolean left = true;
        try {
            boolean wholeLeft = expire(Form.WHOLE, now, taker);
            boolean largeLeft = expire(Form.STREAMED, now, taker);
            left = wholeLeft || largeLeft;
        } finally {
            if (left) {
                mortal = true;
            }
        }
    }

    private boolean expire(Form form, long now, Consumer<Object> taker) {
        putBack(form).takeIn(queue(form));
        boolean left = putBack(form).expire(now, taker);
        // Behind one that is being queued just now, others may wait unseen.
        return left || queue(form).waiting() > 0;
    }

    /** Removes the oldest message of a form, or null. Loop only. */
    @Nullable
    public Object poll(Form form) {
        Object element = putBack(form).poll();
        return element == null ? queue(form).poll() : element;
    }

    /** Makes room for as many messages to be {@linkplain #putBack put back}. Loop only. */
    public void ensurePutBack(int messages, Form form) {
        putBack(form).ensureRoom(messages);
    }

    /**
     * Returns the message that was polled last, or before those returned already. The one polled last needs no memory.
     * Loop only.
     */
    public void putBack(Object element, Form form) {
        if (Envelope.mortal(element)) {
            mortal = true;
        }
        putBack(form).push(element);
    }

    /** Takes out a message that waits, wherever it stands; false if it is not found. Loop only. */
    public boolean remove(Object element, Form form) {
        QueueFront front = putBack(form);
        front.takeIn(queue(form));
        return front.remove(element);
    }

    /** Whether a message of this form can be taken. Loop only. */
    public boolean ready(Form form) {
        return !putBack(form).isEmpty() || queue(form).ready();
    }

    /** How many messages were ever queued. Any thread. */
    long offered() {
        return whole.offered() + large.offered();
    }

    /** Payload bytes that wait or are being written. Any thread. */
    public long usedBytes() {
        return used.get() >>> COUNT_BITS;
    }

    /** Who waits for room in this lane. */
    RoomWaiters waiters() {
        return waiters;
    }

    /**
     * Somebody who waits for room for a message of this many bytes: until the lane is at most half full, in messages and
     * in bytes, and the message fits. One that never fits waits as an empty one does: there is no use in waiting longer.
     */
    Waiter waiter(int bytes, Runnable action) {
        long half = lane.maxBytes() / 2;
        return new Waiter(bytes > lane.maxBytes() ? half : Math.min(half, lane.maxBytes() - bytes), action);
    }

    /** Whether there is the room that somebody waits for. Any thread. */
    boolean hasRoom(Waiter waiter) {
        settleDebt();
        long now = used.get();
        return (now & COUNT_MASK) <= lane.maxMessages() / 2 && (now >>> COUNT_BITS) <= waiter.mostUsed();
    }

    private QueueFront putBack(Form form) {
        return form == Form.WHOLE ? wholePutBack : largePutBack;
    }

    /** The loop is about to rest. Loop only. */
    void trim() {
        whole.trim();
        large.trim();
    }

    private SegmentedQueue queue(Form form) {
        return form == Form.WHOLE ? whole : large;
    }

    /** How a message travels. */
    public enum Form {
        /** In one frame. */
        WHOLE,
        /** As a stream: a header and fragments. */
        STREAMED
    }
}
