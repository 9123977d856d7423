/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * What a node's connections have to send when it ends, and how long it has for that.
 *
 * @param connections how many there are; at least 1
 * @param votes for each connection, if all have some; at least 1
 * @param bulk messages of each connection, accepted before the votes; at least 1
 * @param bulkBytes the size of each; at least 1
 * @param budget for the end; longer than zero
 * @param part the budget suffices for one part in so many of all bytes; at least 1
 */
public record BarrierLoad(int connections, int votes, int bulk, int bulkBytes, Duration budget, int part) {
    /** What a vote's payload is long. */
    static final int VOTE_BYTES = 200;

    private static final int MOST = 1 << 20;

    /** Checks all of it. */
    public BarrierLoad {
        Require.within("connections", connections, 1, MOST);
        Require.within("votes", votes, 1, MOST);
        Require.within("bulk", bulk, 1, MOST);
        Require.within("bulkBytes", bulkBytes, 1, MOST);
        Require.positive("budget", budget);
        Require.within("part", part, 1, MOST);
    }

    /** Which connections have votes. */
    public enum Voters {
        /** Each has some. */
        ALL("all"),
        /** One in ten, which have those of all others besides: a validator's votes are for the next round's leader. */
        TENTH("one in ten");

        private static final int TEN = 10;

        private final String label;

        Voters(String label) {
            this.label = label;
        }

        private int among(int connections) {
            return this == ALL ? connections : Math.max(1, connections / TEN);
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** How many of the connections have votes. */
    int voters(Voters voters) {
        return voters.among(connections);
    }

    /** Whether this one of the connections, from 0, has votes: they are spread over all. */
    boolean votes(Voters voters, int connection) {
        long number = voters(voters);
        return (connection + 1) * number / connections > connection * number / connections;
    }

    /** How many votes a connection has of those that have some. */
    int votesEach(Voters voters) {
        return votes * connections / voters.among(connections);
    }

    /** Votes of all connections. */
    public int allVotes(Voters voters) {
        return voters(voters) * votesEach(voters);
    }

    /** What a connection may have waiting at the most. */
    int messagesEach(Voters voters) {
        return bulk + votesEach(voters);
    }

    /** How fast the bottleneck is, so that the budget suffices for the part. */
    long bytesPerSecond() {
        long bytes = (long) connections * (bulk * (long) bulkBytes + votes * (long) VOTE_BYTES);
        return Math.max(1, Math.round(bytes / (double) part / (budget.toNanos() / 1e9)));
    }
}
