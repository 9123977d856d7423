/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import io.softclose.net.NetworkException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The entry point of {@code benchmarks.jar}. */
@Command(
        name = "benchmarks",
        description = "Shows, and lets you try, how connections close under a policy.",
        subcommands = {CompareCommand.class, NodeCommand.class, SendCommand.class})
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
        System.exit(commandLine().execute(args));
    }

    /** The command line with all its commands, ready to execute. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::report)
                .setCaseInsensitiveEnumValuesAllowed(true);
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
