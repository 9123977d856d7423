/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long the links of one loop may hand on what peers send before the loop looks at its tasks, its timers and its other
 * sockets again: so long within a look at I/O, and so long after it. Links that cannot hand on at once hold what arrives,
 * and wait in line; as long as one does, nobody passes it. They are no tasks: one that is given now would wait for all of
 * them. Takes no memory. Confined to the loop.
 */
public final class InputTurns {
    /** The most time of handlers. */
    public static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** The most bytes: handlers that drop them see many in no time. */
    private static final long MOST_BYTES = 4L << 20;

    private final Runnable turnNeeded;
    private @Nullable Place first;
    private @Nullable Place last;
    private long nanos = MOST_NANOS;
    private long bytes = MOST_BYTES;

    /**
     * Nobody waits.
     *
     * @param turnNeeded has the loop take a turn after its next look at I/O; does not throw
     */
    InputTurns(Runnable turnNeeded) {
        this.turnNeeded = turnNeeded;
    }

    /** A link's place in the line, in which it is once at most. */
    public final class Place {
        private final Runnable handOn;
        private boolean waits;
        private @Nullable Place next;

        private Place(Runnable handOn) {
            this.handOn = handOn;
        }

        /** Joins the line, unless it is in it. */
        public void join() {
            if (waits) {
                return;
            }
            waits = true;
            Place before = last;
            last = this;
            if (before == null) {
                first = this;
                turnNeeded.run();
            } else {
                before.next = this;
            }
        }
    }

    /**
     * A place that is not in the line.
     *
     * @param handOn hands on what is held while there is {@linkplain #timeLeft time}, and joins again if some is left
     */
    public Place place(Runnable handOn) {
        return new Place(handOn);
    }

    /** Whether nobody waits in line. */
    public boolean isEmpty() {
        return first == null;
    }

    /** Whether more may be handed on in this turn. */
    public boolean timeLeft() {
        return nanos > 0 && bytes > 0;
    }

    /** Something was handed on. */
    public void spend(long handlerNanos, int handedOn) {
        nanos -= handlerNanos;
        bytes -= handedOn;
    }

    /** Has those that wait hand on, the first one at least; those that join meanwhile have another turn. Never throws. */
    void turn() {
        renew();
        Place end = last;
        for (Place now = first; now != null && timeLeft(); now = now == end ? null : first) {
            leave(now);
            TaskQueue.runSafely(now.handOn);
        }
        renew();
    }

    private void leave(Place now) {
        first = now.next;
        if (first == null) {
            last = null;
        }
        now.next = null;
        now.waits = false;
    }

    private void renew() {
        nanos = MOST_NANOS;
        bytes = MOST_BYTES;
    }
}
