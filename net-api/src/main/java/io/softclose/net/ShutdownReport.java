/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.List;

/**
 * The account of a whole network's shutdown.
 *
 * @param duration from the start of the shutdown to its end
 * @param connections the reports of the connections that it closed or found closing
 */
public record ShutdownReport(Duration duration, List<CloseReport> connections) {
    /** Copies the list. */
    public ShutdownReport {
        connections = List.copyOf(connections);
    }

    /** Whether every connection's account balances. */
    public boolean balanced() {
        return connections.stream().allMatch(report -> report.account().balanced());
    }
}
