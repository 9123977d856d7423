/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes seeds in ascending order, on several threads, until all are done or one fails. Of failures that of the lowest seed
 * counts, whichever thread was the first: all seeds below it have been done by then.
 */
final class SeedWalk {
    private final long end;
    private final LongConsumer step;

    // Under this walk's lock.
    private long next;
    private long failedSeed;
    private @Nullable Throwable failure;

    private SeedWalk(long first, long count, LongConsumer step) {
        next = first;
        end = first + count;
        this.step = step;
    }

    /**
     * Does a step for each seed, and returns when all are done.
     *
     * @param step run on several threads, for several seeds at a time; a failure ends the walk, and reaches the caller
     */
    static void each(long first, long count, int threads, LongConsumer step) {
        SeedWalk walk = new SeedWalk(first, count, step);
        if (threads == 1) {
            walk.go();
        } else {
            walk.goOn(threads);
        }
        walk.throwFailure();
    }

    private void goOn(int threads) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Callable<Object> walker = Executors.callable(this::go);
            pool.invokeAll(Collections.nCopies(threads, walker));
        } catch (InterruptedException interrupted) {
            stop();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("seeds: interrupted (expected: left to run)", interrupted);
        } finally {
            pool.shutdown();
        }
    }

    private void go() {
        for (long seed = take(); seed != end; seed = take()) {
            try {
                step.accept(seed);
            } catch (RuntimeException | Error failed) {
                fail(seed, failed);
            }
        }
    }

    /** The next seed; the end if there is none. */
    private synchronized long take() {
        return next == end || failure != null ? end : next++;
    }

    private synchronized void fail(long seed, Throwable failed) {
        if (failure == null || seed < failedSeed) {
            failure = failed;
            failedSeed = seed;
        }
    }

    private synchronized void stop() {
        next = end;
    }

    private synchronized void throwFailure() {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }
}
