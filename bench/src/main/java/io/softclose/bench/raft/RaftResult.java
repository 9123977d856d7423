/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import java.time.Duration;
import java.util.List;

/**
 * What came of one run.
 *
 * @param over what the nodes reached each other by
 * @param elections how many leaders were elected after the first and committed that they were
 * @param commits how many of the clients' operations were committed, as they were told
 * @param unclear how many ended with nobody knowing whether they will be committed, because the leader changed
 * @param measured for how long
 * @param median of the time from a client's first try to its answer, tries at nodes that lead no more included
 * @param highest of a hundred such times, all but one are below it
 * @param longest such time
 * @param traffic what the network did
 * @param faults what must not be; empty if all is well
 */
public record RaftResult(
        String over,
        long elections,
        long commits,
        long unclear,
        Duration measured,
        Duration median,
        Duration highest,
        Duration longest,
        Traffic traffic,
        List<String> faults) {
    /** Copies the list. */
    public RaftResult {
        faults = List.copyOf(faults);
    }

    /**
     * What the network did.
     *
     * @param messages how many were accepted
     * @param notSent how many of those did not go, or may not have
     * @param handedOver how often one left a connection to wait for the next
     * @param connections how many ended before the group did
     * @param faults what must not be
     */
    public record Traffic(long messages, long notSent, long handedOver, long connections, List<String> faults) {
        /** Of a way without connections. */
        static Traffic of(long messages) {
            return new Traffic(messages, 0, 0, 0, List.of());
        }
    }

    /** Commits a second. */
    public double perSecond() {
        return commits / (measured.toNanos() / 1e9);
    }
}
