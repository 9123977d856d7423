/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.RequestAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes down how messages ended, and compares that with the account. */
final class Outcomes implements OutcomeListener {
    private record Ended(Message message, Outcome outcome) {}

    private final List<Ended> ended = new ArrayList<>();
    private int accepted;

    @Override
    public void ended(Message message, Outcome outcome) {
        ended.add(new Ended(message, outcome));
    }

    void accepted() {
        accepted++;
    }

    /** How the sends of this very message ended, in the order in which they did. */
    List<Outcome> of(Message message) {
        return ended.stream()
                .filter(one -> one.message() == message)
                .map(Ended::outcome)
                .toList();
    }

    /** How these messages ended, one after the other; each must have ended once. */
    List<Outcome> ofEach(Message... messages) {
        return Stream.of(messages)
                .map(message -> {
                    assertEquals(1, of(message).size(), () -> "outcomes of " + Messages.labelOf(message));
                    return of(message).get(0);
                })
                .toList();
    }

    int count() {
        return ended.size();
    }

    /** Fails unless every accepted message ended once, as the account says. Requests and answers have no listener. */
    void verify(Account account, RequestAccount requests) {
        LaneAccount total = account.total();
        long withoutListener = requests.made().total() + requests.received().answered();
        assertEquals(accepted + withoutListener, total.accepted(), "accepted");
        assertEquals(accepted, ended.size(), "calls of the listener");
        if (withoutListener > 0) {
            return;
        }
        for (Outcome outcome : Outcome.values()) {
            long told = ended.stream().filter(one -> one.outcome() == outcome).count();
            assertEquals(told, total.count(outcome), () -> "messages " + outcome + " in " + account);
        }
    }
}
