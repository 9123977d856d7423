/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What goes wrong when: the same for every run, whatever the policy. A plan says nothing of what the machine's timing makes of it.
 *
 * @param steps in the order of their times; of what happens at one time, ends come first
 */
public record FaultPlan(List<Step> steps) {
    /** Plans of the same steps are equal, in whatever order these were given. */
    private static final Comparator<Step> ORDER =
            Comparator.comparing(Step::at).thenComparing(FaultPlan::rank).thenComparing(Step::toString);

    /** Copies the list, and puts it in order. */
    public FaultPlan {
        steps = steps.stream().sorted(ORDER).toList();
    }

    private static int rank(Step step) {
        if (step instanceof End || step instanceof Release) {
            return 0;
        }
        return step instanceof Reset ? 1 : 2;
    }

    /** One thing that happens. */
    public sealed interface Step {
        /** When, from the start of the run. */
        Duration at();
    }

    /** The connections between two validators, by their indices, are reset. */
    public record Reset(Duration at, int one, int other) implements Step {}

    /** Nothing passes between two validators from now on, and nobody is told: a black hole. */
    public record Hold(Duration at, int one, int other) implements Step {}

    /** It passes again. */
    public record Release(Duration at, int one, int other) implements Step {}

    /** A fault of a validator begins. */
    public record Begin(Duration at, Fault fault, int validator) implements Step {}

    /** It is over. */
    public record End(Duration at, Fault fault, int validator) implements Step {}

    /** Shares of a run, in hundredths. They leave the beginning and pieces between them in peace. */
    private enum Share {
        REMOVED(Fault.REMOVED, 10, 25),
        STALLED(Fault.STALLED, 30, 64),
        SLOW(Fault.SLOW, 67, 80),
        KILLED(Fault.KILLED, 83, 90);

        private final Fault fault;
        private final int from;
        private final int until;

        Share(Fault fault, int from, int until) {
            this.fault = fault;
            this.from = from;
            this.until = until;
        }
    }

    /**
     * The plan of a seed. Times are shares of a run's duration.
     *
     * @param faults those there are to be
     * @param resetEvery how often a connection is reset
     * @param validators how many there are, at least 2
     */
    public static FaultPlan of(long seed, Set<Fault> faults, Duration duration, Duration resetEvery, int validators) {
        List<Step> steps = new ArrayList<>();
        // Each fault draws from chance of its own: leaving one out changes no other.
        RandomGenerator victims = new Random(seed);
        for (Share share : Share.values()) {
            int victim = victims.nextInt(validators);
            if (faults.contains(share.fault)) {
                steps.add(new Begin(part(duration, share.from), share.fault, victim));
                steps.add(new End(part(duration, share.until), share.fault, victim));
            }
        }
        if (faults.contains(Fault.RESETS)) {
            RandomGenerator pairs = new Random(~seed);
            for (Duration at = resetEvery; at.compareTo(duration) < 0; at = at.plus(resetEvery)) {
                int one = pairs.nextInt(validators);
                int other = (one + 1 + pairs.nextInt(validators - 1)) % validators;
                steps.add(new Reset(at, Math.min(one, other), Math.max(one, other)));
            }
        }
        return new FaultPlan(steps);
    }

    private static Duration part(Duration whole, int hundredths) {
        return whole.multipliedBy(hundredths).dividedBy(100);
    }
}
