/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import static java.util.Objects.requireNonNullElse;

import io.softclose.bench.cli.option.OneValidatorOptions.OneValidator;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.testnet.Fault;
import io.softclose.bench.testnet.FaultScript;
import io.softclose.bench.testnet.Faults;
import io.softclose.bench.testnet.Placement;
import io.softclose.bench.testnet.TestnetSettings;
import io.softclose.bench.testnet.host.HostSettings;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.bench.testnet.node.TestnetPolicies;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say what a test network is like, and what is done to it. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TestnetOptions {
    private static final String NO_FAULTS = "none";
    private static final double BYTES_PER_MEGABIT = 1_000_000 / 8.0;
    private static final int ROUND_TRIPS_TO_GIVE_UP = 5;
    private static final String ONE_POLICY = "graceful";

    /** What is between validators of one machine, and done to them there. */
    private static final List<String> ONE_MACHINE =
            List.of("--bandwidth", "--loss", "--reset-every", "--faults", "--fault-script", "--print-faults");

    /** What a script says instead. */
    private static final List<String> BY_CHANCE = List.of("--faults", "--reset-every");

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

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these close policies, or fixed-timer, a baseline, or hiero, another name of drop; by default all"
                            + " that are found, and " + ONE_POLICY + " with --index.")
    private List<String> policies = List.of();

    @Option(
            names = "--handover",
            paramLabel = "WHETHER",
            description = "Whether messages go on to the next connection: on, off or both; both by default, and on with"
                    + " --index.")
    private @Nullable HandOverChoice handOver;

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
            description = "How long each run is measured, from the first committed block; ${DEFAULT-VALUE} by default.")
    private Duration duration;

    @Option(
            names = "--latency",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            converter = DurationConverter.class,
            description = "From one validator to another, one way; with --index what the network is known to have;"
                    + " ${DEFAULT-VALUE} by default.")
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
            names = "--loss",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "With --netns: how many of a hundred packets each path loses; ${DEFAULT-VALUE} by default.")
    private double loss;

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
            names = "--fault-script",
            paramLabel = "FILE",
            description = "Instead of --faults and --reset-every: what goes wrong when, a fault a line, as"
                    + " \"1s reset 0-2\", \"2s..5s removed 3\" or \"4s..10s black-hole 0-1\".")
    private @Nullable Path faultScript;

    @Option(
            names = "--print-faults",
            description =
                    "Prints what would go wrong when, by this seed, as --fault-script reads it, and plays nothing.")
    private boolean printFaults;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of everything that is left to chance, the same for all runs; another one each time by default."
                            + " What the machine's timing makes of it is never quite the same.")
    private @Nullable Long seed;

    /** The runs, in the order in which they are played; a policy under two names is played once. */
    public List<Variant> variants() {
        List<String> played = TestnetPolicies.all();
        policies.forEach(name -> Choices.require(spec.commandLine(), "policy", name, played));
        List<String> chosen = policies.isEmpty()
                ? TestnetPolicies.usual()
                : policies.stream().map(TestnetPolicies::played).toList();
        List<HandOver> ways = requireNonNullElse(handOver, HandOverChoice.BOTH).chosen();
        return played.stream()
                .filter(chosen::contains)
                .flatMap(policy -> ways.stream().map(how -> new Variant(policy, how)))
                .toList();
    }

    /** Whether only the faults are asked for. */
    public boolean printsFaults() {
        return printFaults;
    }

    /** What all runs of a comparison have in common. */
    public TestnetSettings settings(Placement placement) {
        requireTransport();
        try {
            return new TestnetSettings(
                    transport,
                    new WanConditions(latency, jitter, bytes("bandwidth", bandwidth)),
                    loss,
                    healthInterval,
                    reconnectInterval,
                    roundTimeout(),
                    TrafficLoad.of(bytes("load", load)),
                    duration,
                    faultScript == null ? new Faults.ByChance(chosenFaults(), resetEvery) : scripted(faultScript),
                    chosenSeed(),
                    placement);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** What one validator is told whose others are elsewhere. */
    public HostSettings settings(OneValidator one) {
        for (String option : ONE_MACHINE) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option.substring(2)
                                + ": with --index (expected: without; the network between hosts is what it is)");
            }
        }
        requireTransport();
        try {
            return new HostSettings(
                    new NodeSettings(
                            one.index(),
                            one.validators(),
                            oneVariant(),
                            transport,
                            AnyTransport.DEFAULT_BUFFER,
                            healthInterval,
                            reconnectInterval,
                            roundTimeout(),
                            TrafficLoad.of(bytes("load", load)),
                            chosenSeed()),
                    one.listen(),
                    one.others(),
                    latency.multipliedBy(2),
                    duration);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Variant oneVariant() {
        List<String> known = TestnetPolicies.all();
        policies.forEach(name -> Choices.require(spec.commandLine(), "policy", name, known));
        if (policies.size() > 1 || handOver == HandOverChoice.BOTH) {
            throw new ParameterException(
                    spec.commandLine(),
                    (handOver == HandOverChoice.BOTH ? "handover: both" : "policy: " + String.join(",", policies))
                            + " (expected: one with --index, the same for all validators)");
        }
        String policy = policies.isEmpty() ? ONE_POLICY : TestnetPolicies.played(policies.get(0));
        return new Variant(policy, handOver == HandOverChoice.OFF ? HandOver.OFF : HandOver.ON);
    }

    private void requireTransport() {
        if (!transport.available()) {
            throw new ParameterException(
                    spec.commandLine(), "transport: " + transport + " (expected: one that is available here)");
        }
    }

    private Duration roundTimeout() {
        Duration trips = latency.plus(jitter).multipliedBy(2 * ROUND_TRIPS_TO_GIVE_UP);
        Duration least = Duration.ofSeconds(1);
        return trips.compareTo(least) > 0 ? trips : least;
    }

    private long chosenSeed() {
        return seed == null ? new Random().nextInt(1_000_000) : seed;
    }

    private static long bytes(String name, double megabits) {
        if (!(megabits >= 0 && megabits <= 10_000)) {
            throw new IllegalArgumentException(name + ": " + megabits + " (expected: 0 to 10000 Mbit/s)");
        }
        return Math.round(megabits * BYTES_PER_MEGABIT);
    }

    private Faults scripted(Path script) {
        for (String option : BY_CHANCE) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option.substring(2) + ": with --fault-script (expected: one of the two; the script says it)");
            }
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(script);
        } catch (IOException unreadable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "fault-script: \"" + script + "\" cannot be read: " + unreadable + " (expected: a text file)",
                    unreadable);
        }
        try {
            return new Faults.Scripted(
                    script.toString(), FaultScript.parse(lines, duration, TestnetSettings.VALIDATORS));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    spec.commandLine(), "fault-script: \"" + script + "\", " + wrong.getMessage(), wrong);
        }
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
}
