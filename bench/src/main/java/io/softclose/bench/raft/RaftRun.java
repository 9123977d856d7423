/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/** One run: a group comes up, clients have operations replicated while the network is bad, and logs are compared. */
final class RaftRun {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_MILLIS = 10;
    private static final double ONE_OF_A_HUNDRED = 99;
    private static final double HALF = 50;

    /** At the least: the old leader learns meanwhile that it is none. */
    private static final Duration STALL = Duration.ofSeconds(RaftGroup.HEARTBEAT_TIMEOUT_SECONDS * 2);

    private final RaftSettings settings;
    private final String over;
    private final Wiring wiring;

    /** A run over what it will end. */
    RaftRun(RaftSettings settings, String over, Wiring wiring) {
        this.settings = settings;
        this.over = over;
        this.wiring = wiring;
    }

    /** Plays it. */
    RaftResult play() throws InterruptedException {
        RaftGroup group;
        RaftClients clients;
        Duration measured;
        try {
            group = new RaftGroup(settings, wiring);
            try {
                group.start();
                await("a leader", () -> group.leader().isPresent());
                clients = new RaftClients(group::leader, settings.padding());
                try (clients) {
                    clients.start(settings.clients());
                    await("a commit", clients::haveCommitted);
                    long start = System.nanoTime();
                    disturb(group, start);
                    clients.stop();
                    measured = Duration.ofNanos(System.nanoTime() - start);
                }
            } finally {
                group.end();
            }
        } finally {
            wiring.end();
        }
        return result(group, clients, measured);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("there was not " + what + " within 60 s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Resets connections by chance all the time, and stalls the leader once, after a third of the time, until another one leads. */
    private void disturb(RaftGroup group, long start) throws InterruptedException {
        Random random = new Random(settings.seed());
        long end = start + settings.duration().toNanos();
        long never = Long.MAX_VALUE;
        long reset =
                has(RaftSettings.Fault.RESETS) ? start + settings.resetEvery().toNanos() : never;
        long stall =
                has(RaftSettings.Fault.STALLED) ? start + settings.duration().toNanos() / 3 : never;
        long release = never;
        int victim = 0;
        long leaders = 0;
        while (end - System.nanoTime() > 0) {
            long now = System.nanoTime();
            if (reset != never && now - reset >= 0) {
                int one = random.nextInt(settings.nodes());
                wiring.reset(one, (one + 1 + random.nextInt(settings.nodes() - 1)) % settings.nodes());
                reset += settings.resetEvery().toNanos();
            }
            if (stall != never && now - stall >= 0) {
                victim = group.leader().map(RaftRun::index).orElse(0);
                wiring.hold(victim);
                stall = never;
                leaders = group.leaders();
                release = now + STALL.toNanos();
            }
            if (release != never && now - release >= 0 && group.leaders() > leaders) {
                wiring.release(victim);
                release = never;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        if (release != never) {
            long before = leaders;
            await("another leader", () -> group.leaders() > before);
            wiring.release(victim);
        }
    }

    private boolean has(RaftSettings.Fault fault) {
        return wiring.mayFail() && settings.faults().contains(fault);
    }

    private static int index(RaftNode node) {
        return ((RaftMember) node.getLocalEndpoint()).index();
    }

    private RaftResult result(RaftGroup group, RaftClients clients, Duration measured) {
        RaftResult.Traffic traffic = wiring.traffic();
        List<String> faults = new ArrayList<>(LogCheck.faults(group.logs(), clients.committed()));
        faults.addAll(traffic.faults());
        Histogram micros = clients.micros();
        return new RaftResult(
                over,
                Math.max(0, group.leaders() - 1),
                clients.committed().size(),
                clients.unclear(),
                measured,
                Duration.of(micros.getValueAtPercentile(HALF), ChronoUnit.MICROS),
                Duration.of(micros.getValueAtPercentile(ONE_OF_A_HUNDRED), ChronoUnit.MICROS),
                Duration.of(micros.getMaxValue(), ChronoUnit.MICROS),
                traffic,
                faults);
    }
}
