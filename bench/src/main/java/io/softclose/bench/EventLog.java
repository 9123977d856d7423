/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.io.PrintWriter;
import java.time.InstantSource;

/**
 * Prints events as JSON objects, one a line, each flushed at once. Thread-safe. Whoever reads the output slowly slows
 * down the event loops that print to it.
 */
final class EventLog {
    private final PrintWriter out;
    private final InstantSource clock;

    EventLog(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Prints one event: its name, the time, then its own fields. Holds this object's lock while it prints. */
    synchronized void print(String event, Json.Body fields) {
        String line = Json.object(json -> {
            json.writeStringField("event", event);
            json.writeStringField("time", clock.instant().toString());
            fields.write(json);
        });
        out.println(line);
        out.flush();
    }
}
