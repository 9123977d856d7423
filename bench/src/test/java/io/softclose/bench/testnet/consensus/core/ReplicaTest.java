/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.core.Table.Letter;
import io.softclose.bench.testnet.consensus.message.BlockCert;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Batch;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitDecision;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.OrderVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Proposal;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.RoundTimeout;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Sync;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Vote;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replicas that get what a test lets through. Round 1 is led by replica 1, and so on; with four, three are a quorum. */
class ReplicaTest {
    private final Table table = new Table();

    private void assertAllCommitted(Table at, long height) {
        at.seats.forEach(seat -> assertEquals(height, seat.replica.committed().height(), "replica " + seat.index));
        assertEquals(List.of(), at.violations);
    }

    private void assertAllCommitted(long height) {
        assertAllCommitted(table, height);
        assertEquals(List.of(), table.rejected);
    }

    @Test
    void whenAllComesARoundCommitsABlock() {
        table.deliver(10);

        assertAllCommitted(10);
        table.seats.forEach(seat -> {
            assertEquals(seat.replica.committed(), seat.committed.get(9));
            assertEquals(seat.committed, seat.ordered);
        });
        assertEquals(0, table.count(RoundTimeout.class));
    }

    @Test
    void votesGoToTheNextLeaderAndAllElseToAll() {
        table.deliver(1);

        List<Letter> votes =
                table.sent.stream().filter(letter -> letter.is(Vote.class)).toList();
        assertEquals(3, votes.size());
        votes.forEach(vote -> assertEquals(2, vote.to()));
        assertEquals(3, table.count(Proposal.class));
        assertEquals(12, table.count(OrderVote.class));
        assertEquals(12, table.count(CommitVote.class));
        assertEquals(3, table.count(CommitDecision.class));
    }

    @Test
    void withoutOrderVotesABlockIsOrderedByTheNextOneOnIt() {
        table.lose(letter -> letter.is(OrderVote.class));

        table.deliver(5);

        // Of round 5 nobody but the next leader has a certificate; by that of round 4, round 3 is ordered for the
        // others.
        assertEquals(4, table.replica(2).orderedRound());
        assertEquals(3, table.replica(0).orderedRound());
    }

    @Test
    void withoutItsLeaderARoundIsGivenUpAndTheNextOneGoesOn() {
        table.deliver(4);
        table.loseAllOf(1);
        table.deliver(5);
        table.timeIsOver(0, 2, 3);
        table.deliver(7);

        assertEquals(6, table.replica(2).committed().height(), "rounds 1 to 4, 6 and 7, without 5");
        assertTrue(table.count(RoundTimeout.class) >= 9);
        table.loseNothing();
        table.deliver(8);
        assertAllCommitted(7);
    }

    @Test
    void whoMissedRoundsGetsTheBlocksOfThem() {
        table.loseAllOf(3);
        table.deliver(2);
        assertEquals(0, table.replica(3).committed().height());
        table.loseNothing();
        table.timeIsOver(0, 1, 2, 3);
        table.deliver(5);

        assertEquals(table.replica(0).committed(), table.replica(3).committed());
        assertTrue(
                table.replica(3).committed().height() >= 4,
                table.replica(3).committed().toString());
        assertEquals(List.of(), table.violations);
    }

    @Test
    void whoIsBehindIsToldWhereTheOthersAre() {
        table.loseAllOf(3);
        table.deliver(2);
        table.loseNothing();
        table.timeIsOver(3);
        table.deliver(0);

        assertTrue(table.count(Sync.class) > 0);
        assertEquals(table.replica(0).round(), table.replica(3).round());
    }

    @Test
    void whoWasAwayForMoreBlocksThanAreKeptGoesOnFromACommittedOne() {
        int away = 3;
        table.loseAllOf(away);
        for (long round = 1; round <= 4L * BlockTree.MAX_COMMITTED; round++) {
            table.deliver(round);
            if (table.replica(0).round() <= round) {
                table.timeIsOver(0, 1, 2);
            }
        }
        long others = table.replica(0).committed().height();
        assertTrue(others > BlockTree.MAX_COMMITTED, "height " + others);
        table.loseNothing();
        table.timeIsOver(0, 1, 2, 3);
        table.deliver(4L * BlockTree.MAX_COMMITTED + 4);

        assertEquals(1, table.seats.get(away).skipped.size());
        assertEquals(table.replica(0).committed(), table.replica(away).committed());
        assertEquals(List.of(), table.violations);
    }

    @Test
    void whoStartsAnewGoesOnWhereItWas() {
        table.deliver(6);
        table.seats.get(2).restart();
        table.deliver(9);
        table.timeIsOver(0, 1, 2, 3);
        table.deliver(13);

        assertEquals(table.replica(0).committed(), table.replica(2).committed());
        assertTrue(
                table.replica(2).committed().height() > 9,
                table.replica(2).committed().toString());
        assertEquals(List.of(), table.violations);
    }

    @Test
    void aLeaderThatStartsAnewProposesNothingElseInItsRound() {
        table.lose(letter -> true);
        table.deliver(1);
        table.seats.get(1).restart();
        table.deliver(1);

        assertEquals(3, table.count(Proposal.class));
    }

    @Test
    void aBatchIsNamedInABlockOnceAQuorumHasIt() {
        table.replica(0).makeBatch(500);
        table.deliver(0);
        table.deliver(2);

        long named = table.seats.get(3).committed.size();
        assertEquals(2, named);
        assertEquals(3, table.count(Batch.class));
        assertEquals(1, batchesCommittedBy(3));
    }

    @Test
    void whoLacksABatchGetsItBeforeItVotesToCommit() {
        table.lose(letter -> letter.is(Batch.class) && letter.to() == 3);
        table.replica(0).makeBatch(500);
        table.deliver(0);
        table.lose(letter -> (letter.from() == 3 && letter.is(BatchRequest.class))
                || (letter.to() == 3 && (letter.is(CommitVote.class) || letter.is(CommitDecision.class))));
        table.deliver(1);
        assertEquals(1, table.replica(3).orderedRound());
        assertFalse(hasVotedToCommit(3), "it has no answer");

        table.lose(letter -> letter.to() == 3);
        table.timeIsOver(3);
        table.deliver(1);

        assertTrue(hasVotedToCommit(3));
        assertEquals(1, batchesCommittedBy(0));
    }

    private boolean hasVotedToCommit(int index) {
        return table.sent.stream().anyMatch(letter -> letter.from() == index && letter.is(CommitVote.class));
    }

    private long batchesCommittedBy(int index) {
        return table
                .seats
                .get(index)
                .state
                .tree
                .answer(new BlockRetrievalRequest(
                        table.replica(index).committed().id(), 0, 100))
                .blocks()
                .stream()
                .mapToLong(block -> block.batches().size())
                .sum();
    }

    @Test
    void aLostCommitVoteIsGivenAgain() {
        table.lose(letter -> letter.is(CommitVote.class));
        table.deliver(1);
        assertEquals(0, table.replica(0).committed().height());
        table.loseNothing();
        table.timeIsOver(0, 1, 2, 3);
        table.deliver(0);

        assertAllCommitted(1);
    }

    @Test
    void whatIsOfAnotherOrHasNoQuorumIsDropped() {
        BlockRef block = new BlockRef(new BlockId(1, 2, 3, 4), 7, 7);
        table.replica(0).received(1, new CommitVote(block, 2));
        table.replica(0).received(1, new CommitDecision(new BlockCert(block, new Voters(0b11))));
        table.replica(0).received(1, new CommitDecision(new BlockCert(block, new Voters(0b110011))));

        assertEquals(3, table.rejected.size(), table.rejected.toString());
        assertEquals(BlockRef.GENESIS, table.replica(0).committed());
    }

    @Test
    void twoCommittedBlocksOfOneHeightAreTold() {
        table.deliver(3);
        BlockRef other = new BlockRef(new BlockId(1, 2, 3, 4), 9, 2);
        table.replica(0).received(1, new CommitDecision(new BlockCert(other, new Voters(0b111))));

        assertEquals(1, table.violations.size(), table.violations.toString());
    }

    /**
     * Replica 2 alone knows that round 1 is certified; the others give up on it and on round 2, and replica 3 proposes without it. Then comes the
     * order vote of replica 2.
     */
    private static Table afterALateOrderVote(Table table) {
        table.lose(letter ->
                letter.from() == 2 || (letter.to() == 2 && !letter.is(Vote.class) && !letter.is(Proposal.class)));
        table.deliver(1);
        table.timeIsOver(0, 1, 3);
        table.deliver(1);
        table.timeIsOver(0, 1, 3);
        table.deliver(2);
        assertEquals(1, table.replica(2).certifiedRound());
        assertEquals(0, table.replica(3).certifiedRound());
        table.lose(letter -> true);
        table.deliver(3);
        List<Letter> late = table.sent.stream()
                .filter(letter -> (letter.is(Proposal.class) && letter.from() == 3)
                        || (letter.is(OrderVote.class) && letter.from() == 2))
                .toList();
        table.loseNothing();
        late.stream().filter(letter -> letter.is(OrderVote.class)).forEach(table::hand);
        late.stream().filter(letter -> letter.is(Proposal.class)).forEach(table::hand);
        table.deliver(6);
        return table;
    }

    @Test
    void aBlockOfARoundThatWasGivenUpIsNotOrderedAnyMore() {
        afterALateOrderVote(table);

        assertEquals(List.of(), table.violations);
        assertTrue(table.replica(0).committed().height() > 0);
    }

    @Test
    void ifItWereThereWouldBeTwoBlocksOfOneHeight() {
        assertNotEquals(List.of(), afterALateOrderVote(new Table(BrokenRules::ordersWhatItGaveUp)).violations);
    }
}
