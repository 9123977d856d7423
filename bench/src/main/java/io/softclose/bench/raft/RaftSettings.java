/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.Set;

/**
 * What both runs of a comparison have in common.
 *
 * @param nodes how many there are; {@value #LEAST_NODES} to {@value #MOST_NODES}
 * @param transport that of all nodes, below TLS
 * @param policy the name of the close policy
 * @param path what each path between two nodes does to bytes
 * @param clients how many operations are under way at a time, each client's next when its last is committed
 * @param padding how many bytes each is longer than it need be
 * @param duration from the first commit on to the end of the measurement; longer if no other leader has followed a stalled one by then
 * @param resetEvery how often the connection between two nodes by chance is reset
 * @param faults what goes wrong
 * @param seed of everything that is left to chance
 */
public record RaftSettings(
        int nodes,
        AnyTransport transport,
        String policy,
        WanConditions path,
        int clients,
        int padding,
        Duration duration,
        Duration resetEvery,
        Set<Fault> faults,
        long seed) {
    /** The fewest of which one may fail. */
    public static final int LEAST_NODES = 3;

    /** More than these nobody has vote. */
    public static final int MOST_NODES = 5;

    private static final int MOST_CLIENTS = 1_000;

    /** What goes wrong. */
    public enum Fault {
        /** Connections are reset (RST) all the time, one after the other. */
        RESETS,
        /** Nothing passes to or from the leader, once, until another one leads, and nobody is told: as if its process were stopped. */
        STALLED
    }

    /** Checks all of it. */
    public RaftSettings {
        Require.within("nodes", nodes, LEAST_NODES, MOST_NODES);
        Require.within("clients", clients, 1, MOST_CLIENTS);
        Require.within("size", padding, 0, Operation.Append.MOST_PADDING);
        Require.positive("duration", duration);
        Require.positive("resetEvery", resetEvery);
        faults = Set.copyOf(faults);
    }
}
