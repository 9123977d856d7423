/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a command that the process was asked to end (SIGTERM, SIGINT), and holds the end back until the command is done:
 * a JVM whose shutdown hooks have returned stops, whatever its main thread is doing. While it waits, the main thread
 * prints; the exit code stays the JVM's own, 128 + signal.
 */
final class Termination implements AutoCloseable {
    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private Termination(Duration patience) {
        hook = new Thread(() -> holdBack(patience), "softclose-termination");
    }

    /**
     * Waits for the process to be asked to end, until closed.
     *
     * @param patience the most the end is held back
     */
    static Termination arm(Duration patience) {
        Termination termination = new Termination(patience);
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    /** Completes, on a thread of its own, when the process is asked to end. */
    CompletionStage<Void> requested() {
        return requested;
    }

    /** The command is done: nothing holds the end back any more. */
    @Override
    public void close() {
        done.countDown();
        if (!requested.isDone()) {
            disarm();
        }
    }

    private void disarm() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process began to end just now; the hook finds the command done.
            done.countDown();
        }
    }

    private void holdBack(Duration patience) {
        requested.complete(null);
        try {
            if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                System.err.println("not done within " + patience + " of being asked to end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
