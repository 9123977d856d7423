/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.TextTable;
import io.softclose.bench.jmh.Profile;
import io.softclose.bench.jmh.Profile.Row;
import io.softclose.net.Providers;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a selection of the benchmarks with their baselines, and shows the ratios. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class ProfileCommand implements Callable<Integer> {
    private static final List<String> HEADINGS = List.of(
            "what",
            "transport",
            "payload",
            "baseline",
            "unit",
            "ours",
            "baseline's",
            "ratio",
            "min",
            "max",
            "goal",
            "");
    private static final int NAMES = 5;

    @Spec
    private CommandSpec spec;

    abstract Profile profile(List<String> transports);

    @Override
    public Integer call() throws RunnerException {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        List<Row> rows = profile(Providers.transportNames()).run(line -> {
            err.println(line);
            err.flush();
        });
        TextTable table = new TextTable(HEADINGS, NAMES, 0);
        rows.forEach(row -> table.add(row.cells()));
        table.render().forEach(out::println);
        out.println();
        out.println(
                "Medians over rounds; in each round every figure was measured once, ours and the baselines in turn.");
        out.println("ratio: ours / baseline's of the same round; min and max over the rounds.");
        out.flush();
        return ExitCode.OK.code();
    }

    /** The one for every day. */
    @Command(
            name = "quick",
            description = "Runs the benchmarks that have goals, with their baselines, in less than ten minutes, and"
                    + " prints the ratios. Progress goes to standard error, the table to standard output.")
    static final class Quick extends ProfileCommand {
        @Override
        Profile profile(List<String> transports) {
            return Profile.quick(transports);
        }
    }

    /** The one for publishing. */
    @Command(name = "full", description = "As quick, with every payload size, more and longer rounds: most of an hour.")
    static final class Full extends ProfileCommand {
        @Override
        Profile profile(List<String> transports) {
            return Profile.full(transports);
        }
    }

    /** The one for requests and handlers. */
    @Command(
            name = "handlers",
            description =
                    "Compares a request's round trip with a message's there and back, and the latter beside connections"
                            + " whose handlers block on an executor with the same alone: eight minutes.")
    static final class Handlers extends ProfileCommand {
        @Override
        Profile profile(List<String> transports) {
            return Profile.handlers(transports);
        }
    }
}
