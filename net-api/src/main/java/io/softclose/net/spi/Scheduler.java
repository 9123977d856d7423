/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

/** A clock, and somebody who runs tasks by it. Real time or simulated. */
public interface Scheduler {
    /** A monotonic clock, in nanoseconds from an arbitrary origin. Callable from any thread. */
    long nanoTime();

    /**
     * Runs a task once, not before a delay has passed. The kind of scheduler says on which threads this may be called,
     * and where the task runs.
     *
     * @param delayNanos at least 0
     * @throws IllegalArgumentException if it is negative
     */
    Timer schedule(long delayNanos, Runnable task);

    /** A task that has been scheduled. */
    @FunctionalInterface
    interface Timer {
        /** Drops the task if it has not run. Callable wherever it could be scheduled, any number of times. */
        void cancel();
    }
}
