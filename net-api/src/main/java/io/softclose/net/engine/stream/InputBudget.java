/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static java.util.Objects.requireNonNull;

import io.softclose.net.log.Log;
import io.softclose.net.spi.LosslessQueue;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the unfinished messages of a network's connections may take together. A connection says what it holds
 * after each read; with the budget spent it waits, and is told when there is room. One of those that would wait is always
 * favoured, and goes on beyond the budget: without it, messages that are half there could wait for each other for ever.
 * Whoever holds little, as with small messages, never asks. Thread-safe.
 */
public final class InputBudget {
    private final long most;

    // Guarded by this; written by it, and read by anybody.
    private volatile boolean pressed;

    // Guarded by this.
    private final LosslessQueue<Share> waiting = new LosslessQueue<>();
    private long held;
    private @Nullable Share favoured;

    /**
     * A budget of which nothing is spent.
     *
     * @param most bytes that connections may hold together before they wait
     */
    public InputBudget(long most) {
        this.most = most;
    }

    /** How many bytes connections may hold together before they wait. */
    public long most() {
        return most;
    }

    /** Whether somebody waits. */
    boolean pressed() {
        return pressed;
    }

    /** What one connection holds of the budget. Its methods are called on the connection's loop only. */
    final class Share {
        private final Runnable roomAgain;

        // Confined to the loop.
        private long reported;

        // Guarded by the budget.
        private long bytes;
        private boolean waits;

        private Share(Runnable roomAgain) {
            this.roomAgain = roomAgain;
        }

        /**
         * Says how much the connection holds now.
         *
         * @return whether it may read on; if not, it will be told
         */
        boolean holds(long now) {
            if (now == reported) {
                return true;
            }
            reported = now;
            return report(this, now);
        }

        /** Whether somebody waits for memory of the budget. */
        boolean othersWait() {
            return pressed();
        }

        /** How much the connection has said that it holds. */
        long bytes() {
            return reported;
        }
    }

    /**
     * A share of which nothing is used.
     *
     * @param roomAgain called once after each refusal to read on, when the connection may; on any thread, must not throw
     */
    Share share(Runnable roomAgain) {
        return new Share(roomAgain);
    }

    private boolean report(Share share, long now) {
        List<Share> next;
        boolean granted;
        synchronized (this) {
            boolean grows = now > share.bytes;
            held += now - share.bytes;
            share.bytes = now;
            if (favoured == share && (now == 0 || held <= most)) {
                favoured = null;
            }
            granted = !grows || held <= most || favour(share);
            if (!granted && !share.waits) {
                waiting.add(share);
                share.waits = true;
            }
            if (now == 0 && share.waits) {
                share.waits = false;
                waiting.remove(share);
            }
            next = nextToGoOn();
            pressed = !waiting.isEmpty();
        }
        tell(next);
        return granted;
    }

    /** One that cannot be told waits for the next time that room is given back; the others are told all the same. */
    private void tell(List<Share> next) {
        for (Share each : next) {
            try {
                each.roomAgain.run();
            } catch (Throwable failure) {
                Log.thrown(Level.ERROR, "input budget", "a connection that waits cannot be told of room", failure);
                waitsAgain(each);
            }
        }
    }

    private synchronized void waitsAgain(Share share) {
        if (!share.waits && share.bytes > 0) {
            waiting.addFirst(share);
            share.waits = true;
            pressed = true;
        }
        if (favoured == share) {
            favoured = null;
        }
    }

    private boolean favour(Share share) {
        if (favoured == null) {
            favoured = share;
        }
        return favoured == share;
    }

    /** Takes out of those that wait who may go on: all if there is room, or else the first if nobody is favoured. */
    private List<Share> nextToGoOn() {
        // For all, at once: whoever has been taken out must not be forgotten for want of memory.
        List<Share> next = waiting.isEmpty() ? List.of() : new ArrayList<>(waiting.size());
        while (!waiting.isEmpty() && (held < most || favoured == null)) {
            Share first = requireNonNull(waiting.poll(), "first");
            first.waits = false;
            if (held >= most) {
                favoured = first;
            }
            next.add(first);
        }
        return next;
    }
}
