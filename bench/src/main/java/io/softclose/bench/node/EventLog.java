/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.bench.Json;
import io.softclose.bench.node.LinePrinter.Share;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/**
 * Prints events as JSON objects, one a line. Thread-safe, and never waits for the output: if more happens than its
 * reader takes, it leaves out lines, those of messages first, and the event {@code lines-lost} tells how many.
 */
public final class EventLog {
    private final LinePrinter lines;
    private final InstantSource clock;

    /** A log that prints nothing before its first event, see {@link #begin}. */
    EventLog(PrintWriter out, InstantSource clock) {
        this(out, clock, LinePrinter.ROOM);
    }

    /**
     * As {@link #EventLog(PrintWriter, InstantSource)}.
     *
     * @param room how many characters may wait to be printed
     */
    EventLog(PrintWriter out, InstantSource clock, int room) {
        this.clock = clock;
        lines = new LinePrinter(
                "softclose-output",
                out,
                room,
                lost -> line("lines-lost", json -> json.writeNumberField("count", lost)));
    }

    /** Prints the first event. Those that were there before it wait behind it. */
    public void begin(String event, Json.Body fields) {
        lines.beginWith(line(event, fields));
    }

    /** Prints one event: its name, the time, then its own fields. */
    public void print(String event, Json.Body fields) {
        lines.print(line(event, fields), Share.ALL);
    }

    /** As {@link #print}, of an event that comes in floods: it is the first that is left out. */
    void printOneOfMany(String event, Json.Body fields) {
        lines.print(line(event, fields), Share.HALF);
    }

    /** Completes when nobody can read the output any more. */
    public CompletionStage<Void> broken() {
        return lines.broken();
    }

    /**
     * Prints what waits, and nothing after it.
     *
     * @param patience the most to wait for an output that takes nothing
     * @return whether everything was printed
     */
    boolean close(Duration patience) throws InterruptedException {
        return lines.close(patience);
    }

    private String line(String event, Json.Body fields) {
        return Json.object(json -> {
            json.writeStringField("event", event);
            json.writeStringField("time", clock.instant().toString());
            fields.write(json);
        });
    }
}
