/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Threads that start together, again and again. What one throws fails the round. */
public final class Race implements AutoCloseable {
    /** A safety net for what hangs, no claim about how long anything takes. */
    public static final Duration SAFETY_NET = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Runs these at the same time, and waits for all of them. */
    public <T> List<T> run(List<? extends Callable<T>> runners) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runners.size());
        List<Future<T>> running = new ArrayList<>();
        for (Callable<T> runner : runners) {
            running.add(threads.submit(() -> {
                start.await(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
                return runner.call();
            }));
        }
        List<T> results = new ArrayList<>();
        AssertionError failure = null;
        for (Future<T> future : running) {
            try {
                results.add(future.get(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                failure = failure(failure, "a runner failed", e.getCause());
            } catch (TimeoutException e) {
                failure = failure(failure, "a runner did not end within " + SAFETY_NET, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    /** The first failure, with the later ones: one runner may hang because another failed. */
    private static AssertionError failure(@Nullable AssertionError first, String message, @Nullable Throwable cause) {
        AssertionError failure = new AssertionError(message, cause);
        if (first == null) {
            return failure;
        }
        first.addSuppressed(failure);
        return first;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("threads are left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
