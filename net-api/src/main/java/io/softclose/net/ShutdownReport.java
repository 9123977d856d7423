/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.List;

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

    /** Whether every connection's account balances. */
    public boolean balanced() {
        return connections.stream().allMatch(report -> report.account().balanced());
    }
}
