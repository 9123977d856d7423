/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.chaos.judge.MadeUpRound.Script;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.PolicyPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Alice's close is CLEAN, and Bob's handler had not everything: the one case that is to be excused, and its neighbours.
 * Both close of themselves.
 */
class CrossedEndsTest {
    private static final String FAULT = "the close is CLEAN, and no handler had ";

    private final MadeUpRound round = new MadeUpRound();
    private final Script alice = round.alice;
    private final Script bob = round.bob;

    @BeforeEach
    void bothCloseOfThemselves() {
        bob.reason = DisconnectReason.STALE_CONNECTION;
    }

    @Test
    void whatFollowsThePeersEndMayBeLostIfThePeerSaysThatItRanOutOfTime() {
        for (CloseEnding ending : List.of(CloseEnding.DEADLINE, CloseEnding.STALL)) {
            round.restart();
            aliceWritesBehindBobsEnd();
            bob.closes(ending, 200);

            round.assertNoFault();
        }
        round.assertTally("6 in 2 CLEAN closes");
    }

    @Test
    void nothingIsLostIfThePeerSaysThatItHadTime() {
        for (CloseEnding ending : List.of(CloseEnding.CLEAN, CloseEnding.UNCONFIRMED, CloseEnding.ERROR)) {
            round.restart();
            aliceWritesBehindBobsEnd();
            bob.closes(ending, 200);

            round.assertFault(FAULT + "3 messages from #2 on");
        }
    }

    @Test
    void nothingIsLostIfThePeerClosedBecauseOfOurEnd() {
        bob.reason = DisconnectReason.CONNECTION_CLOSED;
        aliceWritesBehindBobsEnd();
        bob.closes(CloseEnding.DEADLINE, 200);

        round.assertFault(FAULT + "3 messages from #2 on");
    }

    @Test
    void nothingIsLostIfWeClosedBecauseOfThePeersEnd() {
        alice.reason = DisconnectReason.CONNECTION_CLOSED;
        aliceWritesBehindBobsEnd();
        bob.closes(CloseEnding.DEADLINE, 200);

        round.assertFault(FAULT + "3 messages from #2 on");
    }

    @Test
    void nothingIsLostThatArrivedBeforeThePeersEndHoweverThePeerEnded() {
        round.aliceSends(Outcome.WRITTEN);
        alice.endsAt(1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.arrived(0, 1);
        bob.endsAt(50);
        bob.closes(CloseEnding.DEADLINE, 200);

        round.assertFault(FAULT + "3 messages from #2 on");
    }

    @Test
    void nothingIsLostIfThePeerNeverMeantToEnd() {
        round.aliceSends(Outcome.WRITTEN);
        alice.endsAt(1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.closes(CloseEnding.DEADLINE, 200);

        round.assertFault(FAULT + "5 messages from #0 on");
    }

    @Test
    void nothingIsLostIfThePeersEndHadArrivedBeforeOurs() {
        bob.endsAt(0);
        bob.endIsOut();
        alice.at(5);
        round.aliceSends(Outcome.WRITTEN);
        alice.endsAt(6);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.closes(CloseEnding.DEADLINE, 200);

        round.assertNoFault();
        alice.endsAt(7);
        round.assertFault(FAULT + "5 messages from #0 on");
    }

    @Test
    void whatFollowsTheEndOfAPeerThatDoesNotWaitMayBeLost() {
        round.policies.put(End.BOB, PolicyPlan.Kind.DROP);
        for (CloseEnding ending : List.of(CloseEnding.CLEAN, CloseEnding.UNCONFIRMED)) {
            round.restart();
            aliceWritesBehindBobsEnd();
            bob.closes(ending, 15);

            round.assertNoFault();
        }
        round.assertTally("6 in 2 CLEAN closes");
    }

    @Test
    void aPeerThatDoesNotWaitLosesNothingWithoutSayingSo() {
        round.policies.put(End.BOB, PolicyPlan.Kind.DROP);
        aliceWritesBehindBobsEnd();
        bob.closes(CloseEnding.ERROR, 15);

        round.assertFault(FAULT + "3 messages from #2 on");
    }

    @Test
    void whatIsWrittenToAPeerThatHasLongClosedAtOnceIsNotClean() {
        round.policies.put(End.BOB, PolicyPlan.Kind.DROP);
        aliceWritesBehindBobsEnd();
        bob.closes(CloseEnding.UNCONFIRMED, 14);

        round.assertFault(FAULT + "3 messages from #2 on");
    }

    @Test
    void whatHadArrivedIsNotLostUnderAPolicyThatDoesNotWaitEither() {
        round.policies.put(End.BOB, PolicyPlan.Kind.DROP);
        round.aliceSends(Outcome.WRITTEN);
        alice.endsAt(1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.endsAt(50);
        bob.closes(CloseEnding.UNCONFIRMED, 51);

        round.assertFault(FAULT + "5 messages from #0 on");
    }

    @Test
    void ofWhatWasUnderWayThePartThatThePeersSocketTakesInHadArrivedBeforeItsEnd() {
        round.messages = 60;
        round.largest = 3_000;
        aliceWritesLongBeforeBobsEnd();

        // 32 KiB, and with small buffers 4.
        round.assertFault(FAULT + "29 messages from #0 on");
        round.socketBufferBytes = AnyTransport.SMALL_BUFFER;
        round.assertFault(FAULT + "3 messages from #0 on");
    }

    @Test
    void whatThePeersSocketHadNoRoomForMayFollowItsEndHoweverLongAgoItWasWritten() {
        round.messages = 60;
        round.largest = 3_000;
        round.socketBufferBytes = AnyTransport.SMALL_BUFFER;
        bob.arrived(0, 1, 2, 3, 4, 5, 6, 7);
        bob.at(49);
        bob.arrived(8, 9, 10, 11, 12, 13);
        aliceWritesLongBeforeBobsEnd();

        round.assertNoFault();
        round.assertTally("46 in 1 CLEAN closes");
    }

    @Test
    void aStreamThatHadBegunMayHaveTakenTheRoom() {
        round.largest = 2 * MadeUpRound.FRAME_SIZE;
        aliceWritesLongBeforeBobsEnd();

        round.assertNoFault();
        round.assertTally("5 in 1 CLEAN closes");
    }

    private void aliceWritesBehindBobsEnd() {
        bob.endsAt(0);
        alice.at(20);
        round.aliceSends(Outcome.WRITTEN);
        alice.endsAt(21);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.arrived(0, 1);
    }

    private void aliceWritesLongBeforeBobsEnd() {
        round.aliceSends(Outcome.WRITTEN);
        alice.endsAt(1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.endsAt(50);
        bob.closes(CloseEnding.DEADLINE, 200);
    }
}
