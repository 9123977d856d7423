/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import java.util.Set;

/**
 * What a series of runs has covered.
 *
 * @param seeds how many runs there were
 * @param closes how many ends of connections have closed, each with its account checked
 * @param events how many events that took, after each of which everything was checked
 * @param endStates how connections ended: each a reason, an ending, the states passed and the outcomes that there were
 * @param nanos real time
 */
public record SimulationReport(long seeds, long closes, long events, Set<String> endStates, long nanos) {
    /** Copies the set. */
    public SimulationReport {
        endStates = Set.copyOf(endStates);
    }

    /** One line for people. */
    public String summary() {
        double seconds = nanos / 1e9;
        return String.format(
                "%,d seeds, %,d closes, %,d events in %.1f s (%,.0f events/s, %,.0f closes/s), %,d end states",
                seeds, closes, events, seconds, events / seconds, closes / seconds, endStates.size());
    }
}
