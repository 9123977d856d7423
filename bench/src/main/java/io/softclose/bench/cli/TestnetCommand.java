/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Origin;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.node.Termination;
import io.softclose.bench.testnet.Fault;
import io.softclose.bench.testnet.HandOver;
import io.softclose.bench.testnet.TestnetComparison;
import io.softclose.bench.testnet.TestnetPolicies;
import io.softclose.bench.testnet.TestnetRun;
import io.softclose.bench.testnet.TestnetSettings;
import io.softclose.bench.testnet.TrafficLoad;
import io.softclose.bench.testnet.Variant;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs four validators under one close policy after the other while their network is bad, and shows how their chain gets on. */
@Command(
        name = "testnet",
        description = {
            "Four validators agree on blocks, over mutual TLS and paths with latency, while connections are reset and"
                    + " validators are stalled, removed and killed; the same for each close policy, with and without"
                    + " hand-over from one connection to the next.",
            "Progress goes to standard error, the tables to standard output. Asked to end earlier (SIGINT, SIGTERM), it"
                    + " prints what it has."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TestnetCommand implements Callable<Integer> {
    /** What printing may take if it is asked to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private static final String NO_FAULTS = "none";
    private static final double BYTES_PER_MEGABIT = 1_000_000 / 8.0;
    private static final int ROUND_TRIPS_TO_GIVE_UP = 5;

    /** With which hand-over runs are played. */
    enum HandOverChoice {
        OFF,
        ON,
        BOTH;

        List<HandOver> chosen() {
            return switch (this) {
                case OFF -> List.of(HandOver.OFF);
                case ON -> List.of(HandOver.ON);
                case BOTH -> List.of(HandOver.OFF, HandOver.ON);
            };
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description = "Only these close policies, or fixed-timer, a baseline; by default all that are found.")
    private List<String> policies = List.of();

    @Option(
            names = "--handover",
            paramLabel = "WHETHER",
            defaultValue = "both",
            description =
                    "Whether messages go on to the next connection: on, off or both; ${DEFAULT-VALUE} by default.")
    private HandOverChoice handOver;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "nio",
            description = "The transport below TLS, one of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.")
    private AnyTransport transport;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            defaultValue = "18s",
            converter = DurationConverter.class,
            description = "How long each run is measured; ${DEFAULT-VALUE} by default.")
    private Duration duration;

    @Option(
            names = "--latency",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            converter = DurationConverter.class,
            description = "From one validator to another, one way; ${DEFAULT-VALUE} by default.")
    private Duration latency;

    @Option(
            names = "--jitter",
            paramLabel = "DURATION",
            defaultValue = "10ms",
            converter = DurationConverter.class,
            description = "Up to how much more, by chance; ${DEFAULT-VALUE} by default.")
    private Duration jitter;

    @Option(
            names = "--bandwidth",
            paramLabel = "MBIT",
            defaultValue = "4",
            description = "Of each connection, in Mbit/s, each way; ${DEFAULT-VALUE} by default.")
    private double bandwidth;

    @Option(
            names = "--load",
            paramLabel = "MBIT",
            defaultValue = "1.6",
            description =
                    "Batches and mempool's traffic from each validator to each other, in Mbit/s; ${DEFAULT-VALUE} by"
                            + " default.")
    private double load;

    @Option(
            names = "--reset-every",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description =
                    "How often the connection between two validators by chance is reset; ${DEFAULT-VALUE} by default.")
    private Duration resetEvery;

    @Option(
            names = "--health-interval",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How often each connection's health is checked, and how long an answer may take; the fourth"
                    + " failure in a row closes it; ${DEFAULT-VALUE} by default.")
    private Duration healthInterval;

    @Option(
            names = "--reconnect-interval",
            paramLabel = "DURATION",
            defaultValue = "250ms",
            converter = DurationConverter.class,
            description =
                    "How often each validator looks for others without a connection, to dial them; ${DEFAULT-VALUE} by"
                            + " default.")
    private Duration reconnectInterval;

    @Option(
            names = "--faults",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of resets, removed, stalled, slow and killed, or none; by default all.")
    private List<String> faults = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of everything that is left to chance, the same for all runs; another one each time by default."
                            + " What the machine's timing makes of it is never quite the same.")
    private @Nullable Long seed;

    @Mixin
    private JsonFile json;

    @Override
    public Integer call() throws IOException {
        TestnetSettings settings = settings();
        List<Variant> variants = variants();
        json.requireWritable();
        LogOutput errors = LogOutput.errorsAlone();
        // Releases the process last, when everything is printed.
        try (errors;
                Termination termination = Termination.arm(LAST_WORDS)) {
            return print(run(settings, variants, termination)).code();
        }
    }

    private List<Variant> variants() {
        List<String> known = TestnetPolicies.all();
        policies.forEach(name -> Choices.require(spec.commandLine(), "policy", name, known));
        List<String> chosen = policies.isEmpty() ? TestnetPolicies.usual() : policies;
        return known.stream()
                .filter(chosen::contains)
                .flatMap(policy -> handOver.chosen().stream().map(how -> new Variant(policy, how)))
                .toList();
    }

    private TestnetSettings settings() {
        if (!transport.available()) {
            throw new ParameterException(
                    spec.commandLine(), "transport: " + transport + " (expected: one that is available here)");
        }
        Duration trip = latency.plus(jitter);
        try {
            return new TestnetSettings(
                    transport,
                    new WanConditions(latency, jitter, bytes("bandwidth", bandwidth)),
                    healthInterval,
                    reconnectInterval,
                    longer(Duration.ofSeconds(1), trip.multipliedBy(2 * ROUND_TRIPS_TO_GIVE_UP)),
                    TrafficLoad.of(bytes("load", load)),
                    duration,
                    resetEvery,
                    chosenFaults(),
                    seed == null ? new Random().nextInt(1_000_000) : seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static long bytes(String name, double megabits) {
        if (!(megabits >= 0 && megabits <= 10_000)) {
            throw new IllegalArgumentException(name + ": " + megabits + " (expected: 0 to 10000 Mbit/s)");
        }
        return Math.round(megabits * BYTES_PER_MEGABIT);
    }

    private Set<Fault> chosenFaults() {
        List<String> labels = Arrays.stream(Fault.values()).map(Fault::label).toList();
        if (faults.equals(List.of(NO_FAULTS))) {
            return EnumSet.noneOf(Fault.class);
        }
        List<String> known =
                Stream.concat(labels.stream(), Stream.of(NO_FAULTS + " alone")).toList();
        faults.forEach(name -> Choices.require(spec.commandLine(), "faults", name, known));
        return Arrays.stream(Fault.values())
                .filter(fault -> faults.isEmpty() || faults.contains(fault.label()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    private TestnetComparison run(TestnetSettings settings, List<Variant> variants, Termination termination) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(TestnetComparison.title(settings));
        err.flush();
        TestnetRun run = TestnetRun.start(settings, variants, line -> {
            err.println(line);
            err.flush();
        });
        CompletableFuture.anyOf(
                        run.done().toCompletableFuture(),
                        termination.requested().toCompletableFuture())
                .join();
        return run.stop();
    }

    private ExitCode print(TestnetComparison comparison) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        comparison.tables().forEach(out::println);
        boolean broken = out.checkError();
        json.write(() -> comparison.json(
                Origin.of(spec.root().commandLine().getParseResult().originalArgs())));
        if (broken) {
            throw new IOException("standard output is broken: the tables are lost");
        }
        return comparison.passed() ? ExitCode.OK : ExitCode.FELL_SHORT;
    }
}
