/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.SendResult;
import io.softclose.net.engine.outbox.SendSteps.Step;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free queue from many threads to one, bounded in elements and in bytes, until it is sealed. An idle queue holds a
 * small directory and one segment, whatever its capacity; a busy one recycles segments instead of allocating nodes.
 *
 * <p>A producer passes the {@link AdmissionGate}, which gives it room and a ticket, and then fills the ticket's slot. Slots
 * live in segments, and segments in a directory that is used round and round. The consumer removes a segment from the
 * directory once it has emptied every slot, before the room it took is given back, so a ticket never meets the
 * segment of an earlier round.
 *
 * <p>A ticket that is taken is never left without its element, or the consumer would wait for ever at its slot:
 * whatever may fail, a segment's allocation above all, comes before the ticket. So a producer may put a segment there
 * for others, even for a later round if it is late.
 */
final class SegmentedQueue {
    static final int SEGMENT_SIZE = 128;

    private static final int SEGMENT_BITS = Integer.numberOfTrailingZeros(SEGMENT_SIZE);
    private static final int SLOT_MASK = SEGMENT_SIZE - 1;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    /** What is caught where there may be no stack, named here so that the class is resolved before. */
    @SuppressWarnings("unused")
    private static final Class<?> CAUGHT = Throwable.class;

    // Shared.
    private final AtomicReferenceArray<@Nullable Segment> directory;
    private final int directoryMask;
    private final AdmissionGate gate;
    private final AtomicReference<@Nullable Segment> spare = new AtomicReference<>();
    /** Written for its fences only, where nothing may be called. */
    @SuppressWarnings("unused")
    private volatile long fence;

    private SendSteps steps = SendSteps.UNDISTURBED;

    // Confined to the consumer.
    private final Cursor cursor = new Cursor();

    /** Makes a queue for this many elements at a time, of this many bytes together. */
    SegmentedQueue(int maxElements, long maxBytes) {
        gate = new AdmissionGate(maxElements, maxBytes);
        // The elements may span one segment more than they fill; the directory's length is the next power of two.
        int span = (maxElements >> SEGMENT_BITS) + 1;
        int length = Math.max(2, Integer.highestOneBit(span) << 1);
        directory = new AtomicReferenceArray<>(length);
        directoryMask = length - 1;
    }

    /** Has a test disturb the producers that come from now on. */
    void disturb(SendSteps disturbed) {
        steps = disturbed;
    }

    /** Who says how much there is, and seals. */
    AdmissionGate gate() {
        return gate;
    }

    /**
     * Adds an element, or says why not; what it throws leaves the queue as it was. Any thread.
     *
     * @param bytes what it counts for
     * @param sent whether it is refused once the queue is sealed
     */
    SendResult offer(Object element, int bytes, boolean sent) {
        long seen = gate.word();
        while (!(sent && AdmissionGate.sealed(seen))) {
            if (gate.fits(seen, bytes)) {
                int ticket = AdmissionGate.ticket(seen);
                Segment segment = segment(ticket);
                steps.before(Step.TICKET);
                if (gate.enter(seen, bytes)) {
                    int slot = ticket & SLOT_MASK;
                    try {
                        steps.before(Step.SLOT);
                        // A volatile store: it must be visible before the producer looks whether the consumer needs
                        // waking.
                        SLOT.setVolatile(segment.slots, slot, element);
                    } catch (Throwable outOfStack) {
                        // The same without a call.
                        fence = slot;
                        segment.slots[slot] = element;
                        fence = slot;
                    }
                    return SendResult.ACCEPTED;
                }
            } else if (gate.word() == seen) {
                return SendResult.OUTBOX_FULL;
            }
            seen = gate.word();
        }
        return SendResult.CLOSING;
    }

    /** Removes the oldest element; null if there is none, or its producer has not filled its slot yet. Consumer only. */
    @Nullable
    Object poll() {
        return poll(true);
    }

    /** As {@link #poll()}, but leaves an element that is to be taken {@link Apart}. Consumer only. */
    @Nullable
    Object pollNext() {
        return poll(false);
    }

    private @Nullable Object poll(boolean apartToo) {
        Segment segment = head();
        if (segment == null) {
            return null;
        }
        int slot = (int) cursor.taken & SLOT_MASK;
        Object element = SLOT.getAcquire(segment.slots, slot);
        if (element == null || (!apartToo && element instanceof Apart)) {
            return null;
        }
        segment.slots[slot] = null;
        if (slot == SLOT_MASK) {
            directory.setRelease(directoryIndex(cursor.taken), null);
            cursor.head = null;
            spare.setRelease(segment);
        }
        cursor.taken++;
        return element;
    }

    /** What {@link #poll()} would remove. Consumer only. */
    @Nullable
    Object peek() {
        Segment segment = head();
        return segment == null ? null : SLOT.getVolatile(segment.slots, (int) cursor.taken & SLOT_MASK);
    }

    /**
     * Gives up the segment that is kept for the next need, unless that is due: the one in use will be kept after it. For
     * whoever is about to rest, perhaps for long. Consumer only.
     */
    void trim() {
        if (spare.getPlain() != null && ((int) cursor.taken & SLOT_MASK) != 0) {
            spare.setRelease(null);
        }
    }

    /** How many elements it holds, those being offered just now included. Consumer only. */
    int waiting() {
        return (int) (gate.count() - cursor.taken);
    }

    private @Nullable Segment head() {
        Segment segment = cursor.head;
        if (segment == null) {
            segment = directory.get(directoryIndex(cursor.taken));
            cursor.head = segment;
        }
        return segment;
    }

    private Segment segment(int ticket) {
        int index = directoryIndex(ticket);
        Segment present = directory.getAcquire(index);
        if (present != null) {
            return present;
        }
        steps.before(Step.SEGMENT);
        Segment recycled = spare.getAndSet(null);
        Segment fresh = recycled == null ? new Segment() : recycled;
        Segment witness = directory.compareAndExchange(index, null, fresh);
        if (witness == null) {
            return fresh;
        }
        spare.setRelease(fresh);
        return witness;
    }

    private int directoryIndex(long ticket) {
        return (int) (ticket >>> SEGMENT_BITS) & directoryMask;
    }

    /** An element that {@link #pollNext} leaves where it is. */
    abstract static class Apart {}

    /** Where the consumer is, at a distance from what producers read for every element. */
    private static final class Cursor extends CursorFields {
        @SuppressWarnings("unused") // the distance to what lies behind it on the heap
        private long b1, b2, b3, b4, b5, b6, b7;
    }

    /** The fields of a {@link Cursor}. */
    private abstract static class CursorFields extends CacheLine {
        long taken;

        @Nullable
        Segment head;
    }

    /** Empty slots are null. */
    private static final class Segment {
        final @Nullable Object[] slots = new @Nullable Object[SEGMENT_SIZE];
    }
}
