/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Failures;
import io.softclose.net.NetworkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of {@code benchmarks.jar}. */
@Command(
        name = "benchmarks",
        description = "Shows, lets you try, and measures how connections close under a policy and what they carry.",
        subcommands = {
            CompareCommand.class,
            NodeCommand.class,
            SendCommand.class,
            RequestCommand.class,
            IdentityCommand.class,
            PeerIdCommand.class,
            ChaosCommand.class,
            BreaksCommand.class,
            ThroughputCommand.class,
            BarrierCommand.class,
            UrgentCommand.class,
            ConnectionsCommand.class,
            ScalingCommand.class,
            TestnetCommand.class,
            RaftCommand.class,
            PairsCommand.class,
            ReportCommand.class,
            ProfileCommand.Quick.class,
            ProfileCommand.Full.class,
            ProfileCommand.Handlers.class
        })
public final class Main {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli asks for it
    private boolean help;

    @Option(
            names = "--log-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "Appends the log to this file, from INFO on; by default standard error has it, from WARNING on.")
    private @Nullable Path logFile;

    Main() {}

    /** Runs a command and exits with one of the codes that its help lists. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(route(args)));
    }

    /** What may be JMH's, and is no command of ours, is JMH's: {@code java -jar} runs benchmarks as any JMH jar does. */
    static String[] route(String... args) {
        boolean ours = args.length == 0
                || commandLine().getSubcommands().containsKey(args[0])
                || args[0].equals("-h")
                || args[0].equals("--help")
                || args[0].startsWith("--log-file")
                || !JmhCommand.mayBeginWith(args[0]);
        return ours
                ? args
                : Stream.concat(Stream.of("jmh"), Arrays.stream(args)).toArray(String[]::new);
    }

    /** The command line with all its commands, ready to execute. */
    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main);
        // What follows JMH's first argument is JMH's, too, whatever it looks like.
        commandLine.addSubcommand(new CommandLine(new JmhCommand())
                .setStopAtPositional(true)
                .setUnmatchedOptionsArePositionalParams(true));
        commandLine
                .setOut(StandardOutput.to(System.out))
                .setErr(StandardOutput.to(System.err))
                .setExecutionStrategy(main::execute)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::report)
                .setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.getSubcommands().values().forEach(Main::listExitCodes);
        listExitCodes(commandLine);
        return commandLine;
    }

    private int execute(ParseResult parsed) {
        LogOutput log = openLog(parsed);
        try (log) {
            return new RunLast().execute(parsed);
        }
    }

    private LogOutput openLog(ParseResult parsed) {
        try {
            return LogOutput.open(logFile);
        } catch (IOException e) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "log-file: \"" + logFile + "\" (expected: a file that can be written)",
                    e);
        }
    }

    private static void listExitCodes(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.meanings());
    }

    /** Says in one line what is wrong with a command line; all that there is if it has no command. */
    private static int refuse(ParameterException refusal, String[] args) {
        CommandLine command = refusal.getCommandLine();
        PrintWriter err = command.getErr();
        String what = inWords(refusal);
        String help = (command.getParent() == null ? "" : command.getCommandName() + " ") + "--help";
        err.println(what + (what.endsWith("?") ? " See " : "; see ") + help);
        if (args.length == 0) {
            command.usage(err);
        }
        err.flush();
        return ExitCode.USAGE.code();
    }

    private static String inWords(ParameterException refusal) {
        if (!(refusal instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(refusal.getMessage());
        }
        CommandLine command = unmatched.getCommandLine();
        boolean isCommand = command.getParent() == null && !unmatched.isUnknownOption();
        String what = isCommand
                ? "command: \"" + unmatched.getUnmatched().get(0) + "\" (expected: one of "
                        + String.join(", ", command.getSubcommands().keySet()) + ", or a benchmark's name)"
                : unmatched.getMessage();
        return what
                + unmatched.getSuggestions().stream()
                        .findFirst()
                        .map(similar -> "; did you mean " + similar + "?")
                        .orElse("");
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
