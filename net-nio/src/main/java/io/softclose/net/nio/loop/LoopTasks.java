/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.ERROR;

import io.softclose.net.nio.base.SafeLogger;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tasks that a loop was given, in their order. Anybody gives; only the loop runs them, no more in a turn than lets
 * its links and timers have theirs.
 */
final class LoopTasks {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    private static final int MOST_IN_A_TURN = 256;

    // Shared.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong given = new AtomicLong();

    // Confined to the loop.
    private long ran;

    /** Adds a task; from any thread. */
    void give(Runnable task) {
        tasks.add(task);
        given.getAndIncrement();
    }

    /** Takes a task back that has not been run; from any thread. */
    boolean takeBack(Runnable task) {
        return tasks.remove(task);
    }

    /** Whether there is none; from any thread. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Runs what was given before, but not all of it if that takes long. */
    void runSome(NioLoop loop) {
        // Not those that these give in turn: a link that writes on and on does so by such tasks. One at least: an Error
        // may have struck between the giving of a task and its counting.
        long most = Math.max(1, Math.min(MOST_IN_A_TURN, given.get() - ran));
        if (runNext()) {
            long start = loop.nanoTime();
            for (long i = 1; i < most && !loop.sliceIsOver(start); i++) {
                if (!runNext()) {
                    return;
                }
            }
        }
    }

    /** Runs the next one, and tells whether there was one. */
    boolean runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        ran++;
        runSafely(task);
        return true;
    }

    /** Runs a task or a timer, whatever it throws. */
    static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            LOG.log(ERROR, "a task failed", failed);
        }
    }
}
