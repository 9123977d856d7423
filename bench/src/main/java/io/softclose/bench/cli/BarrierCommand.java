/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.TextTable;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.shutdown.Arrived;
import io.softclose.bench.shutdown.BarrierCase;
import io.softclose.bench.shutdown.BarrierCase.Ending;
import io.softclose.bench.shutdown.BarrierExperiment;
import io.softclose.bench.shutdown.BarrierLoad;
import io.softclose.bench.shutdown.BarrierRounds;
import io.softclose.bench.shutdown.BarrierRounds.Spread;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what the barrier of a node's shutdown is worth. */
@Command(
        name = "barrier",
        description = {
            "Ends a node whose connections share a bottleneck, each with bulk that already fills the way and votes that"
                    + " wait behind it, within a budget that suffices for a tenth of all bytes, and counts the votes that"
                    + " arrive: as a network that shuts down, and closing each connection by itself, in turn, for several"
                    + " rounds. So for each bottleneck, for votes on all connections and on one in ten, and for close"
                    + " policies with lanes and without.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BarrierCommand implements Callable<Integer> {
    private static final int PART = 10;
    private static final int BULK_BYTES = 8_000;
    private static final int KIB = 1024;
    private static final String NEVER = "-";

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "${DEFAULT-VALUE} by default.")
    private int connections;

    @Option(
            names = "--votes",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "For each connection; where one in ten has votes, it has those of ten. ${DEFAULT-VALUE} by default.")
    private int votes;

    @Option(
            names = "--bulk",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Messages of 8 000 bytes of each connection, before its votes; ${DEFAULT-VALUE} by default.")
    private int bulk;

    @Option(
            names = "--budget",
            paramLabel = "DURATION",
            defaultValue = "4s",
            converter = DurationConverter.class,
            description = "For the end; ${DEFAULT-VALUE} by default.")
    private Duration budget;

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireAtLeastOne("rounds", rounds);
        TextTable table = new TextTable(
                List.of(
                        "bottleneck",
                        "votes on",
                        "policy",
                        "the node ends",
                        "votes wait",
                        "in kernel",
                        "votes",
                        "least",
                        "most",
                        "half after",
                        "9/10 after",
                        "all after",
                        "votes, to as one",
                        "9/10, to as one"),
                4,
                2);
        BarrierLoad load = load();
        for (BarrierCase each : BarrierCase.all()) {
            BarrierRounds measured = measure(load, each);
            table.add(row(each, Ending.AS_ONE, load, measured));
            List<String> without = row(each, Ending.ONE_BY_ONE, load, measured);
            without.add(ratio(measured.votesRatio()));
            without.add(ratio(measured.timeRatio()));
            table.add(without);
        }
        PrintWriter out = spec.commandLine().getOut();
        table.render().forEach(out::println);
        out.println();
        out.println(
                "votes wait, in kernel: when the node begins to end, votes in its lanes, and KiB that the operating system has"
                        + " of each connection.");
        out.println(
                "votes, least, most, and after: those that were handled when it had ended, and how long after it began to"
                        + " half, nine tenths and all of them were: medians over " + rounds + " rounds.");
        out.println("to as one: one by one / as one, of the same round: median (min to max).");
        out.flush();
        return ExitCode.OK.code();
    }

    private BarrierLoad load() {
        try {
            return new BarrierLoad(connections, votes, bulk, BULK_BYTES, budget, PART);
        } catch (IllegalArgumentException outOfBounds) {
            throw new ParameterException(spec.commandLine(), outOfBounds.getMessage());
        }
    }

    /** Each way in turn, the first of each round by turns, too: who comes second finds the machine warm. */
    private BarrierRounds measure(BarrierLoad load, BarrierCase each) throws IOException, InterruptedException {
        BarrierRounds measured = new BarrierRounds(load.allVotes(each.voters()));
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                Arrived asOne = measure(load, each, Ending.AS_ONE);
                measured.add(asOne, measure(load, each, Ending.ONE_BY_ONE));
            } else {
                Arrived oneByOne = measure(load, each, Ending.ONE_BY_ONE);
                measured.add(measure(load, each, Ending.AS_ONE), oneByOne);
            }
        }
        return measured;
    }

    private Arrived measure(BarrierLoad load, BarrierCase each, Ending ending)
            throws IOException, InterruptedException {
        Arrived arrived = BarrierExperiment.measure(load, each, ending);
        PrintWriter err = spec.commandLine().getErr();
        err.println(each + ", " + ending + ": " + arrived.votes() + " of " + load.allVotes(each.voters()));
        err.flush();
        return arrived;
    }

    private void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), name + ": " + value + " (expected: > 0)");
        }
    }

    private static List<String> row(BarrierCase each, Ending ending, BarrierLoad load, BarrierRounds rounds) {
        List<String> row = new ArrayList<>(List.of(
                each.turns().toString(), each.voters().toString(), each.rules().toString(), ending.toString()));
        row.add(whole(rounds.spread(ending, Arrived::votesWaiting).median()));
        row.add(whole(rounds.spread(ending, Arrived::kernelBytes).median() / KIB));
        Spread votes = rounds.spread(ending, Arrived::votes);
        row.addAll(List.of(whole(votes.median()), whole(votes.min()), whole(votes.max())));
        int all = load.allVotes(each.voters());
        for (int wanted : new int[] {Math.max(1, all / 2), rounds.nineTenths(), all}) {
            row.add(seconds(rounds.until(ending, wanted)));
        }
        return row;
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static String ratio(Optional<Spread> ratios) {
        return ratios.map(of -> String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", of.median(), of.min(), of.max()))
                .orElse(NEVER);
    }

    private static String seconds(Optional<Duration> time) {
        return time.map(known -> String.format(Locale.ROOT, "%.2f s", known.toMillis() / 1_000.0))
                .orElse(NEVER);
    }
}
