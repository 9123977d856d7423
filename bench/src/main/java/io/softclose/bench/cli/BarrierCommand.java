/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.TextTable;
import io.softclose.bench.shutdown.BarrierExperiment;
import io.softclose.bench.shutdown.BarrierExperiment.Arrived;
import io.softclose.bench.shutdown.BarrierExperiment.Ending;
import io.softclose.bench.shutdown.BarrierExperiment.Load;
import io.softclose.bench.shutdown.BarrierExperiment.Times;
import io.softclose.bench.shutdown.Bottleneck.Turns;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
                        "votes",
                        "shutdown",
                        "min",
                        "max",
                        "last",
                        "single closes",
                        "min",
                        "max",
                        "last"),
                2,
                0);
        for (Turns turns : Turns.values()) {
            for (Times times : Times.values()) {
                table.add(row(load, times, turns));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        table.render().forEach(out::println);
        out.println();
        out.println("Votes that were handled when the node had ended: medians, least and most over " + rounds
                + " rounds; and how long after it began to end the last of them was.");
        out.flush();
        return ExitCode.OK.code();
    }

    private List<String> row(Load load, Times times, Turns turns) throws IOException {
        List<Arrived> shutdown = new ArrayList<>();
        List<Arrived> single = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            shutdown.add(measured(load, times, turns, Ending.SHUTDOWN));
            single.add(measured(load, times, turns, Ending.SINGLE_CLOSES));
        }
        String drains = times == Times.SHARED ? "for its share" : "as long as votes";
        List<String> row =
                new ArrayList<>(List.of(turns.name().toLowerCase(Locale.ROOT), drains, "" + load.allVotes()));
        row.addAll(spread(shutdown));
        row.addAll(spread(single));
        return row;
    }

    private Arrived measured(Load load, Times times, Turns turns, Ending ending) throws IOException {
        Arrived arrived = BarrierExperiment.measure(load, times, turns, ending);
        PrintWriter err = spec.commandLine().getErr();
        err.println(turns + ", " + times + ", " + ending + ": " + arrived.votes() + " of " + load.allVotes()
                + ", the last after " + seconds(arrived.lastAfter().toMillis()));
        err.flush();
        return arrived;
    }

    private void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), name + ": " + value + " (expected: > 0)");
        }
    }

    private static List<String> spread(List<Arrived> rounds) {
        List<Integer> votes = rounds.stream().map(Arrived::votes).sorted().toList();
        List<Long> last = rounds.stream()
                .map(arrived -> arrived.lastAfter().toMillis())
                .sorted()
                .toList();
        int middle = votes.size() / 2;
        return List.of(
                "" + votes.get(middle), "" + votes.get(0), "" + votes.get(votes.size() - 1), seconds(last.get(middle)));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1_000.0);
    }
}
