/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The account of a connection: what it accepted and how that ended, per lane. Read while messages flow, it is a
 * moment's view; it counts no outcome without its acceptance.
 *
 * @param lanes one account a lane, most urgent first
 */
public record Account(List<LaneAccount> lanes) {
    /** Copies the list. */
    public Account {
        lanes = List.copyOf(lanes);
    }

    /** The sum over all lanes. */
    public LaneAccount total() {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        Arrays.stream(Outcome.values())
                .forEach(outcome -> outcomes.put(
                        outcome,
                        lanes.stream().mapToLong(lane -> lane.count(outcome)).sum()));
        return new LaneAccount(
                "total", lanes.stream().mapToLong(LaneAccount::accepted).sum(), outcomes);
    }

    /** How many messages ended in this outcome, over all lanes. */
    public long count(Outcome outcome) {
        return lanes.stream().mapToLong(lane -> lane.count(outcome)).sum();
    }

    /** Whether every accepted message has its outcome: accepted = sum of outcomes, in every lane. */
    public boolean balanced() {
        return lanes.stream().allMatch(lane -> lane.pending() == 0);
    }
}
