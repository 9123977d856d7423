/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.chaos.EndPlan.TransportPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a judge must find in what two ends wrote down, and what it must not. Alice sends five messages. */
class JudgeTest {
    private static final int MESSAGES = 5;
    /** Of which what exceeds it is streamed: none. */
    private static final int FRAME_SIZE = 1 << 16;

    private final Tally tally = new Tally();
    private final Script alice = new Script();
    private final Script bob = new Script();
    private final Set<End> killed = EnumSet.noneOf(End.class);
    private PolicyPlan.Kind bobsPolicy = PolicyPlan.Kind.GRACEFUL;
    private int largest = 100;
    private AnyTransport transport = AnyTransport.NIO;
    private List<Disturbance> bobsDisturbances = List.of();

    @Test
    void nothingIsWrongWithACleanCloseOfWhichEverythingArrived() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1, 2, 3, 4);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertEquals(List.of(), faults());
    }

    @Test
    void whatThePeerCannotHaveMustNotArrive() {
        for (Outcome outcome : List.of(Outcome.UNSENT, Outcome.DISCARDED, Outcome.EXPIRED)) {
            alice.restart();
            bob.restart();
            alice.sends(outcome);
            bob.arrived(3);
            alice.closes(CloseEnding.ERROR, 1);
            killed.add(End.BOB);

            assertFault("#3 is " + outcome + ", and arrived");
        }
    }

    @Test
    void whatThePeerCannotHaveMustNotArriveEvenIfItsSenderWasKilled() {
        alice.sends(Outcome.UNSENT);
        bob.arrived(3);
        bob.closes(CloseEnding.ERROR, 1);
        killed.add(End.ALICE);

        assertFault("#3 is UNSENT, and arrived");
    }

    @Test
    void nothingArrivesTwiceOrOutOfOrder() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1, 3, 2, 3, 4);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertFault("#3 arrived twice");
        assertFault("#2 arrived after #3 (the lane, whole)");
    }

    @Test
    void aCleanCloseLosesNothing() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertFault("the close is CLEAN, and no handler had 3 messages from #2 on");
    }

    @Test
    void whatWasWrittenBeforeThePeersEndIsNotLostInACleanCloseEvenIfThePeerRanOutOfTime() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.at(50);
        bob.add(Kind.OWN_END_HELD, 0, 0);
        bob.closes(CloseEnding.DEADLINE, 200);

        assertFault("the close is CLEAN, and no handler had 3 messages from #2 on");
    }

    @Test
    void endsThatCrossMayLoseWhatWasWrittenAfterThePeersEnd() {
        bob.at(0);
        bob.add(Kind.OWN_END_HELD, 0, 0);
        alice.at(20);
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.closes(CloseEnding.DEADLINE, 200);

        assertEquals(List.of(), faults());
        assertTally("3 in 1 CLEAN closes");
    }

    @Test
    void whatThePeersSocketHadNoRoomForMayCrossItsEndHoweverLongAgoItWasWritten() {
        largest = 1 << 20;
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.at(50);
        bob.add(Kind.OWN_END_HELD, 0, 0);
        bob.closes(CloseEnding.DEADLINE, 200);

        assertEquals(List.of(), faults());
        assertTally("4 in 1 CLEAN closes");
    }

    @Test
    void endsThatCrossExcuseNothingIfThePeerHadTimeToReadOn() {
        bob.at(0);
        bob.add(Kind.OWN_END_HELD, 0, 0);
        alice.at(20);
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.CLEAN, 100);
        bob.closes(CloseEnding.CLEAN, 200);

        assertFault("the close is CLEAN, and no handler had 3 messages from #2 on");
    }

    @Test
    void aPeerThatDoesNotWaitMayLoseWhatCrossesItsEnd() {
        bobsPolicy = PolicyPlan.Kind.DROP;
        bob.at(0);
        bob.add(Kind.OWN_END_HELD, 0, 0);
        bob.closes(CloseEnding.UNCONFIRMED, 0);
        alice.at(20);
        alice.sends(Outcome.WRITTEN);
        alice.closes(CloseEnding.CLEAN, 100);

        assertEquals(List.of(), faults());
        assertTally("5 in 1 CLEAN closes");
    }

    @Test
    void aCloseOutOfTimeDestroysNothingThatThePeerStillReads() {
        for (CloseEnding ending : List.of(CloseEnding.DEADLINE, CloseEnding.STALL)) {
            alice.restart();
            bob.restart();
            alice.sends(Outcome.WRITTEN);
            bob.arrived(0, 1);
            alice.closes(ending, 100);
            bob.closes(CloseEnding.ERROR, 150);

            assertFault(
                    "the close ended " + ending + ", and the peer's ERROR 50 ms later, without 3 messages from #2 on");
        }
    }

    @Test
    void aCloseOutOfTimeMayLoseWhatASlowPeerHasNotReadWhenNobodyWaitsForItAnyMore() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.DEADLINE, 100);
        bob.at(5_000);
        bob.closes(CloseEnding.ERROR, 1);

        assertEquals(List.of(), faults());
        assertTally("0 whose peer closed without them and 3 whose peer was too slow");
    }

    @Test
    void aCloseOutOfTimeMayLoseWhatItsPeerHasNoTimeFor() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1);
        alice.closes(CloseEnding.DEADLINE, 100);
        bob.closes(CloseEnding.DEADLINE, 150);

        assertEquals(List.of(), faults());
        assertTally("3 whose peer closed without them and 0 whose peer was too slow");
    }

    @Test
    void aPeerThatIsKilledMayLoseEverything() {
        alice.sends(Outcome.WRITTEN);
        alice.closes(CloseEnding.CLEAN, 1);
        killed.add(End.BOB);

        assertEquals(List.of(), faults());
    }

    @Test
    void aCloseEndsByItsDeadline() {
        alice.add(Kind.DEADLINE, 0, 100_000_000);
        alice.closes(CloseEnding.CLEAN, 2_000);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertFault("closed 1899 ms after its deadline (tolerated: 1000 ms)");
    }

    @Test
    void theEarliestDeadlineCounts() {
        alice.add(Kind.DEADLINE, 0, 5_000_000_000L);
        alice.add(Kind.DEADLINE, 0, 100_000_000);
        alice.closes(CloseEnding.CLEAN, 2_000);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertFault("closed 1899 ms after its deadline");
    }

    @Test
    void whatWasStoppedMayBeLateByAsMuch() {
        alice.add(Kind.DEADLINE, 0, 100_000_000);
        alice.add(Kind.DELAY, 0, 900_000);
        alice.closes(CloseEnding.CLEAN, 2_000);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertEquals(List.of(), faults());
    }

    @Test
    void aCloseThatNobodyAskedForTakesNoLongerThanItsPolicySays() {
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 2_500);

        assertFault("the close took PT2.5S (expected: at most PT0.6S)");
    }

    @Test
    void anErrorHasACause() {
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.ERROR, 1);

        assertFault("closed CLEAN, and the peer ERROR, with no cause");
    }

    @Test
    void aSignalIsACauseOnIoUringAlone() {
        bobsDisturbances = List.of(new Disturbance(Disturbance.Kind.STOP, End.BOB, 1, 1));
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.ERROR, 1);

        assertFault("closed CLEAN, and the peer ERROR, with no cause");
        transport = AnyTransport.NETTY_IO_URING;
        assertEquals(List.of(), faults());
        assertTally("1 connections on io_uring ended by an error");
    }

    @Test
    void everyConnectionHasAReport() {
        alice.closes(CloseEnding.CLEAN, 1);

        assertFault("connection 0, from bob: there is no report");
    }

    @Test
    void accountAndListenersSayTheSame() {
        alice.sends(Outcome.WRITTEN);
        bob.arrived(0, 1, 2, 3, 4);
        alice.counted = Outcome.UNCERTAIN;
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertFault("the account has 0 WRITTEN (expected: 5)");
    }

    @Test
    void nothingIsAcceptedAfterTheSeal() {
        alice.add(Kind.ACCEPTED_LATE, 0, 0);
        alice.add(Kind.TOLD, Journal.code(Outcome.UNSENT), 0);
        alice.closes(CloseEnding.CLEAN, 1);
        bob.closes(CloseEnding.UNCONFIRMED, 1);

        assertFault("1 sends were accepted after the seal");
    }

    private void assertFault(String expected) {
        List<String> faults = faults();
        assertTrue(faults.stream().anyMatch(fault -> fault.contains(expected)), faults::toString);
    }

    private void assertTally(String expected) {
        assertTrue(String.join("\n", tally.lines()).contains(expected), tally.lines()::toString);
    }

    private List<String> faults() {
        CellPlan cell = new CellPlan(
                0, End.ALICE, FRAME_SIZE, plan(0, MESSAGES, PolicyPlan.Kind.GRACEFUL), plan(1, 0, bobsPolicy));
        RoundPlan round = new RoundPlan(0, 0, List.of(cell), bobsDisturbances);
        return new Judge(cell, record(round, End.ALICE, alice), record(round, End.BOB, bob), tally).faults();
    }

    private ProcessRecord record(RoundPlan round, End end, Script script) {
        return ProcessRecord.of(round, end, script.entries, killed.contains(end));
    }

    private EndPlan plan(int tag, int messages, PolicyPlan.Kind policy) {
        return new EndPlan(
                new TransportPlan(transport, AnyTransport.DEFAULT_BUFFER),
                new PolicyPlan(policy, 100, 500, 100),
                1024,
                new Cargo(tag, messages, largest, 1, 0, 0),
                new HandlerPlan(HandlerPlan.Manner.QUICK, 1, 0),
                Optional.empty());
    }

    /** What one end writes down, from when its connection is open. */
    private static final class Script {
        final List<Entry> entries = new ArrayList<>();
        private int accepted;
        private int now;
        /** What the account calls them. */
        Outcome counted = Outcome.DELIVERED;

        Script() {
            restart();
        }

        void restart() {
            entries.clear();
            accepted = 0;
            at(0);
            add(Kind.CONNECTED, 0, 0);
        }

        void at(int millis) {
            now = millis;
            entries.add(new Entry(Kind.TIME, 0, millis * 1_000L));
        }

        void add(Kind kind, int detail, long value) {
            entries.add(new Entry(kind, detail, value));
            accepted += kind == Kind.ACCEPTED || kind == Kind.ACCEPTED_LATE ? 1 : 0;
        }

        void sends(Outcome outcome) {
            counted = outcome;
            IntStream.range(0, MESSAGES).forEach(sequence -> {
                add(Kind.ACCEPTED, 0, sequence);
                add(Kind.TOLD, Journal.code(outcome), sequence);
            });
        }

        void arrived(int... sequences) {
            IntStream.of(sequences).forEach(sequence -> add(Kind.ARRIVED, 0, sequence));
        }

        /** Closes so many milliseconds after the start, having taken as long; or now, if that is later. */
        void closes(CloseEnding ending, int millis) {
            if (millis > now) {
                at(millis);
            }
            add(Kind.LANE_ACCEPTED, 0, accepted);
            add(Kind.LANE_ENDED, Journal.code(counted), accepted);
            for (Outcome outcome : List.of(Outcome.UNSENT, Outcome.DISCARDED)) {
                for (int sequence = 0; counted == outcome && sequence < accepted; sequence++) {
                    add(Kind.RETURNED, Journal.code(outcome), sequence);
                }
            }
            add(Kind.REASON, Journal.code(DisconnectReason.CONNECTION_CLOSED), 0);
            add(Kind.CLOSED, Journal.code(ending), millis * 1_000_000L);
        }
    }
}
