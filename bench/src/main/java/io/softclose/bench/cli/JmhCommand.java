/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.net.Providers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Hands the command line to JMH. */
@Command(
        name = "jmh",
        description = {
            "Runs the JMH benchmarks whose names match a pattern, all of them without one. Whatever is no other command"
                    + " is taken for this one's arguments, so the word may be left out.",
            "The parameters transport and policy are all that are found, unless -p says otherwise."
        })
final class JmhCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ARGUMENT",
            arity = "0..*",
            description = "JMH's patterns and options; 'jmh -- -h' lists the options, 'jmh -l' the benchmarks.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException {
        org.openjdk.jmh.Main.main(complete(arguments, Providers.transportNames(), Providers.closePolicyNames())
                .toArray(String[]::new));
        return ExitCode.OK.code();
    }

    /** Whether a command line of JMH's may begin so: with an option, or with a pattern that is part of a benchmark's name. */
    static boolean mayBeginWith(String argument) {
        if (argument.startsWith("-")) {
            return true;
        }
        OutputFormat silent = OutputFormatFactory.createFormatInstance(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), VerboseMode.SILENT);
        try {
            return !BenchmarkList.defaultList()
                    .find(silent, List.of(argument), List.of())
                    .isEmpty();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** The arguments, and the parameters that they leave open. */
    static List<String> complete(List<String> arguments, List<String> transports, List<String> policies) {
        List<String> completed = new ArrayList<>(arguments);
        addUnlessGiven(completed, "transport", transports);
        addUnlessGiven(completed, "policy", policies);
        return completed;
    }

    private static void addUnlessGiven(List<String> arguments, String parameter, List<String> values) {
        String start = parameter + "=";
        boolean given = arguments.stream()
                .anyMatch(argument -> argument.startsWith(start) || argument.startsWith("-p" + start));
        if (!given) {
            arguments.add("-p");
            arguments.add(start + String.join(",", values));
        }
    }
}
