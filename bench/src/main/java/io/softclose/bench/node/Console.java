/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.bench.ExitCode;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine;

/**
 * What a command prints while it works, none of which can hold up an event loop, nor the end of the process: events to
 * standard output, complaints and log to standard error.
 */
public final class Console implements AutoCloseable {
    /** What printing the last complaints may take. */
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    private final EventLog events;
    private final LinePrinter complaints;

    private Console(EventLog events, LinePrinter complaints) {
        this.events = events;
        this.complaints = complaints;
    }

    /** The console of a command; closed when the command is done. */
    public static Console of(CommandLine commandLine) {
        LinePrinter complaints = new LinePrinter(
                "softclose-errors", commandLine.getErr(), LinePrinter.ROOM, lost -> lost + " lines lost here");
        complaints.begin();
        LogPrinter.install(complaints);
        return new Console(new EventLog(commandLine.getOut(), InstantSource.system()), complaints);
    }

    public EventLog events() {
        return events;
    }

    /** Prints a line for people. */
    public void complain(String what) {
        complaints.print(what, LinePrinter.Share.ALL);
    }

    /**
     * Prints what events are waiting, and complains if that cannot be done.
     *
     * @param patience the most to wait for an output that takes nothing
     * @return this code, or {@link ExitCode#FAILED}
     */
    public ExitCode finish(ExitCode code, Duration patience) throws InterruptedException {
        if (events.close(patience)) {
            return code;
        }
        complain(
                events.broken().toCompletableFuture().isDone()
                        ? "standard output is broken: what was still to be printed is lost"
                        : "standard output takes nothing: what was still to be printed is lost");
        return ExitCode.FAILED;
    }

    @Override
    public void close() {
        LogPrinter.uninstall(complaints);
        try {
            complaints.close(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
