/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.chaos.judge.MadeUpRound.Script;
import io.softclose.bench.chaos.plan.Cargo;
import io.softclose.bench.chaos.plan.Disturbance;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.PolicyPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a judge must find in what two ends wrote down, and what it must not. {@link CrossedEndsTest} has more on CLEAN
 * closes.
 */
class JudgeTest {
    private final MadeUpRound round = new MadeUpRound();
    private final Script alice = round.alice;
    private final Script bob = round.bob;

    @Test
    void nothingIsWrongWithACleanCloseOfWhichEverythingArrived() {
        round.aliceSends(Outcome.WRITTEN);
        bob.arrived(0, 1, 2, 3, 4);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertNoFault();
    }

    @Test
    void whatThePeerCannotHaveMustNotArrive() {
        for (Outcome outcome : List.of(Outcome.UNSENT, Outcome.DISCARDED, Outcome.EXPIRED)) {
            round.restart();
            round.aliceSends(outcome);
            bob.arrived(3);
            alice.closes(CloseEnding.ERROR, 1);
            round.killed.add(End.BOB);

            round.assertFault("#3 is " + outcome + ", and arrived");
        }
    }

    @Test
    void whatThePeerCannotHaveMustNotArriveEvenIfItsSenderWasKilled() {
        round.aliceSends(Outcome.UNSENT);
        bob.arrived(3);
        bob.closes(CloseEnding.ERROR, 1);
        round.killed.add(End.ALICE);

        round.assertFault("#3 is UNSENT, and arrived");
    }

    @Test
    void nothingArrivesTwiceOrOutOfOrder() {
        round.aliceSends(Outcome.WRITTEN);
        bob.arrived(0, 1, 3, 2, 3, 4);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertFault("#3 arrived twice");
        round.assertFault("#2 arrived after #3 (the lane, whole)");
    }

    @Test
    void aCleanCloseLosesNothing() {
        round.aliceSends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertFault("the close is CLEAN, and no handler had 3 messages from #2 on");
    }

    @Test
    void aCloseOutOfTimeDestroysNothingThatThePeerStillReads() {
        for (CloseEnding ending : List.of(CloseEnding.DEADLINE, CloseEnding.STALL)) {
            round.restart();
            round.aliceSends(Outcome.WRITTEN);
            bob.arrived(0, 1);
            alice.closes(ending, 100);
            bob.closes(CloseEnding.ERROR, 150);

            round.assertFault(
                    "the close ended " + ending + ", and the peer's ERROR 50 ms later, without 3 messages from #2 on");
        }
    }

    @Test
    void aCloseOutOfTimeMayLoseWhatASlowPeerHasNotReadWhenNobodyWaitsForItAnyMore() {
        round.aliceSends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.DEADLINE, 100);
        bob.at(5_000);
        bob.closes(CloseEnding.ERROR, 1);

        round.assertNoFault();
        round.assertTally("0 whose peer closed without them and 3 whose peer was too slow");
    }

    @Test
    void aCloseOutOfTimeMayLoseWhatItsPeerHasNoTimeFor() {
        round.aliceSends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.DEADLINE, 100);
        bob.closes(CloseEnding.DEADLINE, 150);

        round.assertNoFault();
        round.assertTally("3 whose peer closed without them and 0 whose peer was too slow");
    }

    @Test
    void aPeerThatIsKilledMayLoseEverything() {
        round.aliceSends(Outcome.WRITTEN);
        alice.closes(CloseEnding.CLEAN, 1);
        round.killed.add(End.BOB);

        round.assertNoFault();
    }

    @Test
    void aCloseEndsByItsDeadline() {
        alice.add(Kind.DEADLINE, 0, 100_000_000);
        alice.closes(CloseEnding.CLEAN, 2_000);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertFault("closed 1899 ms after its deadline (tolerated: 1000 ms)");
    }

    @Test
    void theEarliestDeadlineCounts() {
        alice.add(Kind.DEADLINE, 0, 5_000_000_000L);
        alice.add(Kind.DEADLINE, 0, 100_000_000);
        alice.closes(CloseEnding.CLEAN, 2_000);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertFault("closed 1899 ms after its deadline");
    }

    @Test
    void whatWasStoppedMayBeLateByAsMuch() {
        alice.add(Kind.DEADLINE, 0, 100_000_000);
        alice.add(Kind.DELAY, 0, 900_000);
        alice.closes(CloseEnding.CLEAN, 2_000);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertNoFault();
    }

    @Test
    void aCloseThatNobodyAskedForTakesNoLongerThanItsPolicySays() {
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 2_500);

        round.assertFault("the close took PT2.5S (expected: at most PT0.6S)");
    }

    @Test
    void anErrorHasACause() {
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.ERROR, 1);

        round.assertFault("closed CLEAN, and the peer ERROR, with no cause");
    }

    @Test
    void aSignalIsACauseOnIoUringAlone() {
        round.disturbances = List.of(new Disturbance(Disturbance.Kind.STOP, End.BOB, 1, 1));
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.ERROR, 1);

        round.assertFault("closed CLEAN, and the peer ERROR, with no cause");
        round.transport = AnyTransport.NETTY_IO_URING;
        round.assertNoFault();
        round.assertTally("1 connections on io_uring ended by an error");
    }

    @Test
    void everyConnectionHasAReport() {
        alice.closes(CloseEnding.CLEAN, 1);

        round.assertFault("connection 0, from bob: there is no report");
    }

    @Test
    void accountAndListenersSayTheSame() {
        round.aliceSends(Outcome.WRITTEN);
        bob.arrived(0, 1, 2, 3, 4);
        alice.counted = Outcome.UNCERTAIN;
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertFault("the account has 0 WRITTEN (expected: 5)");
    }

    @Test
    void nothingIsAcceptedAfterTheSeal() {
        alice.add(Kind.ACCEPTED_LATE, 0, 0);
        alice.add(Kind.TOLD, Journal.code(Outcome.UNSENT), 0);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertFault("1 sends were accepted after the seal");
    }

    @Test
    void theHandlerHasNothingThatNobodySent() {
        bob.add(Kind.DAMAGED, 0, 17);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.CLEAN, 1);

        round.assertFault("the handler had a message of 17 bytes that nobody sent it");
    }

    @Test
    void theHandlerHasNothingThatWasRefused() {
        bob.arrived(2);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.CLEAN, 1);

        round.assertFault("#2 arrived, though refused");
    }

    @Test
    void callbacksThrowNothingThatIsNotPlanned() {
        alice.add(Kind.CALLBACK_FAILED, 0, 0);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.CLEAN, 1);

        round.assertFault("a callback threw what it was not to throw");
    }

    @Test
    void theObjectsThatWereSentComeBack() {
        alice.add(Kind.STRANGER, 0, 3);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.CLEAN, 1);

        round.assertFault("#3 is handed back as another object");
    }

    @Test
    void whatHasNotGoneComesBack() {
        for (Outcome outcome : List.of(Outcome.UNCERTAIN, Outcome.UNSENT, Outcome.DISCARDED)) {
            round.restart();
            alice.returns = false;
            round.aliceSends(outcome);
            alice.closes(CloseEnding.DEADLINE, 1);
            bob.closes(CloseEnding.CLEAN, 1);

            round.assertFault("the report does not return exactly the messages that are " + outcome);
        }
    }

    @Test
    void everyMessageEndsOnce() {
        alice.add(Kind.ACCEPTED, 0, 0);
        alice.add(Kind.ACCEPTED, 0, 1);
        alice.add(Kind.TOLD, Journal.code(Outcome.WRITTEN), 1);
        alice.add(Kind.TOLD, Journal.code(Outcome.UNCERTAIN), 1);
        alice.closes(CloseEnding.DEADLINE, 1);
        bob.closes(CloseEnding.CLEAN, 1);

        round.assertFault("the sender was not told how #0 ended");
        round.assertFault("#1 ended twice: WRITTEN, then UNCERTAIN");
    }

    @Test
    void nothingHappensAfterTheEnd() {
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.CLEAN, 1);
        bob.add(Kind.LATE, Journal.code(Kind.ARRIVED), 0);

        round.assertFault("something happened on a connection of an earlier round: ARRIVED");
    }

    @Test
    void lanesKeepTheirOrderEachForItself() {
        round.policies.put(End.ALICE, PolicyPlan.Kind.CONSENSUS_PRIORITY);
        round.messages = 40;
        round.aliceSends(Outcome.WRITTEN);
        int[] urgentFirst = IntStream.range(0, 40)
                .boxed()
                .sorted(Comparator.comparing(new Cargo(0, 40, 100, 1, 0, 0)::urgency))
                .mapToInt(Integer::intValue)
                .toArray();
        bob.arrived(urgentFirst);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        round.assertNoFault();
        round.policies.put(End.ALICE, PolicyPlan.Kind.GRACEFUL);
        round.assertFault(" (the lane, whole)");
    }
}
