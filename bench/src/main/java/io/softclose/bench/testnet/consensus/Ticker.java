/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.net.spi.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Does something at a steady rate. Times are counted from the start, so no delay adds up; those that are missed by more than a second are left out,
 * so none is made up for in a burst. Under its owner's lock.
 */
final class Ticker {
    private static final long SECOND = 1_000_000_000;

    private final Scheduler scheduler;
    private final long interval;
    private final Runnable tick;
    private long next;
    private Scheduler.@Nullable Timer timer;

    /**
     * A ticker that has not begun.
     *
     * @param perSecond how often, greater than 0
     * @param phase when the first time is, as a part of the interval, 0 to 1
     * @param tick called in the scheduler's tasks; it must call {@link #again}
     */
    Ticker(Scheduler scheduler, double perSecond, double phase, Runnable tick) {
        this.scheduler = scheduler;
        interval = Math.max(1, (long) (SECOND / perSecond));
        this.tick = tick;
        next = scheduler.nanoTime() + (long) (interval * phase);
    }

    /** Sees to the next time. */
    void again() {
        long late = scheduler.nanoTime() - next;
        if (late > SECOND) {
            next += late / interval * interval;
        }
        timer = scheduler.schedule(Math.max(0, next - scheduler.nanoTime()), tick);
        next += interval;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
