/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a series of runs has covered.
 *
 * @param seeds how many runs there were
 * @param closes how many ends of connections have closed, each with its account checked
 * @param events how many events that took, after each of which everything was checked
 * @param endStates how connections ended: each a reason, an ending, the states passed and the outcomes that there were
 * @param rareStates what seldom happens, and at how many ends of connections it did
 * @param nanos real time
 */
public record SimulationReport(
        long seeds, long closes, long events, Set<String> endStates, Map<String, Long> rareStates, long nanos) {
    /** Copies the collections, and keeps the order of the rare states. */
    public SimulationReport {
        endStates = Set.copyOf(endStates);
        rareStates = Collections.unmodifiableMap(new LinkedHashMap<>(rareStates));
    }

    /** The rare states that were never reached, about which this series has shown nothing. */
    public List<String> neverReached() {
        return rareStates.entrySet().stream()
                .filter(state -> state.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A line for each rare state: how often, and what. */
    public String rareStatesTable() {
        return rareStates.entrySet().stream()
                .map(state -> String.format("%,12d  %s", state.getValue(), state.getKey()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** One line for people. */
    public String summary() {
        double seconds = nanos / 1e9;
        return String.format(
                "%,d seeds, %,d closes, %,d events in %.1f s (%,.0f events/s, %,.0f closes/s), %,d end states",
                seeds, closes, events, seconds, events / seconds, closes / seconds, endStates.size());
    }
}
