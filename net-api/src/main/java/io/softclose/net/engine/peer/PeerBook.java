/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import io.softclose.net.spi.Lane;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts what was addressed to a peer, and its final outcomes, by lane. Thread-safe. */
final class PeerBook {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final AtomicLongArray accepted;
    /** Of lane i from i * OUTCOMES.length on. */
    private final AtomicLongArray ended;

    PeerBook(int lanes) {
        accepted = new AtomicLongArray(lanes);
        ended = new AtomicLongArray(lanes * OUTCOMES.length);
    }

    /** A message is about to be offered: it may end before its sender hears that it was accepted. */
    void offered(int lane) {
        accepted.incrementAndGet(lane);
    }

    /** It was refused. */
    void refused(int lane) {
        accepted.decrementAndGet(lane);
    }

    void ended(int lane, Outcome outcome) {
        ended.incrementAndGet(index(lane, outcome));
    }

    /** Outcomes are read before acceptances, so none is seen without its acceptance. */
    Account account(List<Lane> lanes) {
        List<LaneAccount> accounts = new ArrayList<>(lanes.size());
        for (int lane = 0; lane < lanes.size(); lane++) {
            Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : OUTCOMES) {
                outcomes.put(outcome, ended.get(index(lane, outcome)));
            }
            accounts.add(new LaneAccount(lanes.get(lane).name(), accepted.get(lane), outcomes));
        }
        return new Account(accounts);
    }

    /** Whether anything was ever accepted. */
    boolean isEmpty() {
        boolean empty = true;
        for (int lane = 0; lane < accepted.length() && empty; lane++) {
            empty = accepted.get(lane) == 0;
        }
        return empty;
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of this run, kept nowhere
    private static int index(int lane, Outcome outcome) {
        return lane * OUTCOMES.length + outcome.ordinal();
    }
}
