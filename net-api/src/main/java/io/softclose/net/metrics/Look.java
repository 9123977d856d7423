/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionStats;
import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.Outcome;
import io.softclose.net.PeerStats;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One look at everything that a network has: what all meters of a scrape show. Filled by one thread, then read by any. */
final class Look {
    /** What nobody has looked at yet. */
    static final Look NONE = new Look(new Sums());

    private final Sums sums;
    private final Map<Gauged, Long> gauges = new EnumMap<>(Gauged.class);
    private final Map<String, Waiting> withConnections = new HashMap<>();
    private final Map<String, Waiting> forConnections = new HashMap<>();

    /**
     * Of no connection that is open yet.
     *
     * @param sums of those that are closed; this look's own
     */
    Look(Sums sums) {
        this.sums = sums;
    }

    /** Adds an open connection, or one that closes. */
    void add(Connection connection) {
        ConnectionStats stats = connection.stats();
        sums.add(stats);
        boolean inbound = connection.direction() == Connection.Direction.INBOUND;
        if (connection.state().closing()) {
            count(inbound ? Gauged.CLOSING_INBOUND : Gauged.CLOSING_OUTBOUND);
        } else {
            count(inbound ? Gauged.OPEN_INBOUND : Gauged.OPEN_OUTBOUND);
        }
        if (!stats.reading()) {
            count(Gauged.NOT_READING);
        }
        atLeast(Gauged.SILENCE, stats.lastHeard());
        atLeast(Gauged.STALL, stats.stalled());
        add(withConnections, stats.waiting());
    }

    /** Adds a peer. */
    void add(PeerStats stats) {
        count(stats.connected() ? Gauged.PEERS_CONNECTED : Gauged.PEERS_UNCONNECTED);
        atLeast(Gauged.PEERS_WAIT, stats.longestWait());
        add(forConnections, stats.waiting());
    }

    /** What is counted is no less than at an earlier look. */
    void after(Look before) {
        sums.neverLessThan(before.sums);
    }

    private void count(Gauged gauge) {
        gauges.merge(gauge, 1L, Long::sum);
    }

    private void atLeast(Gauged gauge, Duration time) {
        gauges.merge(gauge, time.toNanos(), Math::max);
    }

    private static void add(Map<String, Waiting> sum, List<Waiting> waiting) {
        for (Waiting one : waiting) {
            sum.merge(
                    one.lane(),
                    one,
                    (a, b) -> new Waiting(a.lane(), a.messages() + b.messages(), a.bytes() + b.bytes()));
        }
    }

    double of(Counted counted) {
        return counted.shown(sums.of(counted));
    }

    double of(Gauged gauge) {
        return gauges.getOrDefault(gauge, 0L);
    }

    double accepted(String lane) {
        return sums.accepted(lane);
    }

    double ended(String lane, Outcome outcome) {
        return sums.ended(lane, outcome);
    }

    /** What waits in a lane of all connections. */
    Waiting withConnections(String lane) {
        return withConnections.getOrDefault(lane, new Waiting(lane, 0, 0));
    }

    /** What waits in a lane of all peers for a connection. */
    Waiting forConnections(String lane) {
        return forConnections.getOrDefault(lane, new Waiting(lane, 0, 0));
    }

    /** The lanes that it has met. */
    Set<String> lanes() {
        Set<String> lanes = new LinkedHashSet<>(sums.lanes());
        lanes.addAll(forConnections.keySet());
        return lanes;
    }
}
