/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Discard;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Close policies that no application would want: they never finish, discard what has started, throw, answer null, name
 * lanes that do not exist, or change their mind at every question. An engine must keep its promise all the same.
 */
public final class AdversarialPolicies {
    private AdversarialPolicies() {}

    /** One of them, with lanes and times of its own. */
    public static ClosePolicy any(RandomGenerator chance) {
        List<Function<RandomGenerator, Function<CloseSnapshot, CloseDecision>>> all = List.of(
                any -> snapshot -> CloseDecision.drain(snapshot, Duration.ofMillis(1)),
                any -> CloseDecision::discardAll,
                any -> snapshot -> new Discard(Set.of()),
                any -> snapshot -> new Drain(List.of(), Duration.ofSeconds(1)),
                any -> snapshot -> CloseDecision.finish(),
                any -> snapshot -> new Finish(Parting.AT_ONCE),
                any -> snapshot -> {
                    throw new IllegalStateException("a policy that throws");
                },
                any -> AdversarialPolicies::nothing,
                any -> snapshot -> new Drain(List.of(99), Duration.ofSeconds(1)),
                any -> snapshot -> new Discard(Set.of(-1)),
                any -> snapshot -> new Drain(reversed(snapshot), Duration.ofMillis(1)),
                any -> snapshot -> snapshot.drained()
                        ? CloseDecision.finish()
                        : new Drain(reversed(snapshot), Duration.ofDays(9999)),
                AdversarialPolicies::fickle,
                AdversarialPolicies::fickle);
        int chosen = chance.nextInt(all.size());
        return new Adversary("adversary-" + chosen, chance, all.get(chosen).apply(chance));
    }

    /** Does something else at every question. */
    private static Function<CloseSnapshot, CloseDecision> fickle(RandomGenerator chance) {
        Random own = new Random(chance.nextLong());
        return snapshot -> switch (own.nextInt(12)) {
            case 0 -> CloseDecision.finish();
            case 1 -> new Finish(Parting.AT_ONCE);
            case 2 -> new Discard(Set.copyOf(some(snapshot, own)));
            case 3 -> new Drain(List.of(), Duration.ofNanos(100_000 + own.nextInt(10_000_000)));
            default -> new Drain(some(snapshot, own), Duration.ofNanos(100_000 + own.nextInt(10_000_000)));
        };
    }

    private static List<Integer> some(CloseSnapshot snapshot, Random own) {
        List<Integer> lanes = new ArrayList<>(snapshot.allLanes());
        Collections.shuffle(lanes, own);
        return lanes.subList(0, own.nextInt(lanes.size() + 1));
    }

    private static List<Integer> reversed(CloseSnapshot snapshot) {
        List<Integer> lanes = new ArrayList<>(snapshot.allLanes());
        Collections.reverse(lanes);
        return lanes;
    }

    @SuppressWarnings("NullAway") // what an unchecked policy may do
    private static CloseDecision nothing(CloseSnapshot snapshot) {
        return null;
    }

    private static final class Adversary implements ClosePolicy {
        private final String name;
        private final Function<CloseSnapshot, CloseDecision> deciding;
        private final int lanes;
        private final Admission admission;
        private final Duration deadline;
        private final Duration stallTimeout;
        private final boolean planFails;

        Adversary(String name, RandomGenerator chance, Function<CloseSnapshot, CloseDecision> deciding) {
            this.name = name;
            this.deciding = deciding;
            lanes = 1 + chance.nextInt(4);
            admission = chance.nextBoolean() ? Admission.SEAL : Admission.KEEP_OPEN;
            deadline = Duration.ofMillis(chance.nextInt(4) == 0 ? 0 : chance.nextInt(3_000));
            stallTimeout = Duration.ofMillis(1 + chance.nextInt(2_000));
            planFails = chance.nextInt(10) == 0;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public LanePlan lanes(Limits limits) {
            List<Lane> plan = IntStream.range(0, lanes)
                    .mapToObj(i -> new Lane(
                            "lane" + i,
                            limits.outboxMessages(),
                            limits.outboxBytes(),
                            i % 2 == 0 ? 1_000 : Long.MAX_VALUE))
                    .toList();
            return new LanePlan(plan, this::laneOf);
        }

        private int laneOf(Message message) {
            return message.priority() % lanes;
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            if (planFails) {
                throw new IllegalStateException("a policy whose plan throws");
            }
            return new ClosePlan(admission, deadline, stallTimeout);
        }

        @Override
        public CloseDecision decide(CloseSnapshot snapshot) {
            return deciding.apply(snapshot);
        }
    }
}
