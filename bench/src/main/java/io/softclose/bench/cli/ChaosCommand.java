/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.chaos.Campaign;
import io.softclose.bench.chaos.Campaign.Repeat;
import io.softclose.bench.lab.AnyTransport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has two processes close connections in every way while they are stopped and killed, and compares what both saw. */
@Command(
        name = "chaos",
        description = {
            "Two processes close connections under random policies, settings, transports and loads, while they are"
                    + " stopped, continued and killed; what both saw of every message is compared after each round.",
            "Progress and faults go to standard error, the summary to standard output. Needs a system with kill(1)."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ChaosCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many rounds; ${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of everything that is left to chance; another one each time by default. What the machine's"
                    + " timing makes of it is never quite the same.")
    private @Nullable Long seed;

    @Option(
            names = "--round",
            paramLabel = "N",
            description = "Plays only this round of the seed, as often as there are to be rounds.")
    private @Nullable Integer round;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many rounds at a time, with two processes each; ${DEFAULT-VALUE} by default.")
    private int pairs;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of ${COMPLETION-CANDIDATES}; by default all that are available.")
    private List<AnyTransport> transports = List.of();

    @Override
    public Integer call() throws InterruptedException, IOException {
        requireAtLeastOne("rounds", rounds);
        requireAtLeastOne("pairs", pairs);
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        Campaign campaign = new Campaign(
                chosen,
                round == null ? 0 : round,
                rounds,
                round == null ? Repeat.NONE : Repeat.FIRST,
                Math.min(pairs, rounds),
                available(),
                line -> {
                    err.println(line);
                    err.flush();
                });
        err.println("seed " + chosen + ", " + campaign.transports());
        err.flush();
        Campaign.Outcome outcome = campaign.run();
        outcome.lines().forEach(out::println);
        out.println(
                outcome.badRounds() == 0
                        ? "nothing that must not be, seed " + chosen
                        : outcome.badRounds() + " bad rounds, seed " + chosen + ", written down in "
                                + outcome.directory());
        out.flush();
        return (outcome.badRounds() == 0 ? ExitCode.OK : ExitCode.FELL_SHORT).code();
    }

    private List<AnyTransport> available() {
        List<AnyTransport> wanted = transports.isEmpty() ? List.of(AnyTransport.values()) : transports;
        List<AnyTransport> available = Arrays.stream(AnyTransport.values())
                .filter(wanted::contains)
                .filter(AnyTransport::available)
                .toList();
        if (available.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "transport: " + wanted + " (expected: one that is available here)");
        }
        return available;
    }

    private void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), name + ": " + value + " (expected: > 0)");
        }
    }
}
