/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import java.time.Duration;

/**
 * How a chain got on.
 *
 * @param measured for how long
 * @param rounds by how much the highest round with a quorum certificate rose
 * @param commits how many blocks were committed by whoever was first
 * @param roundTimes from one certified round to the next, wherever it was certified first
 * @param correctedTimes the same with what rounds would have waited that a chain which stood still did not begin
 * @param missedProposals rounds that a validator left without having had their block, those of validators with a fault of their
 *     own left out
 * @param timeouts rounds that a validator gave up, with the same exception
 * @param votes votes, order votes, commit votes and timeouts, as their senders were told
 */
record ChainFigures(
        Duration measured,
        long rounds,
        long commits,
        RoundTimes roundTimes,
        RoundTimes correctedTimes,
        long missedProposals,
        long timeouts,
        Votes votes) {
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    /**
     * What became of votes.
     *
     * @param sent how many a network accepted
     * @param refused how many it refused, for there was no connection, or no room
     * @param lost how many of the accepted did not go, or not for certain
     */
    record Votes(long sent, long refused, long lost) {}

    /** Rounds that were certified in a minute. */
    double roundsPerMinute() {
        return measured.isZero() ? 0 : rounds * MINUTE / measured.toNanos();
    }
}
