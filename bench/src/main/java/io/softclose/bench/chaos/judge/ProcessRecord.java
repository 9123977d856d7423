/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.chaos.peer.Chronicle;
import io.softclose.bench.chaos.plan.Disturbance;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * What one process wrote down in a round.
 *
 * @param ends of each connection, by its number
 * @param late what happened though it should not any more, in words
 * @param delayMicros for how long, in all, it did nothing though it should have
 * @param killed whether it was killed, so that it may not have written everything
 * @param stopped whether it was stopped, and continued
 */
public record ProcessRecord(
        List<EndRecord> ends, List<String> late, long delayMicros, boolean killed, boolean stopped) {
    private static final Kind[] KINDS = Kind.values();

    /** Copies the lists. */
    public ProcessRecord {
        ends = List.copyOf(ends);
        late = List.copyOf(late);
    }

    public static ProcessRecord of(RoundPlan plan, End end, List<Entry> entries, boolean killed) {
        List<EndRecord> ends =
                plan.cells().stream().map(cell -> new EndRecord(cell.of(end))).toList();
        long micros = 0;
        long delayed = 0;
        List<String> late = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.kind() == Kind.TIME) {
                micros = Chronicle.value(entry);
            } else if (entry.kind() == Kind.DELAY) {
                delayed += Chronicle.value(entry);
            } else if (entry.kind() == Kind.LATE) {
                late.add("something happened on a connection of an earlier round: " + KINDS[entry.detail()]);
            } else {
                ends.get(Chronicle.cell(entry)).take(entry, micros);
            }
        }
        boolean stopped = plan.disturbances().stream()
                .anyMatch(disturbance -> disturbance.kind() == Disturbance.Kind.STOP && disturbance.end() == end);
        return new ProcessRecord(ends, late, delayed, killed, stopped);
    }
}
