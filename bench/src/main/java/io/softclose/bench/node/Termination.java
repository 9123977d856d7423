/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a command within a budget of time once the process is asked to end (SIGTERM, SIGINT, SIGHUP), and holds the end of
 * the JVM back until then: one whose shutdown hooks have returned stops, whatever its main thread is doing. The end comes
 * in three steps: the command is {@linkplain #requested asked} to close gracefully within {@link #closing}; {@linkplain
 * #insisted told} to close at once, by a second signal or because closing has not ended in its time; and {@linkplain
 * #exhausted no longer waited for}. The exit code stays the JVM's own, 128 + signal.
 */
public final class Termination implements AutoCloseable {
    /**
     * What closing leaves of a budget, for sockets that linger and for printing: one in so many parts, and this at most.
     */
    private static final int REST_PART = 4;

    private static final Duration MOST_REST = Duration.ofSeconds(2);
    /** What closing at once may take, even if the budget is gone. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Duration budget;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final CompletableFuture<Void> insisted = new CompletableFuture<>();
    private final CompletableFuture<Void> exhausted = new CompletableFuture<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::holdBack, "softclose-termination-hook");
    /** When it was asked, on the clock of {@link System#nanoTime}; set before {@link #requested} completes. */
    private volatile long askedNanos;

    private Termination(Duration budget) {
        this.budget = budget;
    }

    /**
     * Waits for the process to be asked to end, until closed.
     *
     * @param budget the time from being asked to the end; what is left undone by then stays undone
     */
    public static Termination arm(Duration budget) {
        Termination termination = new Termination(budget);
        Thread steps = new Thread(termination::takeSteps, "softclose-termination");
        steps.setDaemon(true);
        steps.start();
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    /** Asks, as a signal does. */
    public void request() {
        asked.countDown();
    }

    /** Completes, on a thread of this, when the command is to close gracefully. */
    public CompletionStage<Void> requested() {
        return requested;
    }

    /** Completes when the command is to close at once. */
    public CompletionStage<Void> insisted() {
        return insisted;
    }

    /** Completes when the command is to end with what it has. */
    public CompletionStage<Void> exhausted() {
        return exhausted;
    }

    /** How much of the budget is for closing. The rest is for sockets that linger, and for printing. */
    public Duration closing() {
        return budget.minus(rest());
    }

    private Duration rest() {
        Duration part = budget.dividedBy(REST_PART);
        return part.compareTo(MOST_REST) < 0 ? part : MOST_REST;
    }

    /** How much of the budget is left; a moment, if none is, and all of it, if nobody has asked. */
    public Duration left() {
        if (!requested.isDone()) {
            return budget;
        }
        Duration left = budget.minusNanos(System.nanoTime() - askedNanos);
        return left.compareTo(GRACE) < 0 ? GRACE : left;
    }

    /** The command is done: nothing holds the end back any more. */
    @Override
    public void close() {
        done.countDown();
        asked.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process is ending; the hook finds the command done.
        }
    }

    private void takeSteps() {
        try {
            asked.await();
            if (done.getCount() == 0) {
                return;
            }
            askedNanos = System.nanoTime();
            requested.complete(null);
            awaitInsisted(closing().plus(rest().dividedBy(2)));
            if (!done.await(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                exhausted.complete(null);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitInsisted(Duration most) throws InterruptedException {
        try {
            insisted.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException notAsked) {
            insisted.complete(null);
        }
    }

    private void holdBack() {
        request();
        Signals.onNext(() -> insisted.complete(null));
        try {
            done.await(budget.plus(GRACE.multipliedBy(3)).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
