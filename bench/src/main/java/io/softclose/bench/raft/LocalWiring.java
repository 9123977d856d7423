/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.model.message.RaftMessage;
import io.microraft.transport.Transport;
import io.softclose.bench.lab.WanConditions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * MicroRaft's own way within one process, as its tests and tutorial have it: a message is an object that the other node is given. Here it is
 * given as late as a path would bring its bytes, and at a path's speed nothing is. What it shows is what Raft itself takes of time. There are no
 * connections, and none of the faults. Thread-safe.
 */
final class LocalWiring implements Wiring {
    static final String NAME = "local";

    private static final long STOP_SECONDS = 10;

    private final WanConditions path;
    private final Random jitter;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "raft-local");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong messages = new AtomicLong();
    private volatile List<RaftNode> nodes = List.of();

    LocalWiring(WanConditions path, long seed) {
        this.path = path;
        jitter = new Random(seed);
    }

    @Override
    public Transport transport(int node) {
        return new Transport() {
            @Override
            public void send(RaftEndpoint target, RaftMessage message) {
                LocalWiring.this.send(((RaftMember) target).index(), message);
            }

            @Override
            public boolean isReachable(RaftEndpoint endpoint) {
                return !nodes.isEmpty();
            }
        };
    }

    private void send(int target, RaftMessage message) {
        long late = path.latency().toNanos()
                + (path.jitter().isZero() ? 0 : jitter.nextLong(path.jitter().toNanos() + 1));
        try {
            var unused = timer.schedule(() -> deliver(target, message), late, TimeUnit.NANOSECONDS);
            messages.incrementAndGet();
        } catch (RejectedExecutionException over) {
            // The group has ended.
        }
    }

    private void deliver(int target, RaftMessage message) {
        List<RaftNode> present = nodes;
        if (!present.isEmpty()) {
            present.get(target).handle(message);
        }
    }

    @Override
    public void connect(List<RaftNode> all) {
        nodes = List.copyOf(all);
    }

    @Override
    public boolean mayFail() {
        return false;
    }

    @Override
    public void reset(int one, int other) {}

    @Override
    public void hold(int node) {}

    @Override
    public void release(int node) {}

    @Override
    public RaftResult.Traffic traffic() {
        return RaftResult.Traffic.of(messages.get());
    }

    @Override
    public void end() throws InterruptedException {
        timer.shutdownNow();
        var unused = timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
