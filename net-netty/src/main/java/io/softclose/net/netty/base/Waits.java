/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.base;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Bounded waits for other threads, an interrupt notwithstanding: whoever closes a transport counts on its end. */
public final class Waits {
    private Waits() {}

    /**
     * Waits until this is done, in whatever way.
     *
     * @param deadlineNanos by {@link System#nanoTime}
     * @return whether it is
     */
    public static boolean until(long deadlineNanos, CompletableFuture<?> future) {
        return uninterruptibly(deadlineNanos, left -> {
            try {
                future.get(left, TimeUnit.NANOSECONDS);
                return true;
            } catch (ExecutionException | CancellationException failed) {
                return true;
            } catch (TimeoutException late) {
                return false;
            }
        });
    }

    /** As {@link #until(long, CompletableFuture)}, for the end of a thread. */
    public static boolean until(long deadlineNanos, Thread thread) {
        return uninterruptibly(deadlineNanos, left -> {
            // At least a little: 0 is for ever.
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            return !thread.isAlive();
        });
    }

    private interface Wait {
        boolean of(long nanos) throws InterruptedException;
    }

    private static boolean uninterruptibly(long deadlineNanos, Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.of(Math.max(0, deadlineNanos - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
