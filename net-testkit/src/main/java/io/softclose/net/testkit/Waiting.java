/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waiting for what other threads must do. The bound is a safety net for what never happens, and no claim about how long
 * it takes.
 */
public final class Waiting {
    /** The system property that says how many seconds are waited for anything at most; 30. */
    public static final String SAFETY_NET_PROPERTY = "softclose.testkit.waitSeconds";

    /**
     * The most that is waited for anything: each wait of a contract that fails takes as long. While a transport is being
     * written it may be short; on a machine that is busy it must not be.
     */
    public static final Duration SAFETY_NET = safetyNet(Integer.getInteger(SAFETY_NET_PROPERTY, 30));

    static Duration safetyNet(int seconds) {
        Require.positive(SAFETY_NET_PROPERTY, seconds);
        return Duration.ofSeconds(seconds);
    }

    private Waiting() {}

    /**
     * Waits until the latch is at zero.
     *
     * @throws AssertionError if it does not get there
     */
    public static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(what + ": " + latch.getCount() + " missing after " + SAFETY_NET);
            }
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    /**
     * What the stage completed with.
     *
     * @throws AssertionError if it does not complete, or failed, with that cause
     */
    public static <T> T await(CompletionStage<T> stage, String what) {
        try {
            return stage.toCompletableFuture().get(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(what + ": did not happen within " + SAFETY_NET, e);
        } catch (ExecutionException e) {
            throw new AssertionError(what + ": failed", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    /**
     * What the stage failed with.
     *
     * @throws AssertionError if it does not complete, or completed with a value
     */
    public static Throwable failure(CompletionStage<?> stage, String what) {
        try {
            Object value = stage.toCompletableFuture().get(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError(what + ": " + value + " (expected: a failure)");
        } catch (TimeoutException e) {
            throw new AssertionError(what + ": did not fail within " + SAFETY_NET, e);
        } catch (ExecutionException e) {
            return requireNonNull(e.getCause(), "cause");
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    /**
     * Takes the next element.
     *
     * @throws AssertionError if there is none
     */
    public static <T> T next(BlockingQueue<T> queue, String what) {
        try {
            T next = queue.poll(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new AssertionError(what + ": did not come within " + SAFETY_NET);
            }
            return next;
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    public static AssertionError interrupted(String what) {
        Thread.currentThread().interrupt();
        return new AssertionError(what + ": interrupted");
    }
}
