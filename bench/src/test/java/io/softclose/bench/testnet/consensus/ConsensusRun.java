/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.ValidatorSettings.Load;
import io.softclose.bench.testnet.consensus.core.SafetyRules;
import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;
import io.softclose.net.PeerId;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Four validators on a simulated network, on which for a while everything goes wrong that may: delays, links that break, partitions, hosts that
 * stand still, processes that crash. Then it is healed, and they must go on. All of it comes from the seed.
 */
final class ConsensusRun {
    private static final int VALIDATORS = 4;
    private static final Duration TROUBLES = Duration.ofSeconds(15);
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofSeconds(8);
    /** How many more blocks everybody must have committed once all is well. */
    private static final int MORE_BLOCKS = 5;

    private static final List<String> POLICIES = List.of("drop", "timed-drain", "graceful", "consensus-priority");

    private final SplittableRandom random;
    private final SimNetwork sim;
    private final Witness witness = new Witness();
    private final List<SimulatedValidator> validators = new ArrayList<>();
    /** Whether nothing goes wrong but that they do not reach one another, again and again. */
    private final boolean divided;

    /** Whether so many blocks are committed that somebody who is away misses more than others keep. */
    private final boolean fast;

    private boolean healed;

    /** A run in which all of them keep the rules. */
    ConsensusRun(long seed) {
        this(seed, SafetyRules::new, SafetyRules::new);
    }

    /**
     * A run that has not begun.
     *
     * @param firsts rules of the first validator
     * @param others rules of the others
     */
    ConsensusRun(long seed, Function<SafetyData, SafetyRules> firsts, Function<SafetyData, SafetyRules> others) {
        random = new SplittableRandom(seed);
        sim = new SimNetwork(seed);
        List<PeerId> ids = new ArrayList<>();
        for (int i = 0; i < VALIDATORS; i++) {
            byte[] id = new byte[PeerId.LENGTH];
            random.nextBytes(id);
            ids.add(PeerId.of(id));
        }
        String policy = POLICIES.get(random.nextInt(POLICIES.size()));
        fast = random.nextInt(4) == 0;
        Duration interval = Duration.ofMillis(fast ? 20 : 20 + random.nextInt(100));
        divided = random.nextInt(3) == 0;
        Load load = random.nextInt(3) == 0 ? Load.none() : new Load(2 + random.nextInt(10), 2_000, 5, 3_000);
        for (int i = 0; i < VALIDATORS; i++) {
            ValidatorSettings settings = ValidatorSettings.builder(i, ids)
                    .roundTimeout(Duration.ofMillis(500), 1.2, Duration.ofSeconds(3))
                    .proposalInterval(interval)
                    .load(load)
                    .seed(random.nextLong())
                    .build();
            validators.add(new SimulatedValidator(
                    sim.host("validator" + i),
                    settings,
                    policy,
                    witness,
                    i == 0 ? firsts : others,
                    new Random(random.nextLong())));
        }
        sim.conditions(conditions());
    }

    private SimConditions conditions() {
        return SimConditions.loopback()
                .withLatency(Duration.ofMillis(random.nextInt(fast ? 5 : 100)))
                .withJitter(Duration.ofMillis(random.nextInt(fast ? 5 : 50)))
                .withBytesPerSecond(500_000 + random.nextInt(2_000_000))
                .withSegmentBytes(1_448);
    }

    void record() {
        sim.record();
    }

    List<String> recorded() {
        return sim.recorded();
    }

    Map<String, Long> seen() {
        return witness.seen();
    }

    /** Runs to the end; what was violated. */
    List<String> run() {
        validators.forEach(one -> one.start(validators));
        for (int faults = divided ? 20 + random.nextInt(30) : 1 + random.nextInt(12); faults > 0; faults--) {
            sim.after(some(TROUBLES), divided ? this::divideBriefly : this::goWrong);
        }
        sim.runFor(TROUBLES);
        return end();
    }

    /** Runs with nothing wrong but that one crashes, and stays away for this time; what was violated. */
    List<String> runWithOneAway(Duration time) {
        validators.forEach(one -> one.start(validators));
        sim.runFor(Duration.ofSeconds(2));
        validators.get(0).crash();
        sim.runFor(time);
        return end();
    }

    private List<String> end() {
        heal();
        awaitProgress();
        validators.forEach(one -> one.stop(Duration.ofSeconds(2)));
        sim.run();
        sim.verifyNoLeaks();
        return witness.violations();
    }

    private void heal() {
        healed = true;
        for (SimulatedValidator one : validators) {
            for (SimulatedValidator other : validators) {
                if (one != other) {
                    sim.heal(one.host, other.host);
                }
            }
            if (!one.runs()) {
                one.start(validators);
            }
        }
    }

    private void awaitProgress() {
        long wanted = witness.highest() + MORE_BLOCKS;
        try {
            sim.runUntil(
                    () -> !witness.violations().isEmpty()
                            || validators.stream()
                                    .allMatch(one -> one.validator().state().committedHeight() >= wanted),
                    SETTLED);
        } catch (AssertionError stuck) {
            witness.violations()
                    .add("no progress to height " + wanted + " within " + SETTLED + " of healing: " + states());
        }
    }

    private String states() {
        StringBuilder all = new StringBuilder();
        validators.forEach(one -> {
            ValidatorState state = one.validator().state();
            all.append("\n    round ")
                    .append(state.round())
                    .append(", certified ")
                    .append(state.certifiedRound())
                    .append(", ordered ")
                    .append(state.orderedRound())
                    .append(", committed ")
                    .append(state.committed())
                    .append(", pending ")
                    .append(state.pendingBlocks());
        });
        return all.toString();
    }

    private void goWrong() {
        SimulatedValidator one = any();
        switch (random.nextInt(7)) {
            case 0, 1 -> breakLink(one);
            case 2 -> crash(one);
            case 3 -> isolate(one, some(LONG));
            case 4 -> divide(some(LONG));
            case 5 -> pause(one);
            default -> delay(one);
        }
    }

    private void divideBriefly() {
        if (random.nextInt(3) == 0) {
            divide(some(Duration.ofSeconds(2)));
        } else {
            isolate(any(), some(Duration.ofSeconds(2)));
        }
    }

    private SimulatedValidator any() {
        return validators.get(random.nextInt(VALIDATORS));
    }

    private void breakLink(SimulatedValidator one) {
        List<SimLink> links = one.host.openLinks();
        if (!links.isEmpty()) {
            witness.count("fault: link broken");
            SimLink link = links.get(random.nextInt(links.size()));
            switch (random.nextInt(3)) {
                case 0 -> link.cut();
                case 1 -> link.cutAfter(random.nextInt(3_000));
                default -> link.vanish();
            }
        }
    }

    private void crash(SimulatedValidator one) {
        if (one.runs()) {
            witness.count("fault: crash");
            one.crash();
            sim.after(some(LONG), () -> {
                if (!one.runs() && !healed) {
                    one.start(validators);
                }
            });
        }
    }

    private void isolate(SimulatedValidator one, Duration time) {
        witness.count("fault: isolated");
        validators.stream().filter(other -> other != one).forEach(other -> part(one, other, time));
    }

    private void divide(Duration time) {
        witness.count("fault: partition");
        int side = 1 + random.nextInt((1 << VALIDATORS) - 2);
        for (int i = 0; i < VALIDATORS; i++) {
            for (int j = 0; j < i; j++) {
                if ((side >> i & 1) != (side >> j & 1)) {
                    part(validators.get(i), validators.get(j), time);
                }
            }
        }
    }

    private void part(SimulatedValidator one, SimulatedValidator other, Duration time) {
        sim.partition(one.host, other.host);
        sim.after(time, () -> sim.heal(one.host, other.host));
    }

    private void pause(SimulatedValidator one) {
        witness.count("fault: pause");
        one.host.pause(some(Duration.ofSeconds(3)));
    }

    private void delay(SimulatedValidator one) {
        witness.count("fault: delay");
        SimulatedValidator other = any();
        if (one != other) {
            SimConditions before = conditions();
            sim.conditions(one.host, other.host, before.withLatency(Duration.ofMillis(random.nextInt(1_500))));
            sim.after(some(Duration.ofSeconds(5)), () -> sim.conditions(one.host, other.host, before));
        }
    }

    private Duration some(Duration most) {
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }
}
