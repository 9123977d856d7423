/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.EffortOptions;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.scaling.Scaling;
import io.softclose.bench.shutdown.ConnectionsExperiment;
import io.softclose.net.Limits;
import io.softclose.net.Providers;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the same load over few and many connections. */
@Command(
        name = "scaling",
        description = {
            "The same load over 1, 10, 100 and 1 000 connections from one process to another over loopback: messages a second"
                    + " in all, how evenly the connections are served, and what each holds on the heap. About three"
                    + " minutes; the machine should have nothing else to do.",
            "Needs a file for each connection in each process (ulimit -n), and 200 more.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScalingCommand implements Callable<Integer> {
    /** To one address: Linux has ports for 28 000. */
    private static final int MOST_CONNECTIONS = 20_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,10,100,1000",
            description = "How many; of several, each in turn. ${DEFAULT-VALUE} by default.")
    private List<Integer> connections;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Only these transports; by default all that are found.")
    private List<String> transports = List.of();

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Payload; ${DEFAULT-VALUE} by default.")
    private int size;

    @Mixin
    private EffortOptions effort;

    @Mixin
    private JsonFile json;

    @Override
    public Integer call() throws IOException {
        List<String> chosen = Choices.orAll(spec.commandLine(), "transport", transports, Providers.transportNames());
        requireWithin("size", size, Scaling.LEAST_PAYLOAD, Limits.defaults().chunkSize(), "");
        int most = Math.min(MOST_CONNECTIONS, ConnectionsExperiment.most());
        connections.forEach(number ->
                requireWithin("connections", number, 1, most, ", by the limit of open files; ulimit -n raises it"));
        Scaling scaling = new Scaling(chosen, connections.stream().distinct().toList(), size, effort.effort());
        json.requireWritable();
        PrintWriter err = spec.commandLine().getErr();
        scaling.run(line -> {
            err.println(line);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        scaling.table().forEach(out::println);
        out.println();
        out.println(
                "Medians over rounds. To one: to one connection of the same round, with the least and the most. Fairness:"
                        + " what the least served connection had of its share when the first had all; worst: of all rounds. Ends:"
                        + " on the heap, per connection, from " + Scaling.FEWEST_TO_WEIGH + " connections on.");
        out.flush();
        json.write(scaling::json);
        return ExitCode.OK.code();
    }

    private void requireWithin(String what, int value, int least, int most, String why) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), what + ": " + value + " (expected: " + least + " to " + most + why + ")");
        }
    }
}
