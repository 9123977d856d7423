/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import io.softclose.net.PeerAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each rule of the ledger, broken once. */
class LedgerTest {
    private static final int START = 1;
    private static final long BY = 5;

    private final List<String> violations = new ArrayList<>();
    private final Ledger ledger = new Ledger("alice", violations::add);

    @Test
    void whatWasWrittenAndHandledOnceIsAllRight() {
        Sent one = accepted(0);
        ledger.ended(one, Outcome.WRITTEN);
        ledger.handled(one.number, BY);

        ledger.check(Map.of(START, account(1, 0, Outcome.WRITTEN)));

        assertEquals(List.of(), violations);
    }

    @Test
    void aSecondOutcomeIsNoticed() {
        Sent one = accepted(0);
        ledger.ended(one, Outcome.UNSENT);

        ledger.ended(one, Outcome.UNSENT);

        assertViolated("ended again");
    }

    @Test
    void aMessageWithoutAnOutcomeIsNoticed() {
        accepted(0);

        ledger.check(Map.of());

        assertViolated("has no outcome");
    }

    @Test
    void aRefusedMessageThatArrivesIsNoticed() {
        ledger.handled(ledger.begin(START, 0, 0, false).number, BY);

        ledger.check(Map.of());

        assertViolated("was refused");
    }

    @Test
    void aMessageThatComesTwiceIsNoticed() {
        Sent one = accepted(0);
        ledger.handled(one.number, BY);

        ledger.handled(one.number, BY + 1);

        assertViolated("was handled again");
    }

    @Test
    void aMessageThatArrivesBeforeOrAfterItsSenderWasToldThatItCannotIsNoticed() {
        Sent before = accepted(0);
        ledger.handled(before.number, BY);
        ledger.ended(before, Outcome.EXPIRED);
        Sent after = accepted(1);
        ledger.ended(after, Outcome.DISCARDED);
        ledger.handled(after.number, BY);

        ledger.check(Map.of());

        assertViolated(before + " was handled");
        assertViolated(after + " was handled");
    }

    @Test
    void theOrderOfALaneIsLookedAtWhereMessagesLeaveAndWhereTheyArrive() {
        Sent first = accepted(0);
        Sent second = accepted(0);
        ledger.ended(second, Outcome.WRITTEN);
        ledger.ended(first, Outcome.WRITTEN);
        ledger.handled(second.number, BY);
        ledger.handled(first.number, BY);

        assertEquals(2, violations.size(), violations::toString);
        assertViolated("left after #1");
        assertViolated("of the same connection");
    }

    @Test
    void betweenLanesAndConnectionsThereIsNoOrder() {
        Sent first = accepted(0);
        Sent second = accepted(1);
        Sent third = accepted(0);
        ledger.ended(second, Outcome.WRITTEN);
        ledger.ended(first, Outcome.WRITTEN);
        ledger.ended(third, Outcome.WRITTEN);
        ledger.handled(third.number, BY + 1);
        ledger.handled(first.number, BY);

        assertEquals(List.of(), violations);
        assertEquals(1, ledger.overtaken());
    }

    @Test
    void anAccountThatSaysSomethingElseIsNoticed() {
        ledger.ended(accepted(0), Outcome.WRITTEN);

        ledger.check(Map.of(START, account(1, 1, Outcome.WRITTEN)));
        ledger.check(Map.of(START, account(1, 0, Outcome.UNCERTAIN)));
        ledger.check(Map.of(START, account(2, 0, Outcome.WRITTEN)));

        assertEquals(3, violations.size(), violations::toString);
    }

    private Sent accepted(int lane) {
        Sent one = ledger.begin(START, 0, lane, false);
        ledger.accepted(one);
        return one;
    }

    private static PeerAccount account(long accepted, long handedOver, Outcome outcome) {
        Map<Outcome, Long> outcomes = new TreeMap<>();
        Arrays.stream(Outcome.values()).forEach(each -> outcomes.put(each, each == outcome ? accepted : 0L));
        return new PeerAccount(new Account(List.of(new LaneAccount("all", accepted, outcomes))), 0, handedOver);
    }

    private void assertViolated(String what) {
        assertTrue(violations.stream().anyMatch(one -> one.contains(what)), () -> what + " in " + violations);
    }
}
