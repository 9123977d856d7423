/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SafetyRulesTest {
    private static final Voters THREE = new Voters(0b111);
    private static final Optional<TimeoutCert> NONE = Optional.empty();

    private final SafetyData data = new SafetyData();
    private final SafetyRules rules = new SafetyRules(data);

    /** The certificate of a round's block; which block it is does not matter here. */
    private static QuorumCert certified(long round) {
        return round == 0 ? QuorumCert.GENESIS : new QuorumCert(ref(round), ref(round - 1), THREE);
    }

    private static BlockRef ref(long round) {
        return round == 0 ? BlockRef.GENESIS : new BlockRef(new BlockId(round, 0, 0, 0), round, round);
    }

    private static Block block(long round, long parent) {
        return Block.on(certified(parent), round, 0, List.of(), 0);
    }

    private static Optional<TimeoutCert> givenUp(long round, long highestCertified) {
        return Optional.of(new TimeoutCert(round, highestCertified, THREE));
    }

    @Test
    void aVoteIsForABlockOnTheRoundBefore() {
        assertTrue(rules.vote(block(1, 0), NONE));
        assertTrue(rules.vote(block(2, 1), NONE));
    }

    @Test
    void noVoteIsGivenTwiceInARoundNorInAnEarlierOne() {
        assertTrue(rules.vote(block(5, 4), NONE));

        assertFalse(rules.vote(block(5, 4), NONE));
        assertFalse(rules.vote(block(4, 3), NONE));
    }

    @Test
    void noVoteSkipsARoundThatWasNotGivenUp() {
        assertFalse(rules.vote(block(5, 3), NONE));
        assertFalse(rules.vote(block(5, 3), givenUp(3, 2)));
    }

    @Test
    void afterARoundThatWasGivenUpTheBlockIsAsHighAsAnyThatWasToldOf() {
        assertFalse(rules.vote(block(5, 2), givenUp(4, 3)));
        assertTrue(rules.vote(block(5, 3), givenUp(4, 3)));
        assertTrue(rules.vote(block(9, 4), givenUp(8, 3)));
    }

    @Test
    void whoGaveUpOnARoundDoesNotVoteInIt() {
        assertTrue(rules.timeout(5, certified(4), NONE));

        assertFalse(rules.vote(block(5, 4), NONE));
        assertTrue(rules.vote(block(6, 4), givenUp(5, 4)));
    }

    @Test
    void whoHasVotedGivesUpOnTheSameRoundButOnNoneBefore() {
        assertTrue(rules.vote(block(5, 4), NONE));

        assertTrue(rules.timeout(5, certified(4), NONE));
        assertTrue(rules.timeout(5, certified(4), NONE), "as often as need be");
        assertFalse(rules.timeout(4, certified(3), NONE));
    }

    @Test
    void whoGivesUpTellsOfTheHighestBlockItHasReliedOn() {
        assertTrue(rules.vote(block(5, 4), NONE));

        assertFalse(rules.timeout(6, certified(3), givenUp(5, 3)));
        assertTrue(rules.timeout(6, certified(4), givenUp(5, 3)));
    }

    @Test
    void whoHasVotedToOrderABlockTellsOfItWhenItGivesUp() {
        assertTrue(rules.orderVote(certified(5)));

        assertFalse(rules.timeout(7, certified(4), givenUp(6, 4)));
        assertTrue(rules.timeout(7, certified(5), givenUp(6, 4)));
    }

    @Test
    void nobodyGivesUpOnARoundThatHasNotBegun() {
        assertFalse(rules.timeout(7, certified(4), NONE));
        assertFalse(rules.timeout(7, certified(4), givenUp(5, 4)));
    }

    @Test
    void whoGaveUpOnARoundOrdersNothingUpToIt() {
        assertTrue(rules.timeout(6, certified(5), NONE));

        assertFalse(rules.orderVote(certified(5)));
        assertFalse(rules.orderVote(certified(6)));
        assertTrue(rules.orderVote(certified(7)));
    }

    @Test
    void aLeaderProposesOnceInARoundAndNotInOneThatItHasSpokenIn() {
        assertTrue(rules.propose(4));
        assertFalse(rules.propose(4));
        assertTrue(rules.vote(block(8, 7), NONE));
        assertFalse(rules.propose(8));
        assertTrue(rules.timeout(9, certified(8), NONE));
        assertFalse(rules.propose(9));
        assertTrue(rules.propose(12));
    }

    @Test
    void whatWasSaidOutlivesTheProcess() {
        assertTrue(rules.propose(5));
        assertTrue(rules.vote(block(5, 4), NONE));
        assertTrue(rules.timeout(5, certified(4), NONE));

        SafetyRules restarted = new SafetyRules(data);

        assertFalse(restarted.propose(5));
        assertFalse(restarted.vote(block(5, 4), NONE));
        assertFalse(restarted.orderVote(certified(5)));
        assertFalse(restarted.timeout(6, certified(3), givenUp(5, 3)));
    }
}
