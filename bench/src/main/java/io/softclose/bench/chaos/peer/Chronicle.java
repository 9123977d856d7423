/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A journal of several connections, that also tells when things happened. The clock is the system's monotonic one, which
 * all processes of a machine share. Thread-safe.
 */
public final class Chronicle {
    /** Above the value of each entry: the connection's number within the round. */
    private static final int CELL_SHIFT = 42;

    private static final long VALUE_MASK = (1L << CELL_SHIFT) - 1;
    /** How exactly times are told. */
    public static final long GRAIN_MICROS = 1_000;

    private final Journal journal;
    private final long startNanos;
    /** Guarded by this. */
    private long latestMicros = -GRAIN_MICROS;

    private Chronicle(Journal journal, long startNanos) {
        this.journal = journal;
        this.startNanos = startNanos;
    }

    /**
     * An empty one.
     *
     * @param startNanos where times count from, on the clock of {@link System#nanoTime}
     */
    public static Chronicle create(Path path, long startNanos) throws IOException {
        return new Chronicle(Journal.create(path), startNanos);
    }

    public synchronized void clear() {
        journal.clear();
        latestMicros = -GRAIN_MICROS;
    }

    /** Writes down what concerns no connection of this round. */
    public void add(Kind kind, int detail, long value) {
        add(0, kind, detail, value);
    }

    /**
     * Writes down what happened on a connection.
     *
     * @param value 0 to 2^42 - 1
     */
    public synchronized void add(int cell, Kind kind, int detail, long value) {
        long now = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
        if (now - latestMicros >= GRAIN_MICROS) {
            journal.add(Kind.TIME, now);
            latestMicros = now;
        }
        journal.add(kind, detail, (long) cell << CELL_SHIFT | value);
    }

    /** The connection's number within the round. */
    public static int cell(Entry entry) {
        return (int) (entry.value() >>> CELL_SHIFT);
    }

    /** What was written down as value. */
    public static long value(Entry entry) {
        return entry.value() & VALUE_MASK;
    }
}
