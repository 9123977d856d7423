/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The front of a queue: what was taken from it and waits again, older than what is in it. It grows before it stores, so
 * that nothing gets lost if there is no memory; returning the element that was taken last needs none. Loop only.
 */
final class QueueFront {
    /** The oldest is last. */
    private @Nullable Object[] newestFirst = new @Nullable Object[1];

    private int size;

    /** Whether the two below are up to date, or earlier than need be. */
    private boolean searched;
    /** Whether any element has a time to live. */
    private boolean mortal;
    /** When the first of them outlives its time, on the loop's clock. */
    private long earliest;

    boolean isEmpty() {
        return size == 0;
    }

    /** Removes the oldest element, or answers null. */
    @Nullable
    Object poll() {
        if (size == 0) {
            return null;
        }
        Object oldest = newestFirst[--size];
        newestFirst[size] = null;
        return oldest;
    }

    /** Puts an element before all others. */
    void push(Object element) {
        ensureRoom(1);
        newestFirst[size++] = element;
        searched = false;
    }

    /** Removes this very element; false if it is not here. */
    boolean remove(Object element) {
        for (int at = size - 1; at >= 0; at--) {
            if (newestFirst[at] == element) {
                size--;
                System.arraycopy(newestFirst, at + 1, newestFirst, at, size - at);
                newestFirst[size] = null;
                searched = false;
                return true;
            }
        }
        return false;
    }

    /** Makes room, so that this many can be {@linkplain #push pushed} without memory. */
    void ensureRoom(int elements) {
        if (newestFirst.length - size < elements) {
            newestFirst = Arrays.copyOf(newestFirst, Math.max(2 * newestFirst.length, size + elements));
        }
    }

    /**
     * Takes in what waits elsewhere, behind all others.
     *
     * @param most how many these are at most
     * @param next removes the oldest of them, or answers null
     */
    void takeIn(int most, Supplier<@Nullable Object> next) {
        if (most == 0) {
            return;
        }
        @Nullable Object[] all = new @Nullable Object[most + size];
        System.arraycopy(newestFirst, 0, all, most, size);
        int first = most;
        for (Object one = next.get(); one != null; one = first > 0 ? next.get() : null) {
            all[--first] = one;
        }
        size += most - first;
        // What is missing has a place in the queue, and has not been put there yet.
        System.arraycopy(all, first, all, 0, size);
        Arrays.fill(all, size, all.length, null);
        newestFirst = all;
        searched = false;
    }

    /**
     * Removes what has outlived its time, oldest first. What the taker throws leaves the element, and the rest, where they
     * are.
     *
     * @return whether something is left that has a time to live
     */
    boolean expire(long now, Consumer<Object> taker) {
        if (searched && !(mortal && now - earliest >= 0)) {
            return mortal;
        }
        searched = false;
        mortal = false;
        int at = size - 1;
        int kept = size;
        try {
            for (; at >= 0; at--) {
                Object element = newestFirst[at];
                if (element instanceof Envelope envelope && Envelope.mortal(envelope)) {
                    if (now - envelope.expiresAt() >= 0) {
                        taker.accept(element);
                        continue;
                    }
                    earliest = mortal && earliest - envelope.expiresAt() <= 0 ? earliest : envelope.expiresAt();
                    mortal = true;
                }
                newestFirst[--kept] = element;
            }
            searched = true;
        } finally {
            for (; at >= 0; at--) {
                newestFirst[--kept] = newestFirst[at];
            }
            int left = size - kept;
            System.arraycopy(newestFirst, kept, newestFirst, 0, left);
            Arrays.fill(newestFirst, left, size, null);
            size = left;
        }
        return mortal;
    }
}
