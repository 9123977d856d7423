/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * An executor whose tasks run when the test says so; and that takes none if it says that, or takes one and throws. Not
 * thread-safe.
 */
final class HandExecutor implements Executor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean refuses;
    private boolean throwsBehind;
    private int offered;

    @Override
    public void execute(Runnable task) {
        offered++;
        if (refuses) {
            throw new RejectedExecutionException("refused by the test");
        }
        tasks.add(task);
        if (throwsBehind) {
            throw new OutOfMemoryError("no memory for a thread, says the test");
        }
    }

    HandExecutor refuses(boolean wanted) {
        refuses = wanted;
        return this;
    }

    /** Takes what it is given, and throws all the same. */
    HandExecutor throwsBehind(boolean wanted) {
        throwsBehind = wanted;
        return this;
    }

    /** How many tasks wait. */
    int waiting() {
        return tasks.size();
    }

    /** How many were ever given, taken or not. */
    int offered() {
        return offered;
    }

    /** Runs the task that has waited longest. */
    void runNext() {
        tasks.remove().run();
    }

    /** Runs what waits, and what comes meanwhile. */
    void runAll() {
        while (!tasks.isEmpty()) {
            runNext();
        }
    }
}
