/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the receiving node behaves. */
public enum Reader {
    /** Takes messages as they come. */
    FAST(Duration.ZERO, Duration.ZERO, Talk.SILENT),
    /** Takes about 10 000 messages a second. */
    SLOW(Duration.ofNanos(100_000), Duration.ZERO, Talk.SILENT),
    /** Reads nothing for the first 300 ms. */
    STALLED(Duration.ZERO, Duration.ofMillis(300), Talk.SILENT),
    /**
     * Reads nothing for the first 300 ms, and sends all the time, also while the sender closes. A kernel answers bytes
     * for a closed socket with a reset, and drops what the closed socket had still to send.
     */
    TALKING(Duration.ZERO, Duration.ofMillis(300), Talk.STEADY);

    /** Whether the receiving node sends, too. */
    enum Talk {
        SILENT,
        STEADY
    }

    private final Duration perMessage;
    private final Duration stall;
    private final Talk talk;

    Reader(Duration perMessage, Duration stall, Talk talk) {
        this.perMessage = perMessage;
        this.stall = stall;
        this.talk = talk;
    }

    /** The name for the command line and the table. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How long each message keeps the handler busy. */
    Duration perMessage() {
        return perMessage;
    }

    /** How long nothing is read after the connection is open. */
    Duration stall() {
        return stall;
    }

    /** Whether it sends, too. */
    Talk talk() {
        return talk;
    }

    /** The names of all of them. */
    static List<String> labels() {
        return Arrays.stream(values()).map(Reader::label).toList();
    }
}
