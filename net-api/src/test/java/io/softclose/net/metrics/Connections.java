/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.ConnectionStats;
import io.softclose.net.ConnectionStats.Flow;
import io.softclose.net.ConnectionStats.Probes;
import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.DisconnectReason;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.RequestAccount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Connections that have done what a test says. */
final class Connections {
    private Connections() {}

    /** An inbound one. */
    static Connection open(ConnectionStats stats) {
        return opened(mock(Connection.class), stats);
    }

    /** The same, to be asked any number of times, of which nothing is kept. */
    static Connection openForLong(ConnectionStats stats) {
        return opened(mock(Connection.class, withSettings().stubOnly()), stats);
    }

    private static Connection opened(Connection connection, ConnectionStats stats) {
        when(connection.direction()).thenReturn(Connection.Direction.INBOUND);
        when(connection.state()).thenReturn(ConnectionState.OPEN);
        when(connection.account()).thenReturn(stats.account());
        when(connection.stats()).thenReturn(stats);
        return connection;
    }

    /** Everything so often, or for so many seconds. */
    static ConnectionStats stats(long times) {
        return stats(times, Duration.ofSeconds(times), true);
    }

    /** One that hands on nothing, and whose peer has been silent for some time. */
    static ConnectionStats paused(Duration silent) {
        return stats(1, silent, false);
    }

    private static ConnectionStats stats(long times, Duration lastHeard, boolean reading) {
        Duration blocked = Duration.ofSeconds(times);
        return new ConnectionStats(
                new Flow(times, times),
                new Flow(times, times),
                new Account(List.of(new LaneAccount("votes", times, Map.of(Outcome.WRITTEN, times)))),
                new RequestAccount(
                        new RequestAccount.Made(times, times, times, times, times, times, times),
                        new RequestAccount.Received(times, times, times, times, times)),
                List.of(new Waiting("votes", times, times * 100)),
                blocked,
                Duration.ZERO,
                lastHeard,
                Duration.ZERO,
                reading,
                new Probes(times, times, times));
    }

    /** Of a close that took three seconds, and gave up two messages. */
    static CloseReport report(Connection connection) {
        return new CloseReport(
                1,
                PeerId.random(),
                DisconnectReason.REQUESTED_BY_PEER_MANAGER,
                "some",
                CloseEnding.DEADLINE,
                "its time was over",
                Duration.ofSeconds(3),
                connection.account(),
                RequestAccount.NONE,
                List.of(),
                List.of(),
                2,
                Optional.empty());
    }
}
