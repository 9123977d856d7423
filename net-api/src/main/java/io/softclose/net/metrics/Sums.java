/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import io.softclose.net.ConnectionStats;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What connections have done, added up. Not thread-safe. */
final class Sums {
    private final Map<Counted, Long> figures = new EnumMap<>(Counted.class);
    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    /** What became of messages in one lane. */
    private static final class Lane {
        long accepted;
        final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
    }

    /** Adds what a connection has done. */
    void add(ConnectionStats stats) {
        for (Counted figure : Counted.values()) {
            figures.merge(figure, figure.of(stats), Long::sum);
        }
        for (LaneAccount counted : stats.account().lanes()) {
            Lane lane = lane(counted.lane());
            lane.accepted += counted.accepted();
            counted.outcomes().forEach((outcome, messages) -> lane.ended.merge(outcome, messages, Long::sum));
        }
    }

    /** Adds other sums. */
    void add(Sums others) {
        others.figures.forEach((figure, sum) -> figures.merge(figure, sum, Long::sum));
        others.lanes.forEach((name, counted) -> {
            Lane lane = lane(name);
            lane.accepted += counted.accepted;
            counted.ended.forEach((outcome, messages) -> lane.ended.merge(outcome, messages, Long::sum));
        });
    }

    /** Raises each sum to that of an earlier look, if it is less. */
    void neverLessThan(Sums before) {
        before.figures.forEach((figure, sum) -> figures.merge(figure, sum, Math::max));
        before.lanes.forEach((name, counted) -> {
            Lane lane = lane(name);
            lane.accepted = Math.max(lane.accepted, counted.accepted);
            counted.ended.forEach((outcome, messages) -> lane.ended.merge(outcome, messages, Math::max));
        });
    }

    private Lane lane(String name) {
        return lanes.computeIfAbsent(name, any -> new Lane());
    }

    long of(Counted figure) {
        return figures.getOrDefault(figure, 0L);
    }

    long accepted(String lane) {
        Lane known = lanes.get(lane);
        return known == null ? 0 : known.accepted;
    }

    long ended(String lane, Outcome outcome) {
        Lane known = lanes.get(lane);
        return known == null ? 0 : known.ended.getOrDefault(outcome, 0L);
    }

    Set<String> lanes() {
        return lanes.keySet();
    }
}
