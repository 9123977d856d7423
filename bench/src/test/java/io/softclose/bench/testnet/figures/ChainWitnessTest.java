/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.Dispatch;
import io.softclose.bench.testnet.consensus.MessageKind;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.figures.ChainFigures.Votes;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is seen of a chain, by a clock of the test's. */
class ChainWitnessTest {
    private static final Duration EXPECTED = Duration.ofMillis(100);
    private static final Dispatch BATCH = new Dispatch(1, MessageKind.BATCH, 0, 0);

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final ChainWitness witness = new ChainWitness(2, EXPECTED, Receivers.SEEN, clock::get);
    private final ValidatorEvents one = witness.of(0);
    private final ValidatorEvents other = witness.of(1);

    @Test
    void aRoundCountsOnceWhoeverCertifiesIt() {
        witness.begin();
        certifiedAfter(200, one, 1);
        certifiedAfter(10, other, 1);
        certifiedAfter(190, other, 2);
        witness.end();

        ChainFigures figures = witness.figures();
        assertEquals(2, figures.rounds());
        assertEquals(Duration.ofMillis(400), figures.measured());
        assertEquals(300, figures.roundsPerMinute());
        assertEquals(200, figures.roundTimes().longest().toMillis());
    }

    @Test
    void whatCameBeforeTheBeginningAndAfterTheEndDoesNotCount() {
        certifiedAfter(5_000, one, 7);
        one.roundEntered(7, false);
        witness.begin();
        certifiedAfter(100, one, 8);
        witness.end();
        certifiedAfter(5_000, one, 9);
        one.timedOut(9);
        one.roundEntered(10, true);

        ChainFigures figures = witness.figures();
        assertEquals(1, figures.rounds());
        assertEquals(100, figures.roundTimes().longest().toMillis());
        assertEquals(0, figures.timeouts());
        assertEquals(0, figures.missedProposals());
    }

    @Test
    void theRoundThatIsUnderWayAtTheEndCountsWithItsTime() {
        witness.begin();
        clock.addAndGet(Duration.ofSeconds(3).toNanos());
        witness.end();

        assertEquals(3_000, witness.figures().roundTimes().longest().toMillis());
    }

    @Test
    void aChainThatStandsStillCountsTheRoundsThatWouldHaveWaited() {
        witness.begin();
        for (int round = 1; round <= 18; round++) {
            certifiedAfter(100, one, round);
        }
        certifiedAfter(2_000, one, 19);
        witness.end();

        ChainFigures figures = witness.figures();
        assertEquals(100, figures.roundTimes().median().toMillis());
        // 1 900 ms, 1 800 ms and so on besides: as many as there were quick ones.
        assertTrue(figures.correctedTimes().p99().toMillis() >= 1_900, figures.toString());
        assertTrue(
                figures.correctedTimes().median().compareTo(figures.roundTimes().median()) > 0, figures.toString());
    }

    @Test
    void aProposalIsMissedIfItsRoundWasLeftWithoutIt() {
        witness.begin();
        one.roundEntered(1, false);
        one.proposalReceived(1);
        one.roundEntered(2, false);
        one.proposalReceived(5);
        one.roundEntered(6, true);

        witness.end();
        assertEquals(3, witness.figures().missedProposals());
    }

    @Test
    void aLeaderMissesNoProposalOfItsOwn() {
        witness.begin();
        one.roundEntered(1, false);
        one.proposed(block(1));
        one.roundEntered(2, false);

        witness.end();
        assertEquals(0, witness.figures().missedProposals());
    }

    @Test
    void whatAValidatorWithAFaultOfItsOwnMissesDoesNotCount() {
        witness.begin();
        witness.out(0, true);
        one.roundEntered(1, false);
        one.timedOut(1);
        one.roundEntered(4, true);
        witness.out(0, false);
        one.timedOut(4);
        one.roundEntered(5, true);

        witness.end();
        assertEquals(1, witness.figures().missedProposals());
        assertEquals(1, witness.figures().timeouts());
    }

    @Test
    void votesAreCountedByWhatTheirSenderWasTold() {
        witness.begin();
        one.sent(vote(1), SendResult.ACCEPTED);
        one.sent(vote(2), SendResult.ACCEPTED);
        one.sent(vote(3), SendResult.NOT_CONNECTED);
        one.sent(BATCH, SendResult.NOT_CONNECTED);
        one.outcome(vote(1), Outcome.WRITTEN);
        one.outcome(vote(2), Outcome.UNSENT);
        one.outcome(BATCH, Outcome.UNSENT);
        other.voteHandled(0, 1);

        witness.end();
        assertTrue(witness.votesSettled());
        assertEquals(
                new Votes(2, 1, 0, 0, 1, OptionalLong.of(0), 0),
                witness.figures().votes());
    }

    @Test
    void aVoteThatWentAndWasNeverGivenToItsReceiverIsLostSilently() {
        witness.begin();
        one.sent(vote(1), SendResult.ACCEPTED);
        one.outcome(vote(1), Outcome.WRITTEN);
        one.sent(vote(2), SendResult.ACCEPTED);
        one.outcome(vote(2), Outcome.WRITTEN);
        other.voteHandled(0, 2);
        witness.end();

        assertFalse(witness.votesSettled());
        assertEquals(
                new Votes(2, 0, 0, 0, 0, OptionalLong.of(1), 0),
                witness.figures().votes());
    }

    @Test
    void aVoteOfWhichItsSenderWasToldIsNotLostSilently() {
        witness.begin();
        one.sent(vote(1), SendResult.ACCEPTED);
        one.outcome(vote(1), Outcome.UNCERTAIN);
        witness.end();

        assertEquals(
                new Votes(1, 0, 0, 0, 1, OptionalLong.of(0), 0),
                witness.figures().votes());
    }

    @Test
    void itDoesNotMatterInWhichOrderAVotesFateIsTold() {
        witness.begin();
        other.voteHandled(0, 1);
        one.outcome(vote(1), Outcome.WRITTEN);
        one.sent(vote(1), SendResult.ACCEPTED);
        witness.end();

        assertTrue(witness.votesSettled());
        assertEquals(
                new Votes(1, 0, 0, 0, 0, OptionalLong.of(0), 0),
                witness.figures().votes());
    }

    @Test
    void votesCountByWhenTheyWereSent() {
        one.sent(vote(1), SendResult.ACCEPTED);
        witness.begin();
        one.outcome(vote(1), Outcome.WRITTEN);
        one.sent(vote(2), SendResult.ACCEPTED);
        witness.end();
        one.sent(vote(3), SendResult.ACCEPTED);
        one.outcome(vote(3), Outcome.UNSENT);
        one.outcome(vote(2), Outcome.UNSENT);

        assertEquals(
                new Votes(1, 0, 0, 0, 1, OptionalLong.of(0), 0),
                witness.figures().votes());
    }

    @Test
    void whatAKilledSenderWasNotToldIsNeitherLostNorSilent() {
        witness.begin();
        one.sent(vote(1), SendResult.ACCEPTED);
        one.sent(vote(2), SendResult.ACCEPTED);
        one.outcome(vote(2), Outcome.WRITTEN);
        witness.gone(0);
        witness.end();

        assertEquals(
                new Votes(2, 0, 0, 0, 0, OptionalLong.of(1), 1),
                witness.figures().votes());
    }

    @Test
    void whereReceiversAreNotSeenNothingIsSaidOfSilentLosses() {
        ChainWitness alone = new ChainWitness(2, EXPECTED, Receivers.UNSEEN, clock::get);
        alone.begin();
        alone.of(0).sent(vote(1), SendResult.ACCEPTED);
        alone.of(0).outcome(vote(1), Outcome.WRITTEN);
        alone.end();

        assertTrue(alone.votesSettled());
        assertEquals(
                new Votes(1, 0, 0, 0, 0, OptionalLong.empty(), 0),
                alone.figures().votes());
    }

    @Test
    void aVoteThatIsHandedOverTwiceIsOneVote() {
        witness.begin();
        one.handedOver(vote(1));
        one.sent(vote(1), SendResult.ACCEPTED);
        one.handedOver(vote(1));
        one.sent(vote(2), SendResult.ACCEPTED);
        one.handedOver(vote(2));
        assertEquals(2, witness.figures().votes().handedOver());
        one.outcome(vote(1), Outcome.WRITTEN);
        other.voteHandled(0, 1);
        one.outcome(vote(2), Outcome.UNSENT);
        witness.end();
        one.sent(vote(3), SendResult.ACCEPTED);
        one.handedOver(vote(3));
        one.handedOver(BATCH);

        assertEquals(
                new Votes(2, 0, 2, 3, 1, OptionalLong.of(0), 0),
                witness.figures().votes());
        assertEquals(
                new Votes(2, 0, 0, 0, 1, OptionalLong.of(0), 0),
                witness.figures().withoutHandOver().votes());
    }

    @Test
    void whatAKilledSenderHandedOverCounts() {
        witness.begin();
        one.sent(vote(1), SendResult.ACCEPTED);
        one.handedOver(vote(1));
        witness.gone(0);
        witness.end();

        assertEquals(
                new Votes(1, 0, 1, 1, 0, OptionalLong.of(0), 1),
                witness.figures().votes());
    }

    private static Dispatch vote(long number) {
        return new Dispatch(1, MessageKind.VOTE, 1, number);
    }

    @Test
    void twoBlocksOfOneHeightViolateSafety() {
        one.committed(block(1));
        other.committed(block(1));
        assertEquals(List.of(), witness.violations());

        other.committed(block(2));

        assertEquals(1, witness.violations().size());
        String violation = witness.violations().get(0);
        assertTrue(violation.startsWith("at height 1, validator 1 committed block "), violation);
    }

    @Test
    void whatAValidatorFindsItselfViolatesSafetyToo() {
        one.safetyViolated("two certificates of round 3");

        assertEquals(
                List.of("validator 0 says that safety is violated: two certificates of round 3"), witness.violations());
    }

    private void certifiedAfter(long millis, ValidatorEvents validator, long round) {
        clock.addAndGet(Duration.ofMillis(millis).toNanos());
        validator.certified(round);
    }

    /** At height 1, of this round. */
    private static Block block(long round) {
        return Block.on(QuorumCert.GENESIS, round, 0, List.of(), 0);
    }
}
