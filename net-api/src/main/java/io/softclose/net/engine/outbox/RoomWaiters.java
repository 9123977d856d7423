/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.Message;
import io.softclose.net.spi.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for room in one lane, oldest first. The waiters are the list's own links: to be told or to give up takes no
 * memory. Its lock is held for some assignments; nothing is called under it. Thread-safe.
 */
public final class RoomWaiters {
    // Written under the lock; whoever only looks for the first takes none.
    private volatile @Nullable Waiter first;

    // Guarded by this.
    private @Nullable Waiter last;
    private long added;

    /** Adds one that waits for nothing yet. */
    public synchronized void add(Waiter waiter) {
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
    public synchronized boolean remove(Waiter waiter) {
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
    public @Nullable Waiter first() {
        return first;
    }

    /** The number of the latest: those that come later have higher ones. */
    public synchronized long latest() {
        return added;
    }

    /**
     * Waits in one lane, once: until the lane is at most half full, in messages and in bytes, and its message fits. One that
     * never fits waits as an empty one does: there is no use in waiting longer.
     */
    public static final class Waiter {
        private final Message message;
        private final long mostMessages;
        private final long mostBytes;
        private final Runnable action;

        // Guarded by the list.
        private long number;
        private boolean waits;
        private @Nullable Waiter previous;
        private @Nullable Waiter next;

        /**
         * One that is in no list yet.
         *
         * @param message that is to find room
         * @param action run once, when there is room
         */
        public Waiter(Lane lane, Message message, Runnable action) {
            this.message = message;
            this.action = action;
            mostMessages = lane.maxMessages() / 2;
            long half = lane.maxBytes() / 2;
            long beside = lane.maxBytes() - message.size();
            mostBytes = beside < 0 ? half : Math.min(half, beside);
        }

        /** Whether there is the room that it waits for in a lane of so many messages and bytes. */
        public boolean hasRoom(long messages, long bytes) {
            return messages <= mostMessages && bytes <= mostBytes;
        }

        public Message message() {
            return message;
        }

        public Runnable action() {
            return action;
        }

        /** Its place in the order of its list. Only for one that {@link RoomWaiters#first} has answered. */
        public long number() {
            return number;
        }
    }
}
