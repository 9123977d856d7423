/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.time.Duration;
import java.util.Optional;

/**
 * The present round, who has given up on it, and how long one waits in it: the pacemaker. A round begins when a quorum has certified the one before
 * or given it up, and never otherwise, so whoever has the certificates is in the round.
 */
final class RoundState {
    /** Of as many rounds the last block may not be ordered yet although all goes well. */
    private static final int ROUNDS_ON_THEIR_WAY = 2;

    private final Committee committee;
    private final Timeouts timeouts;

    private long round;
    private Voters givenUp = Voters.NONE;
    private long highestCertified;
    private boolean timedOut;

    RoundState(Committee committee, Timeouts timeouts) {
        this.committee = committee;
        this.timeouts = timeouts;
    }

    long round() {
        return round;
    }

    /** Enters a round, if it is a later one. */
    boolean enter(long next) {
        if (next <= round) {
            return false;
        }
        round = next;
        givenUp = Voters.NONE;
        highestCertified = 0;
        timedOut = false;
        return true;
    }

    /** Somebody gives up on the present round; answers the certificate if that makes a quorum, which it did not before. */
    Optional<TimeoutCert> giveUp(int author, long certifiedRound) {
        boolean before = committee.isQuorum(givenUp);
        givenUp = givenUp.with(author);
        highestCertified = Math.max(highestCertified, certifiedRound);
        return before || !committee.isQuorum(givenUp)
                ? Optional.empty()
                : Optional.of(new TimeoutCert(round, highestCertified, givenUp));
    }

    /** Whether so many have given up that one of them at least is right to, and this one has not. */
    boolean oughtToGiveUp() {
        return !timedOut && committee.hasOneToTrust(givenUp);
    }

    /** Notes that this one gives up; whether it is the first time in this round. */
    boolean timeOut() {
        boolean first = !timedOut;
        timedOut = true;
        return first;
    }

    /**
     * How long to wait in this round. It grows with the rounds since the last that was ordered, not since the last that was certified: where
     * every other round succeeds, nothing is ordered by two in a row, and rounds must become longer all the same.
     */
    Duration patience(long orderedRound) {
        long failed = Math.max(0, round - orderedRound - 1 - ROUNDS_ON_THEIR_WAY);
        return timeouts.after(failed);
    }
}
