/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what other threads do. The limit is a safety net for what never happens, no claim about how long it takes. */
final class Await {
    static final Duration SAFETY_NET = Duration.ofSeconds(30);

    private Await() {}

    /** What the stage completed with; a failure becomes an AssertionError with that cause. */
    static <T> T of(CompletionStage<T> stage, String what) {
        try {
            return stage.toCompletableFuture().get(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(what + ": failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(what + ": did not happen within " + SAFETY_NET, e);
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    /** The next element. */
    static <T> T next(BlockingQueue<T> queue, String what) {
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

    static void zero(CountDownLatch latch, String what) {
        try {
            if (!latch.await(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(what + ": " + latch.getCount() + " missing after " + SAFETY_NET);
            }
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    private static AssertionError interrupted(String what) {
        Thread.currentThread().interrupt();
        return new AssertionError(what + ": interrupted");
    }
}
