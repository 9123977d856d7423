/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

/** What is replicated. */
sealed interface Operation {
    /**
     * A client's, which no other one equals.
     *
     * @param client from 0
     * @param number which of the client's, from 0
     * @param padding how many bytes it is longer than it need be
     */
    record Append(int client, long number, int padding) implements Operation {
        static final int MOST_PADDING = 1 << 16;
    }

    /** Of a leader that has been elected: it commits what those before it have left. */
    record NewTerm() implements Operation {}
}
