/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.ConditionOptions;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.cli.option.OutputFile;
import io.softclose.bench.compare.Cell;
import io.softclose.bench.compare.CellRunner;
import io.softclose.bench.compare.CloseConditions;
import io.softclose.bench.compare.Comparison;
import io.softclose.bench.compare.ComparisonRun;
import io.softclose.bench.compare.Reader;
import io.softclose.bench.compare.Scenario;
import io.softclose.bench.compare.TimelineRecorder;
import io.softclose.bench.node.Termination;
import io.softclose.net.Providers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs every close policy against every scenario and reader, and shows what became of the messages. */
@Command(
        name = "compare",
        description = {
            "Closes connections that still have messages queued, under each close policy, and counts at both ends what"
                    + " became of every message.",
            "Progress goes to standard error, the table to standard output. Asked to end earlier (SIGINT, SIGTERM), it"
                    + " prints what it has."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CompareCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What printing may take if it is asked to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Only these transports; by default all that are found.")
    private List<String> transports = List.of();

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description = "Only these close policies; by default all that are found.")
    private List<String> policies = List.of();

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these of proof-of-concept, backlog-1024 and backlog-100000, or mixed; by default all but mixed.")
    private List<String> scenarios = List.of();

    @Option(
            names = "--reader",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of fast, slow, stalled and talking.")
    private List<String> readers = List.of();

    @Mixin
    private ConditionOptions conditions;

    @Option(
            names = "--timeline",
            paramLabel = "FILE",
            description =
                    "Writes how the one close that is chosen went on, state by state and lane by lane, to this file.")
    private @Nullable Path timelineFile;

    @Mixin
    private JsonFile json;

    @Override
    public Integer call() throws IOException {
        List<Cell> cells = cells();
        json.requireWritable();
        OutputFile.requireWritable(spec.commandLine(), "timeline", timelineFile);
        if (timelineFile != null && cells.size() != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "timeline: " + cells.size()
                            + " runs are chosen (expected: one, by --transport, --policy, --scenario and --reader)");
        }
        TimelineRecorder recorder = new TimelineRecorder();
        CellRunner runner = timelineFile == null ? new CellRunner(PATIENCE) : new CellRunner(PATIENCE, recorder);
        // Releases the process last, when everything is printed.
        try (Termination termination = Termination.arm(LAST_WORDS)) {
            Comparison comparison = run(cells, runner, termination);
            if (timelineFile != null) {
                Optional<String> timeline = recorder.json(cells.get(0), json.origin());
                if (timeline.isPresent()) {
                    Files.writeString(timelineFile, timeline.get() + System.lineSeparator());
                }
            }
            return print(comparison).code();
        }
    }

    private ExitCode print(Comparison comparison) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        comparison.tables().forEach(out::println);
        boolean broken = out.checkError();
        json.write(comparison::json);
        if (broken) {
            throw new IOException("standard output is broken: the table is lost");
        }
        return comparison.passed() ? ExitCode.OK : ExitCode.FELL_SHORT;
    }

    /** The runs, those that differ by policy alone side by side. */
    private List<Cell> cells() {
        List<Scenario> chosenScenarios =
                scenarios.isEmpty() ? Scenario.USUAL : chosen("scenario", scenarios, Scenario.ALL, Scenario::name);
        List<CloseConditions> closedUnder = conditions.all();
        List<Reader> chosenReaders = chosen("reader", readers, List.of(Reader.values()), Reader::label);
        List<String> chosenPolicies = chosen("policy", policies, Providers.closePolicyNames(), name -> name);
        return chosen("transport", transports, Providers.transportNames(), name -> name).stream()
                .flatMap(transport -> chosenScenarios.stream()
                        .flatMap(scenario -> chosenReaders.stream()
                                .flatMap(reader -> closedUnder.stream()
                                        .flatMap(under -> chosenPolicies.stream()
                                                .map(policy -> new Cell(transport, policy, scenario, reader, under))))))
                .toList();
    }

    private <T> List<T> chosen(String what, List<String> names, List<T> available, Function<T, String> nameOf) {
        List<String> wanted = Choices.orAll(
                spec.commandLine(), what, names, available.stream().map(nameOf).toList());
        return available.stream()
                .filter(choice -> wanted.contains(nameOf.apply(choice)))
                .toList();
    }

    private Comparison run(List<Cell> cells, CellRunner runner, Termination termination) {
        PrintWriter err = spec.commandLine().getErr();
        ComparisonRun run = ComparisonRun.start(cells, runner, line -> {
            err.println(line);
            err.flush();
        });
        CompletableFuture.anyOf(
                        run.done().toCompletableFuture(),
                        termination.requested().toCompletableFuture())
                .join();
        return run.stop();
    }
}
