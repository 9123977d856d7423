/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.breaks.BreaksRun;
import io.softclose.bench.breaks.Security;
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

/** Breaks connections of two nodes under traffic that is addressed to peers, and compares what both saw. */
@Command(
        name = "breaks",
        description = {
            "Two nodes send to each other as peers over real sockets and mutual TLS, while a relay between them breaks"
                    + " their connections, and they do so themselves: resets, ends that nobody said, stalls, health and"
                    + " stale closes, aborts, duplicates, restarts. Then all heals, drains and shuts down, and what became"
                    + " of every message is compared.",
            "Progress goes to standard error; summary and faults to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BreaksCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--breaks",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many, on each transport; ${DEFAULT-VALUE} by default.")
    private int breaks;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of everything that is left to chance; another one each time by default. What the machine's"
                    + " timing makes of it is never quite the same.")
    private @Nullable Long seed;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of ${COMPLETION-CANDIDATES}; by default all that are available, one after the"
                    + " other.")
    private List<AnyTransport> transports = List.of();

    @Option(names = "--plaintext", description = "Without TLS.")
    private boolean plaintext;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (breaks < 1) {
            throw new ParameterException(spec.commandLine(), "breaks: " + breaks + " (expected: > 0)");
        }
        List<AnyTransport> available = available();
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        progress("seed " + chosen + ", " + available);
        long violated = 0;
        for (AnyTransport transport : available) {
            violated += run(transport, chosen);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                violated == 0
                        ? "nothing that must not be, seed " + chosen
                        : violated + " that must not be, seed " + chosen);
        out.flush();
        return (violated == 0 ? ExitCode.OK : ExitCode.FELL_SHORT).code();
    }

    private long run(AnyTransport transport, long chosen) throws InterruptedException, IOException {
        Security security = plaintext ? Security.PLAINTEXT : Security.MUTUAL_TLS;
        BreaksRun.Result result =
                new BreaksRun(chosen, breaks, transport, security, line -> progress(transport + ": " + line)).run();
        PrintWriter out = spec.commandLine().getOut();
        out.println(transport + ", " + security + ", " + breaks + " breaks, seed " + chosen);
        result.lines().forEach(line -> out.println("  " + line));
        result.violations().forEach(violation -> out.println("  MUST NOT BE: " + violation));
        if (result.violated() > result.violations().size()) {
            out.println("  and " + (result.violated() - result.violations().size()) + " more");
        }
        out.flush();
        return result.violated();
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
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
}
