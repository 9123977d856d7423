/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.util.concurrent.Executor;

/**
 * The thread, real or simulated, on which everything of a link happens. Several links may share a loop. One task at a
 * time runs on it. The loop logs what a task throws, an Error too, and goes on, whether or not the log takes it. A loop
 * that cannot go on refuses tasks, and its links end with the cause.
 *
 * <p>Links, tasks and timers have their turns. None goes on for long while another waits, however much there is for it:
 * turns are bounded by time as well as by number, so that slow handlers hold nobody up for more than a call or a few.
 */
public interface EventLoop extends Executor, Scheduler {
    /**
     * Whether the calling thread is this loop: a thread on which this loop runs a task or event, and no other. Callable
     * from any thread at any time, also after the loop has stopped, and cheap: networks ask every loop before a thread
     * waits.
     */
    boolean inEventLoop();

    /**
     * Guards what is confined to the loop: called elsewhere it would corrupt silently.
     *
     * @throws IllegalStateException if the calling thread is not this loop
     */
    default void requireInLoop() {
        if (!inEventLoop()) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + " (expected: on the link's loop)");
        }
    }

    /**
     * Runs a task on the loop, after the tasks given before it. Callable from any thread, the loop itself included, in
     * which case the task runs after the current one.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has stopped
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the loop once, not before a delay has passed. Callable on the loop only, as is {@link Timer#cancel}.
     *
     * @param delayNanos at least 0; as long as a long can say, which no clock reaches
     * @throws IllegalArgumentException if the delay is negative
     */
    @Override
    Timer schedule(long delayNanos, Runnable task);

    /** The loop's monotonic clock, in nanoseconds from an arbitrary origin. Callable from any thread. */
    @Override
    long nanoTime();
}
