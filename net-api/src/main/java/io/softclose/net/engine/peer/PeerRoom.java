/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Message;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for room for a message to a peer. Of each lane the one that has waited longest has it watched for: past the line by
 * the connection, which is {@linkplain Ask asked}, or else here, where everybody who takes something out of the line
 * {@linkplain #see looks}. Those who wait stay here, whichever it is, so connections come and go without their notice. Whoever takes
 * one out of the list tells it, or nobody does. Actions are not run under the lock. Thread-safe.
 */
final class PeerRoom {
    private final Object lock;
    private final LineClock clock;
    private final PeerLine.Owner owner;

    // Guarded by the lock.
    private boolean shut;

    /** Nobody waits yet. */
    PeerRoom(Object lock, LineClock clock, PeerLine.Owner owner) {
        this.lock = lock;
        this.clock = clock;
        this.owner = owner;
    }

    /** Nothing may wait for the peer any more, nor for room to do so. Under the lock. */
    void shut() {
        shut = true;
    }

    boolean isShut() {
        return shut;
    }

    /** Runs an action once there is room for a message. What this throws leaves nobody waiting. Any thread. */
    RoomWait await(LaneLine line, Message message, Runnable action) {
        Waiter waiter = new Waiter(line.lane(), message, action);
        RoomWait wait = () -> giveUp(line, waiter);
        line.waiters.add(waiter);
        try {
            look(line);
        } catch (Throwable failure) {
            if (giveUp(line, waiter)) {
                throw failure;
            }
            Log.thrown(Level.ERROR, this, "others may wait for room in vain", failure);
        }
        return wait;
    }

    private boolean giveUp(LaneLine line, Waiter waiter) {
        boolean waited = line.waiters.remove(waiter);
        if (waited) {
            cancelAskFor(line, waiter);
            // It may have been all that others waited for.
            see(line);
        }
        return waited;
    }

    private void cancelAskFor(LaneLine line, Waiter waiter) {
        Ask over = null;
        synchronized (lock) {
            Ask asked = line.asked;
            if (asked != null && asked.waiter == waiter) {
                over = asked;
                line.asked = null;
            }
        }
        if (over != null) {
            over.cancel();
        }
    }

    /**
     * A lane's line has become shorter, or another connection is past it, or none: sees to whoever waits longest. If there is no memory for
     * that, it is told at once, so that it tries again. Throws nothing. Not under the lock; any thread.
     */
    void see(LaneLine line) {
        while (line.waiters.first() != null) {
            try {
                look(line);
                return;
            } catch (Throwable failure) {
                Log.thrown(Level.ERROR, this, "somebody is told of room that may not be there", failure);
                Waiter first = line.waiters.first();
                if (first != null && line.waiters.remove(first)) {
                    tell(first);
                }
            }
        }
    }

    private void look(LaneLine line) {
        Ask made = null;
        Ask over = null;
        boolean tells = false;
        synchronized (lock) {
            Waiter first = line.waiters.first();
            PeerConnection way = line.way;
            Ask before = line.asked;
            if (before == null || !before.isFor(first, way)) {
                made = first != null && way != null ? new Ask(line, first, way) : null;
                over = before;
                line.asked = made;
                tells = first != null && way == null && !line.telling && hasRoom(line, first);
                line.telling |= tells;
            }
        }
        try {
            if (made != null) {
                made.begin();
            }
            if (tells) {
                tellOnLoop(line);
            }
        } finally {
            if (over != null) {
                over.cancel();
            }
        }
    }

    /** Whether there is room among what waits, or never will be. Under the lock. */
    private boolean hasRoom(LaneLine line, Waiter waiter) {
        return shut || line.hasRoom(waiter);
    }

    private void tellOnLoop(LaneLine line) {
        boolean comes = false;
        try {
            comes = clock.execute(() -> tellAll(line));
        } finally {
            if (!comes) {
                synchronized (lock) {
                    line.telling = false;
                }
            }
        }
        if (!comes) {
            tellAll(line);
        }
    }

    /** Tells those who wait that there is room in the line, oldest first. Those who come meanwhile have their turn in a later task. */
    private void tellAll(LaneLine line) {
        synchronized (lock) {
            line.telling = false;
        }
        long latest = line.waiters.latest();
        for (Waiter next = takeFirst(line, latest); next != null; next = takeFirst(line, latest)) {
            tell(next);
        }
        see(line);
    }

    private @Nullable Waiter takeFirst(LaneLine line, long latest) {
        synchronized (lock) {
            Waiter first = line.waiters.first();
            if (first == null || first.number() > latest || line.way != null || !hasRoom(line, first)) {
                return null;
            }
            return line.waiters.remove(first) ? first : null;
        }
    }

    private void tell(Waiter waiter) {
        try {
            waiter.action().run();
        } catch (Throwable failure) {
            owner.roomFailed(failure);
        }
    }

    /** What a connection is asked: to tell when it has room for whoever waits longest. */
    final class Ask implements Runnable {
        private final LaneLine line;
        private final Waiter waiter;
        private final PeerConnection connection;
        /** Takes it back; null until it is asked. Guarded by the lock. */
        private @Nullable RoomWait wait;

        private Ask(LaneLine line, Waiter waiter, PeerConnection connection) {
            this.line = line;
            this.waiter = waiter;
            this.connection = connection;
        }

        private boolean isFor(@Nullable Waiter first, @Nullable PeerConnection way) {
            return waiter == first && connection == way;
        }

        /** Asks, unless it is over by then. What this throws leaves the connection unasked. */
        private void begin() {
            RoomWait begun = null;
            try {
                begun = connection.onRoom(waiter.message(), this);
            } finally {
                boolean over;
                synchronized (lock) {
                    over = line.asked != this;
                    if (begun == null && !over) {
                        line.asked = null;
                    }
                    wait = begun;
                }
                if (over && begun != null) {
                    begun.cancel();
                }
            }
        }

        /** It is the line's no more. */
        private void cancel() {
            RoomWait begun;
            synchronized (lock) {
                begun = wait;
            }
            if (begun != null) {
                begun.cancel();
            }
        }

        /**
         * The connection has room; or never will have any, and then there is room among what waits, for nothing does. On its loop; on
         * any thread if that has stopped.
         */
        @Override
        public void run() {
            boolean told;
            synchronized (lock) {
                boolean asked = line.asked == this;
                if (asked) {
                    line.asked = null;
                }
                told = asked && line.way == connection && line.waiters.remove(waiter);
            }
            try {
                if (told && connection.loop().inEventLoop()) {
                    // The connection tells of what this throws.
                    waiter.action().run();
                } else if (told) {
                    tell(waiter);
                }
            } finally {
                see(line);
            }
        }
    }
}
