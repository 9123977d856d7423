/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * A loop whose tasks are run by whoever calls {@link #runTask}, one thread at a time. Time passes only when told, and
 * no timer fires.
 */
public final class HandLoop implements EventLoop {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private volatile long nanos;

    /** Runs the oldest task; false if there is none. */
    public boolean runTask() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** Runs tasks until there are none. */
    public void runAll() {
        while (runTask()) {
            // The next.
        }
    }

    /** How many tasks wait to be run. */
    public int waitingTasks() {
        return tasks.size();
    }

    /** Lets time pass, also in the middle of a task. By one thread. */
    public void pass(Duration time) {
        long then = nanos + time.toNanos();
        nanos = then;
    }

    /** As a transport that is closed: takes no task any more, and runs those it has. */
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean inEventLoop() {
        return false;
    }

    @Override
    public void execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("the loop has stopped");
        }
        tasks.add(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return () -> {};
    }

    @Override
    public long nanoTime() {
        return nanos;
    }
}
