/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.throughput.Effort;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How long and how often is measured what goes from one process to another. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class EffortOptions {
    private static final int MOST_ROUNDS = 100;
    private static final int BURSTS = 3;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "In each, everything is measured once, in turn; ${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How long each runs before it is measured; ${DEFAULT-VALUE} by default.")
    private Duration warmUp;

    @Option(
            names = "--burst",
            paramLabel = "DURATION",
            defaultValue = "500ms",
            converter = DurationConverter.class,
            description = "About how long each of three bursts takes, of which the median counts; ${DEFAULT-VALUE} by"
                    + " default.")
    private Duration burst;

    /**
     * What they say.
     *
     * @throws ParameterException if one is out of range
     */
    public Effort effort() {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw wrong("rounds: " + rounds + " (expected: 1 to " + MOST_ROUNDS + ")");
        }
        try {
            return new Effort(rounds, warmUp, BURSTS, burst);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
