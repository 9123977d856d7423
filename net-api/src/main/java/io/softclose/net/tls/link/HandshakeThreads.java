/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

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
    private static final int CLOSE_SECONDS = 10;

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    public HandshakeThreads() {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "softclose-tls-" + made.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Waits for what runs; of links that are gone, nothing does any more. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            boolean unused = pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pool.shutdownNow();
    }
}
