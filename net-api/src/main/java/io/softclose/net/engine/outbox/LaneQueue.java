/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.SendResult;
import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.spi.Lane;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One lane of an outbox: its messages in the order of their tickets, and its room, which a message takes when it is
 * queued and gives back when it has its outcome; so one that is being written still counts. Large messages, which are
 * streamed, step aside once the loop meets them: from then on they wait apart, and what was queued behind them passes.
 */
public final class LaneQueue {
    private final Lane lane;
    private final int wholeSize;
    private final SegmentedQueue queue;

    // Shared.
    private final RoomWaiters waiters = new RoomWaiters();
    /** Whether a message with a time to live may wait here: set once it is in its queue, taken back by {@link #expire}. */
    private volatile boolean mortal;

    // Confined to the loop: what was taken and put back, older than what is queued.
    private final QueueFront wholePutBack = new QueueFront();
    private final QueueFront largePutBack = new QueueFront();
    private final Aside aside = new Aside();

    /**
     * An empty lane.
     *
     * @param wholeSize longest payload in bytes that goes in one frame
     */
    public LaneQueue(Lane lane, int wholeSize) {
        this.lane = lane;
        this.wholeSize = wholeSize;
        queue = new SegmentedQueue(lane.maxMessages(), lane.maxBytes());
    }

    public Lane lane() {
        return lane;
    }

    /** How a message of this many bytes travels. */
    Form formOf(int bytes) {
        return bytes <= wholeSize ? Form.WHOLE : Form.STREAMED;
    }

    /** Has a test disturb the sends that come from now on. */
    void disturb(SendSteps disturbed) {
        queue.disturb(disturbed);
    }

    /**
     * Queues a message, or says why not; what it throws leaves the lane as it was. Any thread.
     *
     * @param bytes of its payload
     * @param sent whether it is refused once the lane is sealed
     */
    public SendResult offer(Object element, int bytes, Form form, boolean sent) {
        return queue.offer(form == Form.WHOLE ? element : new Streamed(element), bytes, sent);
    }

    /** Lets in nothing more that is sent. Any thread. */
    void seal() {
        queue.gate().seal();
    }

    boolean sealed() {
        return AdmissionGate.sealed(queue.gate().word());
    }

    /** Whether a message of this many bytes would find room. Any thread. */
    boolean fits(int bytes) {
        long held = queue.gate().held();
        return AdmissionGate.messages(held) < lane.maxMessages()
                && AdmissionGate.bytes(held) + bytes <= lane.maxBytes();
    }

    /** Gives back the room of messages that have their outcome. Loop only. */
    void release(int messages, long bytes) {
        queue.gate().leave(messages, bytes);
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
        takeIn();
        boolean left = putBack(form).expire(now, taker);
        // Behind one that is being queued just now, others may wait unseen.
        return left || queue.waiting() > 0;
    }

    /** Takes all that waits to where it can be looked through. */
    private void takeIn() {
        wholePutBack.takeIn(queue.waiting(), this::pollWhole);
        largePutBack.takeIn(aside.waiting, aside::poll);
    }

    /** Removes the oldest message of a form, or null. Loop only. */
    @Nullable
    public Object poll(Form form) {
        Object element = putBack(form).poll();
        if (element != null) {
            return element;
        }
        if (form == Form.WHOLE) {
            return pollWhole();
        }
        stepAside();
        return aside.poll();
    }

    /**
     * Removes the oldest message if it is a whole one, and no other waits beside the queue: what {@link #poll} would answer
     * for whole messages, while nothing waits in the other form. Else null. Loop only.
     */
    @Nullable
    public Object pollNext() {
        boolean allInQueue = wholePutBack.isEmpty() && largePutBack.isEmpty() && aside.waiting == 0;
        return allInQueue ? queue.pollNext() : null;
    }

    private @Nullable Object pollWhole() {
        Object element = queue.poll();
        while (element instanceof Streamed large) {
            aside.add(large);
            element = queue.poll();
        }
        return element;
    }

    /** Has the large messages step aside that nothing else waits before. */
    private @Nullable Object stepAside() {
        Object next = queue.peek();
        while (next instanceof Streamed large) {
            queue.poll();
            aside.add(large);
            next = queue.peek();
        }
        return next;
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
        takeIn();
        return putBack(form).remove(element);
    }

    /** Whether a message of this form can be taken. Loop only. */
    public boolean ready(Form form) {
        if (!putBack(form).isEmpty()) {
            return true;
        }
        Object next = stepAside();
        return form == Form.WHOLE ? next != null : aside.waiting > 0;
    }

    /** How many messages were ever queued. Any thread. */
    long offered() {
        return queue.gate().count();
    }

    /** Payload bytes that wait or are being written. Any thread. */
    public long usedBytes() {
        return AdmissionGate.bytes(queue.gate().held());
    }

    /** Who waits for room in this lane. */
    RoomWaiters waiters() {
        return waiters;
    }

    /** Whether there is the room that somebody waits for. Any thread. */
    boolean hasRoom(Waiter waiter) {
        long held = queue.gate().held();
        return waiter.hasRoom(AdmissionGate.messages(held), AdmissionGate.bytes(held));
    }

    private QueueFront putBack(Form form) {
        return form == Form.WHOLE ? wholePutBack : largePutBack;
    }

    /** The loop is about to rest. Loop only. */
    void trim() {
        queue.trim();
    }

    /** How a message travels. */
    public enum Form {
        /** In one frame. */
        WHOLE,
        /** As a stream: a header and fragments. */
        STREAMED
    }

    /** A large message in the queue. Its sender has made the link by which it waits aside: to step there takes no memory. */
    private static final class Streamed extends SegmentedQueue.Apart {
        private final Object element;

        // Confined to the loop.
        private @Nullable Streamed next;

        Streamed(Object element) {
            this.element = element;
        }
    }

    /** The large messages that have stepped aside, in their order. Loop only. */
    private static final class Aside {
        private @Nullable Streamed oldest;
        private @Nullable Streamed newest;
        private int waiting;

        void add(Streamed large) {
            Streamed before = newest;
            if (before == null) {
                oldest = large;
            } else {
                before.next = large;
            }
            newest = large;
            waiting++;
        }

        @Nullable
        Object poll() {
            Streamed first = oldest;
            if (first == null) {
                return null;
            }
            oldest = first.next;
            if (oldest == null) {
                newest = null;
            }
            waiting--;
            return first.element;
        }
    }
}
