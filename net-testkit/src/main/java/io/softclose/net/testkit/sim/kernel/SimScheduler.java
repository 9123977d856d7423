/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The one clock of a simulation, and what happens outside its loops: arrivals and the script. */
public final class SimScheduler {
    private final PriorityQueue<Happening> happenings = new PriorityQueue<>(Happening.ORDER);
    private long now;
    private long made;

    /** Virtual nanoseconds since the start. */
    public long now() {
        return now;
    }

    public void at(long nanos, Runnable action) {
        happenings.add(new Happening(Math.max(nanos, now), made++, action));
    }

    /** When the next of it happens; {@link Long#MAX_VALUE} for never. */
    public long next() {
        Happening next = happenings.peek();
        return next == null ? Long.MAX_VALUE : next.at;
    }

    /** Whether something is due. */
    public boolean due() {
        return next() <= now;
    }

    public void runNext() {
        happenings.remove().action.run();
    }

    public void advanceTo(long nanos) {
        now = nanos;
    }

    private record Happening(long at, long number, Runnable action) {
        private static final Comparator<Happening> ORDER =
                Comparator.comparingLong(Happening::at).thenComparingLong(Happening::number);
    }
}
