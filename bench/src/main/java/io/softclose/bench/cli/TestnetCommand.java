/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.Durations;
import io.softclose.bench.ExitCode;
import io.softclose.bench.Failures;
import io.softclose.bench.Origin;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.cli.option.MetricsOptions;
import io.softclose.bench.cli.option.OneValidatorOptions;
import io.softclose.bench.cli.option.OneValidatorOptions.OneValidator;
import io.softclose.bench.cli.option.TestnetOptions;
import io.softclose.bench.lab.WireMesh;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.MetricsServer;
import io.softclose.bench.node.Termination;
import io.softclose.bench.testnet.FaultScript;
import io.softclose.bench.testnet.Placement;
import io.softclose.bench.testnet.TestnetComparison;
import io.softclose.bench.testnet.TestnetRun;
import io.softclose.bench.testnet.TestnetSettings;
import io.softclose.bench.testnet.host.HostReport;
import io.softclose.bench.testnet.host.HostRun;
import io.softclose.bench.testnet.host.HostSettings;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.LocalCrew;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.bench.testnet.process.ProcessCrew;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs four validators under one close policy after the other while their network is bad, or one validator of a network of hosts. */
@Command(
        name = "testnet",
        description = {
            "Four validators agree on blocks, over mutual TLS and paths with latency, while connections are reset and"
                    + " validators are stalled, removed and killed; the same for each close policy, with and without"
                    + " hand-over from one connection to the next.",
            "With --index, one validator alone, whose others are started elsewhere.",
            "Progress goes to standard error, the tables to standard output. Asked to end earlier (SIGINT, SIGTERM), it"
                    + " prints what it has."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TestnetCommand implements Callable<Integer> {
    /** What ending and printing may take if it is asked to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(8);

    @Spec
    private CommandSpec spec;

    @Mixin
    private TestnetOptions options;

    @Mixin
    private OneValidatorOptions one;

    @Mixin
    private MetricsOptions metrics;

    @Mixin
    private JsonFile json;

    @Option(
            names = "--processes",
            description =
                    "Runs each validator in a process of its own, which is stopped (SIGSTOP) and killed (SIGKILL).")
    private boolean processes;

    @Option(
            names = "--netns",
            description =
                    "The same, each in a network namespace of its own: the kernel's netem delays, loses and slows down what"
                            + " passes between them, not a relay. Needs Linux with netem, root, ip, tc and ss.")
    private boolean netns;

    @Override
    public Integer call() throws IOException {
        return one.asked() ? runOne() : compare();
    }

    private int compare() throws IOException {
        one.requireNone();
        TestnetSettings settings = options.settings(placement());
        if (options.printsFaults()) {
            return printFaults(settings);
        }
        List<Variant> variants = options.variants();
        if (placement() != Placement.ONE_PROCESS && metrics.asked()) {
            throw refusal("metrics: with " + (netns ? "--netns" : "--processes")
                    + " (expected: without; the networks are in other processes)");
        }
        json.requireWritable();
        if (netns) {
            WireMesh.refusal().ifPresent(why -> {
                throw refusal("netns: " + why);
            });
        }
        LogOutput errors = LogOutput.errorsAlone();
        // Releases the process last, when everything is printed.
        try (errors;
                Termination termination = Termination.arm(LAST_WORDS)) {
            return withMetrics(served -> {
                say(TestnetComparison.title(settings));
                TestnetRun run = TestnetRun.start(settings, crew(settings, served), variants, this::say);
                await(run.done(), termination);
                TestnetComparison comparison = run.stop();
                print(comparison.tables(), comparison::json);
                return comparison.passed();
            });
        }
    }

    private int printFaults(TestnetSettings settings) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("# " + settings.faults().inWords() + "; seed " + settings.seed() + ", "
                + Durations.text(settings.duration()) + "; times count from the first committed block");
        FaultScript.lines(settings.plan()).forEach(out::println);
        if (out.checkError()) {
            throw new IOException("standard output is broken: the faults are lost");
        }
        return ExitCode.OK.code();
    }

    private Placement placement() {
        if (netns) {
            return Placement.NAMESPACES;
        }
        return processes ? Placement.PROCESSES : Placement.ONE_PROCESS;
    }

    private Crew crew(TestnetSettings settings, Optional<MetricsServer> served) throws IOException {
        return switch (settings.placement()) {
            case ONE_PROCESS -> new LocalCrew(TestnetSettings.VALIDATORS, served);
            case PROCESSES -> ProcessCrew.of(TestnetSettings.VALIDATORS, Optional.empty());
            case NAMESPACES -> ProcessCrew.of(TestnetSettings.VALIDATORS, Optional.of(wires(settings)));
        };
    }

    private static WireMesh wires(TestnetSettings settings) throws IOException {
        try {
            return WireMesh.open(TestnetSettings.VALIDATORS, settings.lossPercent());
        } catch (UncheckedIOException failed) {
            throw new IOException("netns: " + Failures.describe(failed), failed);
        }
    }

    private int runOne() throws IOException {
        if (processes || netns) {
            throw refusal(
                    (netns ? "netns" : "processes") + ": with --index (expected: one of the two; this is one process)");
        }
        OneValidator validator = one.read();
        HostSettings settings = options.settings(validator);
        json.requireWritable();
        LogOutput errors = LogOutput.errorsAlone();
        try (errors;
                Termination termination = Termination.arm(LAST_WORDS)) {
            return withMetrics(served -> {
                say(HostReport.title(settings));
                HostRun run = HostRun.start(
                        settings,
                        validator.identity(),
                        validator.store(),
                        LocalCrew.meters(served, settings.node()),
                        line -> say("validator " + validator.index() + " " + line));
                await(run.done(), termination);
                HostReport report = run.stop();
                print(report.tables(), report::json);
                return report.passed();
            });
        }
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** What is done while metrics are served, if they are. */
    private interface Play {
        /** Answers whether all went as it should. */
        boolean play(Optional<MetricsServer> served) throws IOException;
    }

    private int withMetrics(Play play) throws IOException {
        Optional<MetricsServer> served = metrics.serve();
        try {
            served.ifPresent(server -> say("metrics at http://" + Endpoint.format(server.address()) + "/metrics"));
            return (play.play(served) ? ExitCode.OK : ExitCode.FELL_SHORT).code();
        } finally {
            served.ifPresent(MetricsServer::close);
        }
    }

    private static void await(CompletionStage<?> done, Termination termination) {
        CompletableFuture.anyOf(
                        done.toCompletableFuture(), termination.requested().toCompletableFuture())
                .join();
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private void print(List<String> tables, Function<Origin, String> document) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        tables.forEach(out::println);
        boolean broken = out.checkError();
        json.write(document);
        if (broken) {
            throw new IOException("standard output is broken: the tables are lost");
        }
    }
}
