/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.chaos.plan.Cargo;
import io.softclose.bench.chaos.plan.CellPlan;
import io.softclose.bench.chaos.plan.Disturbance;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.EndPlan;
import io.softclose.bench.chaos.plan.EndPlan.TransportPlan;
import io.softclose.bench.chaos.plan.HandlerPlan;
import io.softclose.bench.chaos.plan.PolicyPlan;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What two ends of one connection might have written down, for a judge. Alice sends, and closes of herself. */
final class MadeUpRound {
    /** In bytes; what exceeds it is streamed. */
    static final int FRAME_SIZE = 1 << 16;

    final Script alice = new Script(DisconnectReason.REQUESTED_BY_PEER_MANAGER);
    final Script bob = new Script(DisconnectReason.CONNECTION_CLOSED);
    final Set<End> killed = EnumSet.noneOf(End.class);
    final Map<End, PolicyPlan.Kind> policies =
            new EnumMap<>(Map.of(End.ALICE, PolicyPlan.Kind.GRACEFUL, End.BOB, PolicyPlan.Kind.GRACEFUL));
    /** How many messages Alice sends. */
    int messages = 5;
    /** The largest payload, in bytes. */
    int largest = 100;

    int socketBufferBytes = AnyTransport.DEFAULT_BUFFER;
    AnyTransport transport = AnyTransport.NIO;
    List<Disturbance> disturbances = List.of();

    private final Tally tally = new Tally();

    void restart() {
        alice.restart();
        bob.restart();
    }

    /** Alice sends all of her messages, and each ends so. */
    void aliceSends(Outcome outcome) {
        alice.sends(messages, outcome);
    }

    void assertFault(String expected) {
        List<String> faults = faults();
        assertTrue(faults.stream().anyMatch(fault -> fault.contains(expected)), faults::toString);
    }

    void assertNoFault() {
        assertEquals(List.of(), faults());
    }

    void assertTally(String expected) {
        assertTrue(String.join("\n", tally.lines()).contains(expected), tally.lines()::toString);
    }

    private List<String> faults() {
        CellPlan cell = new CellPlan(0, End.ALICE, FRAME_SIZE, plan(End.ALICE, messages), plan(End.BOB, 0));
        RoundPlan round = new RoundPlan(0, 0, List.of(cell), disturbances);
        ProcessRecord aliceProcess = record(round, End.ALICE, alice);
        ProcessRecord bobProcess = record(round, End.BOB, bob);
        List<String> faults = new ArrayList<>(aliceProcess.late());
        faults.addAll(bobProcess.late());
        faults.addAll(new Judge(cell, aliceProcess, bobProcess, tally).faults());
        return faults;
    }

    private ProcessRecord record(RoundPlan round, End end, Script script) {
        return ProcessRecord.of(round, end, script.entries, killed.contains(end));
    }

    private EndPlan plan(End end, int count) {
        return new EndPlan(
                new TransportPlan(transport, socketBufferBytes),
                new PolicyPlan(policies.getOrDefault(end, PolicyPlan.Kind.GRACEFUL), 100, 500, 100),
                1024,
                new Cargo(end == End.ALICE ? 0 : 1, count, largest, 1, 0, 0),
                new HandlerPlan(HandlerPlan.Manner.QUICK, 1, 0),
                Optional.empty());
    }

    /** What one end writes down, from when its connection is open. */
    static final class Script {
        private final List<Entry> entries = new ArrayList<>();
        private int accepted;
        private int now;
        /** Why it closes. */
        DisconnectReason reason;
        /** What the account calls its messages. */
        Outcome counted = Outcome.DELIVERED;
        /** Whether the report hands back what the account says that it does. */
        boolean returns = true;

        private Script(DisconnectReason reason) {
            this.reason = reason;
            restart();
        }

        private void restart() {
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

        /** Its own end is asked for at this time, and goes out then or later. */
        void endsAt(int millis) {
            at(millis);
            add(Kind.OWN_END_HELD, 0, 0);
        }

        /** Its own end is known to be out. */
        void endIsOut() {
            add(Kind.OWN_END_OUT, 0, 0);
        }

        private void sends(int messages, Outcome outcome) {
            counted = outcome;
            IntStream.range(0, messages).forEach(sequence -> {
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
            for (Outcome outcome : List.of(Outcome.UNCERTAIN, Outcome.UNSENT, Outcome.DISCARDED)) {
                for (int sequence = 0; returns && counted == outcome && sequence < accepted; sequence++) {
                    add(Kind.RETURNED, Journal.code(outcome), sequence);
                }
            }
            add(Kind.REASON, Journal.code(reason), 0);
            add(Kind.CLOSED, Journal.code(ending), millis * 1_000_000L);
        }
    }
}
