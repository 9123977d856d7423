/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.compare.CloseConditions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What connections are closed under. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ConditionOptions {
    private static final double BYTES_PER_MEGABIT = 1_000_000 / 8.0;
    private static final int MOST_MEGABITS = 10_000;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            split = ",",
            converter = DurationConverter.class,
            description =
                    "The most that a close may take; of several, all runs are made with each. By default the policy's.")
    private List<Duration> deadlines = List.of();

    @Option(
            names = "--rtt",
            paramLabel = "DURATION",
            split = ",",
            converter = DurationConverter.class,
            description =
                    "How long bytes take to the receiving node and back; of several, each. By default loopback's.")
    private List<Duration> roundTrips = List.of();

    @Option(
            names = "--bandwidth",
            paramLabel = "MBIT",
            split = ",",
            description = "Of the path, in Mbit/s, each way; of several, each. By default loopback's.")
    private List<Double> bandwidths = List.of();

    @Option(
            names = "--stall",
            paramLabel = "DURATION",
            split = ",",
            converter = DurationConverter.class,
            description =
                    "For how long the receiving node reads nothing at first; of several, each. By default the reader's.")
    private List<Duration> stalls = List.of();

    /**
     * Each of what is given with each other; one without conditions if nothing is.
     *
     * @throws ParameterException if a condition cannot be
     */
    public List<CloseConditions> all() {
        try {
            return orNone(deadlines).stream()
                    .flatMap(deadline -> orNone(roundTrips).stream()
                            .flatMap(rtt -> orNone(bandwidths).stream()
                                    .flatMap(bandwidth -> orNone(stalls).stream()
                                            .map(stall -> new CloseConditions(
                                                    deadline,
                                                    rtt,
                                                    bandwidth.map(ConditionOptions::bytesPerSecond),
                                                    stall)))))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static <T> List<Optional<T>> orNone(List<T> given) {
        return given.isEmpty()
                ? List.of(Optional.empty())
                : given.stream().map(Optional::of).toList();
    }

    private static long bytesPerSecond(double megabits) {
        if (!(megabits > 0 && megabits <= MOST_MEGABITS)) {
            throw new IllegalArgumentException(
                    "bandwidth: " + megabits + " (expected: above 0 and at most " + MOST_MEGABITS + " Mbit/s)");
        }
        return Math.max(1, Math.round(megabits * BYTES_PER_MEGABIT));
    }
}
