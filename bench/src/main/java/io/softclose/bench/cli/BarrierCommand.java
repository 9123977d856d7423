/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.TextTable;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.shutdown.BarrierExperiment;
import io.softclose.bench.shutdown.BarrierExperiment.Arrived;
import io.softclose.bench.shutdown.BarrierExperiment.Ending;
import io.softclose.bench.shutdown.BarrierExperiment.Load;
import io.softclose.bench.shutdown.BarrierExperiment.Times;
import io.softclose.bench.shutdown.Bottleneck.Turns;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
            "Ends a node whose connections share a bottleneck, each with votes queued behind bulk, within a budget that"
                    + " suffices for a tenth of it, and counts the votes that arrive: once as a network that shuts down,"
                    + " once closing each connection by itself, in turn, for several rounds.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BarrierCommand implements Callable<Integer> {
    private static final int PART = 10;
    private static final int BULK_BYTES = 8_000;
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
            description = "Of each connection; ${DEFAULT-VALUE} by default.")
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
    public Integer call() throws IOException {
        requireAtLeastOne("rounds", rounds);
        requireAtLeastOne("connections", connections);
        requireAtLeastOne("votes", votes);
        requireAtLeastOne("bulk", bulk);
        Load load = new Load(connections, votes, bulk, BULK_BYTES, budget, PART);
        TextTable table = new TextTable(
                List.of(
                        "bottleneck",
                        "bulk drains",
                        "the node ends",
                        "votes",
                        "least",
                        "most",
                        "half after",
                        "9/10 after",
                        "all after",
                        "ratio",
                        "min",
                        "max"),
                3,
                0);
        for (Turns turns : Turns.values()) {
            for (Times times : Times.values()) {
                rows(load, times, turns).forEach(table::add);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        table.render().forEach(out::println);
        out.println();
        out.println("Votes of " + load.allVotes()
                + " that were handled when the node had ended, and how long after it began to"
                + " end half, nine tenths and all were: medians over " + rounds + " rounds.");
        out.println("ratio: 9/10 after, as one / one by one, of the same round; min and max over the rounds.");
        out.flush();
        return ExitCode.OK.code();
    }

    private List<List<String>> rows(Load load, Times times, Turns turns) throws IOException {
        List<Arrived> asOne = new ArrayList<>();
        List<Arrived> oneByOne = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            asOne.add(measured(load, times, turns, Ending.SHUTDOWN));
            oneByOne.add(measured(load, times, turns, Ending.SINGLE_CLOSES));
        }
        String bottleneck = turns.name().toLowerCase(Locale.ROOT);
        String drains = times == Times.SHARED ? "for its share" : "as long as votes";
        List<String> first = new ArrayList<>(List.of(bottleneck, drains, "as one"));
        first.addAll(figures(load, asOne));
        first.addAll(ratios(load, asOne, oneByOne));
        List<String> second = new ArrayList<>(List.of(bottleneck, drains, "one by one"));
        second.addAll(figures(load, oneByOne));
        second.addAll(List.of("", "", ""));
        return List.of(first, second);
    }

    private Arrived measured(Load load, Times times, Turns turns, Ending ending) throws IOException {
        Arrived arrived = BarrierExperiment.measure(load, times, turns, ending);
        PrintWriter err = spec.commandLine().getErr();
        err.println(turns + ", " + times + ", " + ending + ": " + arrived.votes() + " of " + load.allVotes()
                + ", nine tenths after " + seconds(arrived.until(mostVotes(load))));
        err.flush();
        return arrived;
    }

    private void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), name + ": " + value + " (expected: > 0)");
        }
    }

    private static int mostVotes(Load load) {
        return Math.max(1, load.allVotes() * 9 / 10);
    }

    private static List<String> figures(Load load, List<Arrived> rounds) {
        List<Integer> votes = rounds.stream().map(Arrived::votes).sorted().toList();
        List<String> figures = new ArrayList<>(
                List.of("" + votes.get(votes.size() / 2), "" + votes.get(0), "" + votes.get(votes.size() - 1)));
        for (int wanted : new int[] {Math.max(1, load.allVotes() / 2), mostVotes(load), load.allVotes()}) {
            // Where fewer came, it took longer than anybody waited.
            List<Optional<Duration>> times = rounds.stream()
                    .map(arrived -> arrived.until(wanted))
                    .sorted(Comparator.comparing(time -> time.orElse(ChronoUnit.FOREVER.getDuration())))
                    .toList();
            figures.add(seconds(times.get(times.size() / 2)));
        }
        return figures;
    }

    /** Of the rounds in which both got so far. */
    private static List<String> ratios(Load load, List<Arrived> asOne, List<Arrived> oneByOne) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < asOne.size(); round++) {
            Optional<Duration> ours = asOne.get(round).until(mostVotes(load));
            Optional<Duration> theirs = oneByOne.get(round).until(mostVotes(load));
            if (ours.isPresent() && theirs.isPresent()) {
                ratios.add((double) ours.get().toNanos() / theirs.get().toNanos());
            }
        }
        if (ratios.isEmpty()) {
            return List.of(NEVER, NEVER, NEVER);
        }
        Collections.sort(ratios);
        return List.of(
                ratio(ratios.get(ratios.size() / 2)), ratio(ratios.get(0)), ratio(ratios.get(ratios.size() - 1)));
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String seconds(Optional<Duration> time) {
        return time.map(known -> String.format(Locale.ROOT, "%.2f s", known.toMillis() / 1_000.0))
                .orElse(NEVER);
    }
}
