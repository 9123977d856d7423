/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import java.util.List;

/**
 * What one process wrote down in a round.
 *
 * @param ends of each connection, by its number
 * @param delayMicros for how long, in all, it did nothing though it should have
 * @param killed whether it was killed, so that it may not have written everything
 */
record ProcessRecord(List<EndRecord> ends, long delayMicros, boolean killed) {
    /** Copies the list. */
    ProcessRecord {
        ends = List.copyOf(ends);
    }

    static ProcessRecord of(RoundPlan plan, End end, List<Entry> entries, boolean killed) {
        List<EndRecord> ends =
                plan.cells().stream().map(cell -> new EndRecord(cell.of(end))).toList();
        long micros = 0;
        long delayed = 0;
        for (Entry entry : entries) {
            if (entry.kind() == Kind.TIME) {
                micros = Chronicle.value(entry);
            } else if (entry.kind() == Kind.DELAY) {
                delayed += Chronicle.value(entry);
            } else {
                ends.get(Chronicle.cell(entry)).take(entry, micros);
            }
        }
        return new ProcessRecord(ends, delayed, killed);
    }
}
