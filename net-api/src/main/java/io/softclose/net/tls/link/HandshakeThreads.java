/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for the tasks of handshakes. There are none while there is nothing for them to do. Each link has one job at a time,
 * so as many wait at most as there are handshakes under way. Thread-safe.
 */
public final class HandshakeThreads implements Executor, AutoCloseable {
    private static final int IDLE_SECONDS = 5;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicInteger made = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor pool;

    public HandshakeThreads() {
        int most = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
        pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
        pool.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable task) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(task, "softclose-tls-" + made.incrementAndGet());
        threads.add(thread);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Waits for what runs, and for the threads' ends; of links that are gone, nothing does any more. */
    @Override
    public void close() {
        pool.shutdown();
        long until = System.nanoTime() + CLOSE_NANOS;
        try {
            // The pool counts as terminated before the last of its threads has ended.
            boolean unused = pool.awaitTermination(CLOSE_NANOS, TimeUnit.NANOSECONDS);
            for (Thread thread : threads) {
                TimeUnit.NANOSECONDS.timedJoin(thread, until - System.nanoTime());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pool.shutdownNow();
    }
}
