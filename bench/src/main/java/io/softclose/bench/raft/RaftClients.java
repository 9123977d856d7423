/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.Ordered;
import io.microraft.RaftNode;
import io.microraft.exception.IndeterminateStateException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients of a group: each has an operation replicated by whoever leads, tries again if that one does not, and goes on with its next
 * once it is told where the operation was committed, or that nobody can know. Thread-safe.
 */
final class RaftClients implements AutoCloseable {
    private static final long TRY_AGAIN_MILLIS = 20;
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;

    private final Supplier<Optional<RaftNode>> leader;
    private final int padding;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "raft-clients");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Operation.Append, Long> committed = new ConcurrentHashMap<>();
    private final AtomicLong unclear = new AtomicLong();
    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
    private volatile boolean stopped;

    RaftClients(Supplier<Optional<RaftNode>> leader, int padding) {
        this.leader = leader;
        this.padding = padding;
    }

    /** Begins, with so many. */
    void start(int clients) {
        for (int client = 0; client < clients; client++) {
            attempt(new Operation.Append(client, 0, padding), System.nanoTime());
        }
    }

    /** Nothing is counted any more. */
    void stop() {
        stopped = true;
    }

    /** What they were told is committed, and at which index. */
    Map<Operation.Append, Long> committed() {
        return Map.copyOf(committed);
    }

    /** Whether anything was. */
    boolean haveCommitted() {
        return !committed.isEmpty();
    }

    /** Of how many operations nobody knows whether they are. */
    long unclear() {
        return unclear.get();
    }

    /** From the first try to the answer, in microseconds. */
    Histogram micros() {
        return micros.copy();
    }

    @Override
    public void close() {
        stop();
        timer.shutdownNow();
    }

    private void attempt(Operation.Append operation, long since) {
        if (stopped) {
            return;
        }
        Optional<RaftNode> node = leader.get();
        if (node.isEmpty()) {
            again(operation, since);
            return;
        }
        var unused = node.get()
                .<Object>replicate(operation)
                .whenComplete((where, failure) -> ended(operation, since, where, failure));
    }

    private void ended(
            Operation.Append operation, long since, @Nullable Ordered<Object> where, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (where != null) {
            micros.recordValue(Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - since)));
            committed.put(operation, where.getCommitIndex());
            next(operation);
        } else if (why instanceof IndeterminateStateException) {
            unclear.incrementAndGet();
            next(operation);
        } else {
            again(operation, since);
        }
    }

    private void next(Operation.Append done) {
        attempt(new Operation.Append(done.client(), done.number() + 1, padding), System.nanoTime());
    }

    private void again(Operation.Append operation, long since) {
        try {
            var unused = timer.schedule(() -> attempt(operation, since), TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // They have ended.
        }
    }
}
