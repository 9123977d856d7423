/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import java.time.Duration;
import java.util.OptionalLong;

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
public record ChainFigures(
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
     * What became of the votes of the time that was measured. Of those that were sent, whoever is not among the lost, the silent and the untold
     * was given to its receiver.
     *
     * @param sent how many a network accepted
     * @param refused how many it refused, for there was no connection, or no room
     * @param handedOver how many of the accepted left a connection for their receiver's next one, once or more; whatever became of them
     * @param handOvers how often that was, all together
     * @param lost how many of the accepted did not go, or not for certain, and their senders were told so
     * @param silent how many of the accepted went, by what their senders were told, and were never given to their receivers: lost, and nobody was
     *     told. Empty where the receivers are not seen
     * @param untold how many of the accepted had no outcome when their senders ended, or when it was no longer waited for
     */
    public record Votes(
            long sent, long refused, long handedOver, long handOvers, long lost, OptionalLong silent, long untold) {
        /** The silent ones for a table. */
        public String silentOrUnknown() {
            return silent.isPresent() ? Long.toString(silent.getAsLong()) : "?";
        }
    }

    /** The same where messages may not wait for another connection: they leave theirs, too, but for nowhere. */
    public ChainFigures withoutHandOver() {
        return new ChainFigures(
                measured,
                rounds,
                commits,
                roundTimes,
                correctedTimes,
                missedProposals,
                timeouts,
                new Votes(votes.sent, votes.refused, 0, 0, votes.lost, votes.silent, votes.untold));
    }

    /** Rounds that were certified in a minute. */
    public double roundsPerMinute() {
        return measured.isZero() ? 0 : rounds * MINUTE / measured.toNanos();
    }
}
