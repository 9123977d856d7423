/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a run's faults come from: the same for all runs. */
public sealed interface Faults {
    /**
     * What goes wrong when.
     *
     * @param seed of what is left to chance
     */
    FaultPlan plan(long seed, Duration duration, int validators);

    /** In a few words, for a title. */
    String inWords();

    /**
     * By the chance of a seed, at fixed shares of a run.
     *
     * @param faults those there are to be
     * @param resetEvery how often a connection by chance is reset
     */
    record ByChance(Set<Fault> faults, Duration resetEvery) implements Faults {
        /** Copies the set. */
        public ByChance {
            faults = Set.copyOf(faults);
            Require.positive("resetEvery", resetEvery);
        }

        @Override
        public FaultPlan plan(long seed, Duration duration, int validators) {
            return FaultPlan.of(seed, faults, duration, resetEvery, validators);
        }

        @Override
        public String inWords() {
            String names = labels().stream()
                    .map(label -> label.equals(Fault.RESETS.label())
                            ? "resets every " + resetEvery.toMillis() + " ms"
                            : label)
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "no faults" : "faults: " + names;
        }

        /** Their names, in their order. */
        public List<String> labels() {
            return Arrays.stream(Fault.values())
                    .filter(faults::contains)
                    .map(Fault::label)
                    .toList();
        }
    }

    /**
     * As a script says, whatever the seed.
     *
     * @param name of the script, for people
     */
    record Scripted(String name, FaultPlan plan) implements Faults {
        @Override
        public FaultPlan plan(long seed, Duration duration, int validators) {
            return plan;
        }

        @Override
        public String inWords() {
            return "faults: script " + name;
        }
    }
}
