/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.raft.RaftComparison;
import io.softclose.bench.raft.RaftSettings;
import io.softclose.net.Providers;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a Raft group over Softclose while its network is bad, and the same within the process, and compares all logs. */
@Command(
        name = "raft",
        description = {
            "Nodes of MicroRaft replicate what clients ask for, over mutual TLS and paths with latency, while connections"
                    + " are reset and the leader is stalled; and the same within the process, without connections and"
                    + " faults. Shows elections, commits and how long they take, and looks whether all logs agree.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RaftCommand implements Callable<Integer> {
    private static final String NO_FAULTS = "none";
    private static final double BYTES_PER_MEGABIT = 1_000_000 / 8.0;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many, 3 to 5; ${DEFAULT-VALUE} by default.")
    private int nodes;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "nio",
            description = "The transport below TLS, one of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.")
    private AnyTransport transport;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "graceful",
            description = "The close policy, by its provider's name; ${DEFAULT-VALUE} by default.")
    private String policy;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            defaultValue = "18s",
            converter = DurationConverter.class,
            description = "How long each of the two runs is measured; ${DEFAULT-VALUE} by default.")
    private Duration duration;

    @Option(
            names = "--latency",
            paramLabel = "DURATION",
            defaultValue = "20ms",
            converter = DurationConverter.class,
            description = "From one node to another, one way; ${DEFAULT-VALUE} by default.")
    private Duration latency;

    @Option(
            names = "--jitter",
            paramLabel = "DURATION",
            defaultValue = "2ms",
            converter = DurationConverter.class,
            description = "Up to how much more, by chance; ${DEFAULT-VALUE} by default.")
    private Duration jitter;

    @Option(
            names = "--bandwidth",
            paramLabel = "MBIT",
            defaultValue = "10",
            description = "Of each connection, in Mbit/s, each way; ${DEFAULT-VALUE} by default.")
    private double bandwidth;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "32",
            description = "How many operations are under way at a time; ${DEFAULT-VALUE} by default.")
    private int clients;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "200",
            description = "How long each is; ${DEFAULT-VALUE} by default.")
    private int size;

    @Option(
            names = "--reset-every",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How often the connection between two nodes by chance is reset; ${DEFAULT-VALUE} by default.")
    private Duration resetEvery;

    @Option(
            names = "--faults",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of resets and stalled, or none; by default both.")
    private List<String> faults = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of everything that is left to chance, the same for both runs; another one each time by default."
                            + " What the machine's timing makes of it is never quite the same.")
    private @Nullable Long seed;

    @Mixin
    private JsonFile json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RaftSettings settings = settings();
        json.requireWritable();
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        LogOutput errors = LogOutput.errorsAlone();
        try (errors) {
            tell(err, RaftComparison.title(settings));
            RaftComparison comparison = RaftComparison.play(settings, line -> tell(err, line));
            comparison.table().forEach(out::println);
            boolean broken = out.checkError();
            json.write(comparison::json);
            if (broken) {
                throw new IOException("standard output is broken: the table is lost");
            }
            return (comparison.passed() ? ExitCode.OK : ExitCode.FELL_SHORT).code();
        }
    }

    private static void tell(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }

    private RaftSettings settings() {
        if (!transport.available()) {
            throw new ParameterException(
                    spec.commandLine(), "transport: " + transport + " (expected: one that is available here)");
        }
        Choices.require(spec.commandLine(), "policy", policy, Providers.closePolicyNames());
        if (!(bandwidth > 0 && bandwidth <= 10_000)) {
            throw new ParameterException(
                    spec.commandLine(), "bandwidth: " + bandwidth + " (expected: > 0 to 10000 Mbit/s)");
        }
        try {
            return new RaftSettings(
                    nodes,
                    transport,
                    policy,
                    new WanConditions(latency, jitter, Math.round(bandwidth * BYTES_PER_MEGABIT)),
                    clients,
                    size,
                    duration,
                    resetEvery,
                    chosenFaults(),
                    seed == null ? new Random().nextInt(1_000_000) : seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Set<RaftSettings.Fault> chosenFaults() {
        if (faults.equals(List.of(NO_FAULTS))) {
            return Set.of();
        }
        List<String> known = Stream.concat(
                        Arrays.stream(RaftSettings.Fault.values()).map(RaftCommand::label),
                        Stream.of(NO_FAULTS + " alone"))
                .toList();
        faults.forEach(name -> Choices.require(spec.commandLine(), "faults", name, known));
        return Arrays.stream(RaftSettings.Fault.values())
                .filter(fault -> faults.isEmpty() || faults.contains(label(fault)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(RaftSettings.Fault.class)));
    }

    private static String label(RaftSettings.Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
