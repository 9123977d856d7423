/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Failures;
import io.softclose.net.NetworkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The entry point of {@code benchmarks.jar}. */
@Command(
        name = "benchmarks",
        description = "Shows, lets you try, and measures how connections close under a policy and what they carry.",
        subcommands = {
            CompareCommand.class,
            NodeCommand.class,
            SendCommand.class,
            ChaosCommand.class,
            ProfileCommand.Quick.class,
            ProfileCommand.Full.class
        })
public final class Main {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli asks for it
    private boolean help;

    Main() {}

    /** Runs a command and exits with one of the codes that its help lists. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(route(args)));
    }

    /** What is no command of ours is JMH's: {@code java -jar} runs benchmarks as any JMH jar does. */
    static String[] route(String... args) {
        boolean ours = args.length == 0
                || commandLine().getSubcommands().containsKey(args[0])
                || args[0].equals("-h")
                || args[0].equals("--help");
        return ours
                ? args
                : Stream.concat(Stream.of("jmh"), Arrays.stream(args)).toArray(String[]::new);
    }

    /** The command line with all its commands, ready to execute. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main())
                .setOut(StandardOutput.to(System.out))
                .setErr(StandardOutput.to(System.err))
                .setExecutionExceptionHandler(Main::report)
                .setCaseInsensitiveEnumValuesAllowed(true);
        // What follows JMH's first argument is JMH's, too, whatever it looks like.
        commandLine.addSubcommand(new CommandLine(new JmhCommand())
                .setStopAtPositional(true)
                .setUnmatchedOptionsArePositionalParams(true));
        commandLine.getSubcommands().values().forEach(Main::listExitCodes);
        listExitCodes(commandLine);
        return commandLine;
    }

    private static void listExitCodes(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.meanings());
    }

    /** Says what failed; where, too, if nobody expected it. */
    private static int report(Exception failure, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof NetworkException || failure instanceof IOException) {
            err.println(Failures.describe(failure));
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.FAILED.code();
    }
}
