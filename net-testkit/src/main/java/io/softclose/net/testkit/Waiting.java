/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for what must happen. The bound is a safety net for what never does, and no claim about how long it takes. */
final class Waiting {
    static final Duration SAFETY_NET = Duration.ofSeconds(30);

    private Waiting() {}

    static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(what + ": did not happen within " + SAFETY_NET);
            }
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    /** What the stage completed with; a failure becomes an AssertionError with that cause. */
    static <T> T await(CompletionStage<T> stage, String what) {
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

    static AssertionError interrupted(String what) {
        Thread.currentThread().interrupt();
        return new AssertionError(what + ": interrupted");
    }
}
