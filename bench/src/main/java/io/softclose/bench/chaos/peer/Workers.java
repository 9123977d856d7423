/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The threads of a node's application: for what blocks, and for what has a time. */
final class Workers {
    private final Executor blocking = Executors.newCachedThreadPool(task -> daemon(task, "application"));
    private final ScheduledExecutorService timed =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "application-timer"));

    void now(Runnable task) {
        blocking.execute(task);
    }

    void later(Duration delay, Runnable task) {
        // On a thread where what it throws is printed.
        ScheduledFuture<?> unused = timed.schedule(() -> now(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
