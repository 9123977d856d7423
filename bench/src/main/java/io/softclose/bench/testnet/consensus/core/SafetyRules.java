/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a validator may say without helping to decide two blocks that exclude each other. Whatever else goes wrong, no fork comes about as
 * long as of 3f + 1 validators 2f + 1 ask here before they speak, and keep {@link SafetyData} when they stop. The rules are those of Jolteon
 * (Gelashvili and others, 2021, figure 2), which is DiemBFT v4, with AptosBFT's rule for order votes; docs/testnet.md says why they
 * suffice. Each method that answers true has noted that it was said.
 */
public class SafetyRules {
    private final SafetyData data;

    /**
     * The rules for whoever has said this so far.
     *
     * @param data moves on with each thing that is said
     */
    public SafetyRules(SafetyData data) {
        this.data = data;
    }

    /** A leader proposes once in a round, and in no round in which it has voted or that it has given up. */
    boolean propose(long round) {
        if (round <= data.lastProposedRound || round <= data.lastVotedRound) {
            return false;
        }
        data.lastProposedRound = round;
        return true;
    }

    /** A leader builds on the highest certified block that it knows, or else nobody votes for what it proposes. */
    QuorumCert buildOn(QuorumCert highest) {
        return highest;
    }

    /**
     * A vote is for a block of a later round than any vote or timeout before, which is built on the block of the round before it, or comes
     * straight after a round that was given up, and is built on a block at least as high as any of those who gave up had certified.
     *
     * @param lastTimeout the highest timeout certificate there is
     */
    boolean vote(Block block, Optional<TimeoutCert> lastTimeout) {
        if (!isLaterThanAllSaid(block.round()) || !extendsWhatMayBeDecided(block, lastTimeout)) {
            return false;
        }
        observe(block.parentCert());
        data.lastVotedRound = block.round();
        return true;
    }

    boolean isLaterThanAllSaid(long round) {
        return round > data.lastVotedRound;
    }

    boolean extendsWhatMayBeDecided(Block block, Optional<TimeoutCert> lastTimeout) {
        long parent = block.parentCert().round();
        return parent + 1 == block.round()
                || lastTimeout
                        .filter(timeout -> timeout.round() + 1 == block.round())
                        .map(timeout -> parent >= timeout.highestCertifiedRound())
                        .orElse(false);
    }

    /**
     * Whoever gives up on a round has not voted in a later one, is there by a certificate, and tells of the highest block that it knows to be
     * certified. It votes for no block of that round afterwards, nor orders one up to it. It may say so again.
     */
    boolean timeout(long round, QuorumCert highest, Optional<TimeoutCert> lastTimeout) {
        boolean begun = highest.round() + 1 == round
                || lastTimeout.map(timeout -> timeout.round() + 1 == round).orElse(false);
        if (round < data.lastVotedRound || highest.round() < data.highestKnownRound || !begun) {
            return false;
        }
        data.lastVotedRound = round;
        data.highestTimeoutRound = Math.max(data.highestTimeoutRound, round);
        return true;
    }

    /**
     * A vote to order a certified block comes from one that has not given up on its round or a later one. Then whoever gives up on such a round
     * from now on tells of this block.
     */
    boolean orderVote(QuorumCert cert) {
        if (!isLaterThanAllGivenUp(cert.round())) {
            return false;
        }
        observe(cert);
        return true;
    }

    boolean isLaterThanAllGivenUp(long round) {
        return round > data.highestTimeoutRound;
    }

    private void observe(QuorumCert cert) {
        data.highestKnownRound = Math.max(data.highestKnownRound, cert.round());
    }

    /** What has been said; it outlives the process. */
    public static final class SafetyData {
        private long lastProposedRound;
        /** The last round in which it has voted, or that it has given up. */
        private long lastVotedRound;

        private long highestTimeoutRound;
        /** The highest certified round that it has relied on in a vote; Jolteon's lock. */
        private long highestKnownRound;

        /** Of one that has said nothing. */
        public SafetyData() {}

        /** All of it, for {@link #read}. */
        void write(ByteBuffer out) {
            out.putLong(lastProposedRound)
                    .putLong(lastVotedRound)
                    .putLong(highestTimeoutRound)
                    .putLong(highestKnownRound);
        }

        void read(ByteBuffer in) {
            lastProposedRound = in.getLong();
            lastVotedRound = in.getLong();
            highestTimeoutRound = in.getLong();
            highestKnownRound = in.getLong();
        }
    }
}
