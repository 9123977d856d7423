/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The account of a whole network's shutdown.
 *
 * @param duration from the start of the shutdown to its end
 * @param connections the reports of the connections that it closed or found closing, or whose handlers it found at work
 * @param unhandled how many messages and requests of peers handlers off the loop had not handled when the time for it was
 *     over: they have been given up, but for those that were being handled
 * @param peers of each {@link Peer} that the application has addressed and that is not forgotten: what still waited
 */
public record ShutdownReport(Duration duration, List<CloseReport> connections, long unhandled, List<PeerReport> peers) {
    /** Copies the lists. */
    public ShutdownReport {
        connections = List.copyOf(connections);
        peers = List.copyOf(peers);
    }

    /** Of a network whose application has addressed no peer. */
    public ShutdownReport(Duration duration, List<CloseReport> connections, long unhandled) {
        this(duration, connections, unhandled, List.of());
    }

    /** The reports of each peer, those of its connections in their order. */
    public Map<PeerId, List<CloseReport>> byPeer() {
        Map<PeerId, List<CloseReport>> sorted = new LinkedHashMap<>();
        connections.stream()
                .sorted(Comparator.comparingLong(CloseReport::connectionId))
                .forEach(report -> sorted.computeIfAbsent(report.peer(), any -> new ArrayList<>())
                        .add(report));
        sorted.replaceAll((peer, reports) -> List.copyOf(reports));
        return Collections.unmodifiableMap(sorted);
    }

    /** Whether every connection's account balances. */
    public boolean balanced() {
        return connections.stream().allMatch(report -> report.account().balanced());
    }
}
