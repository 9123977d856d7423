/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** A loop on a thread of its own that runs tasks and sleeps between them. It has no timers. */
public final class ThreadLoop implements EventLoop, AutoCloseable {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicLong executed = new AtomicLong();
    private final Thread thread = new Thread(this::run, "loop");
    private volatile boolean stopped;

    public ThreadLoop() {
        thread.start();
    }

    /** How many tasks it was given. */
    public long executed() {
        return executed.get();
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("the loop has stopped");
        }
        executed.incrementAndGet();
        tasks.add(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        throw new UnsupportedOperationException("timers");
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        stopped = true;
        tasks.add(() -> {});
        try {
            thread.join(Race.SAFETY_NET.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError("the loop did not end");
        }
    }

    private void run() {
        try {
            while (!stopped) {
                tasks.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
