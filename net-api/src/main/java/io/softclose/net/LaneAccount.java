/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The account of one lane, or the total of all of them.
 *
 * @param lane the lane's name; {@code "total"} for the sum
 * @param accepted how many messages were accepted
 * @param outcomes how many ended in each outcome; every outcome is present
 */
public record LaneAccount(String lane, long accepted, Map<Outcome, Long> outcomes) {
    /** Copies the map, in the order of the outcomes. */
    public LaneAccount {
        Map<Outcome, Long> ordered = new EnumMap<>(Outcome.class);
        ordered.putAll(Map.copyOf(outcomes));
        outcomes = Collections.unmodifiableMap(ordered);
    }

    /** How many messages ended in this outcome. */
    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** How many messages have ended, in whatever outcome. */
    public long ended() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * How many messages have ended and did not go, or not for certain: the sum of all but DELIVERED, WRITTEN and
     * HANDED_OVER.
     */
    public long lost() {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().lost())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** How many messages are accepted and have no outcome yet. */
    public long pending() {
        return accepted - ended();
    }
}
