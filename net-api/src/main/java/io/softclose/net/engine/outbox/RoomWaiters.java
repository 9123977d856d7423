/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for room in one lane, oldest first. The waiters are the list's own links: to be told or to give up takes no
 * memory. Its lock is held for some assignments; nothing is called under it. Thread-safe.
 */
final class RoomWaiters {
    // Written under the lock; whoever only looks for the first takes none.
    private volatile @Nullable Waiter first;

    // Guarded by this.
    private @Nullable Waiter last;
    private long added;

    /** Adds one that waits for nothing yet. */
    synchronized void add(Waiter waiter) {
        Waiter before = last;
        waiter.number = ++added;
        waiter.waits = true;
        waiter.previous = before;
        last = waiter;
        if (before == null) {
            first = waiter;
        } else {
            before.next = waiter;
        }
    }

    /** Takes one out; false if somebody else has. Whoever took it out runs its action, or nobody does. */
    synchronized boolean remove(Waiter waiter) {
        if (!waiter.waits) {
            return false;
        }
        Waiter before = waiter.previous;
        Waiter after = waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        waiter.waits = false;
        waiter.previous = null;
        waiter.next = null;
        return true;
    }

    /** Who has waited longest; null if nobody waits. */
    @Nullable
    Waiter first() {
        return first;
    }

    /** The number of the latest: those that come later have higher ones. */
    synchronized long latest() {
        return added;
    }

    /** Waits in one lane, once. */
    static final class Waiter {
        private final long mostUsed;
        private final Runnable action;

        // Guarded by the list.
        private long number;
        private boolean waits;
        private @Nullable Waiter previous;
        private @Nullable Waiter next;

        /**
         * One that is in no list yet.
         *
         * @param mostUsed how many bytes of the lane may be in use for it to be told
         * @param action run once, when there is room
         */
        Waiter(long mostUsed, Runnable action) {
            this.mostUsed = mostUsed;
            this.action = action;
        }

        long mostUsed() {
            return mostUsed;
        }

        Runnable action() {
            return action;
        }

        /** Its place in the order of its list. Only for one that {@link RoomWaiters#first} has answered. */
        long number() {
            return number;
        }
    }
}
