/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Keeps its caller to a steady rate by blocking it. Confined to one thread. */
final class Pacer {
    /** How much lost time may be made up for by going faster. */
    private static final long SLACK_NANOS = Duration.ofMillis(10).toNanos();

    private final long stepNanos;
    private long dueNanos = System.nanoTime();

    /** A rate of one turn a step; a step of zero never blocks. */
    Pacer(Duration step) {
        stepNanos = step.toNanos();
    }

    /** Blocks until the next turn is due, or the thread is interrupted. */
    void await() {
        if (stepNanos == 0) {
            return;
        }
        long now = System.nanoTime();
        dueNanos = (now - dueNanos > SLACK_NANOS ? now - SLACK_NANOS : dueNanos) + stepNanos;
        for (long left = dueNanos - now;
                left > 0 && !Thread.currentThread().isInterrupted();
                left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
