/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import io.softclose.net.spi.Scheduler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, earliest first and, for the same deadline, in the order they were scheduled: a binary heap in
 * which each timer knows its place, so that cancelling takes it out at once instead of leaving it behind. Confined to
 * the loop.
 */
public final class TimerQueue {
    /** Far enough apart for any two deadlines to compare by their difference, though nanoTime may wrap. */
    private static final long MAX_DELAY_NANOS = Long.MAX_VALUE / 2;

    private static final int FIRED_OR_CANCELLED = -1;

    private @Nullable Entry[] heap = new Entry[16];
    private int size;
    private long scheduled;

    /** Adds a timer; delays of more than 146 years are that. */
    public Scheduler.Timer schedule(long nowNanos, long delayNanos, Runnable task) {
        Entry entry = new Entry(nowNanos + Math.min(delayNanos, MAX_DELAY_NANOS), scheduled++, task);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, entry);
        return entry;
    }

    /** Takes out the task of the earliest timer that is due, or null if none is. */
    @Nullable
    public Runnable pollDue(long nowNanos) {
        Entry first = heap[0];
        if (first == null || first.deadlineNanos - nowNanos > 0) {
            return null;
        }
        first.remove();
        return first.task;
    }

    /** Nanoseconds to the earliest deadline, 0 if it has passed, {@link Long#MAX_VALUE} if there is none. */
    public long nanosToNext(long nowNanos) {
        Entry first = heap[0];
        return first == null ? Long.MAX_VALUE : Math.max(0, first.deadlineNanos - nowNanos);
    }

    public int size() {
        return size;
    }

    private void siftUp(int from, Entry entry) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            Entry above = at(parent);
            if (!entry.isBefore(above)) {
                break;
            }
            place(index, above);
            index = parent;
        }
        place(index, entry);
    }

    private void siftDown(int from, Entry entry) {
        int index = from;
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            Entry below = at(child);
            if (!below.isBefore(entry)) {
                break;
            }
            place(index, below);
            index = child;
        }
        place(index, entry);
    }

    private Entry at(int index) {
        Entry entry = heap[index];
        if (entry == null) {
            throw new IllegalStateException("timer heap: nothing at " + index + " of " + size);
        }
        return entry;
    }

    private void place(int index, Entry entry) {
        heap[index] = entry;
        entry.index = index;
    }

    /** A scheduled task and its place in the heap. */
    private final class Entry implements Scheduler.Timer {
        final long deadlineNanos;
        final long sequence;
        final Runnable task;
        int index;

        Entry(long deadlineNanos, long sequence, Runnable task) {
            this.deadlineNanos = deadlineNanos;
            this.sequence = sequence;
            this.task = task;
        }

        boolean isBefore(Entry other) {
            long difference = deadlineNanos - other.deadlineNanos;
            return difference != 0 ? difference < 0 : sequence < other.sequence;
        }

        @Override
        public void cancel() {
            if (index != FIRED_OR_CANCELLED) {
                remove();
            }
        }

        void remove() {
            int hole = index;
            index = FIRED_OR_CANCELLED;
            Entry last = at(--size);
            heap[size] = null;
            if (last == this) {
                return;
            }
            siftDown(hole, last);
            if (last.index == hole) {
                siftUp(hole, last);
            }
        }
    }
}
