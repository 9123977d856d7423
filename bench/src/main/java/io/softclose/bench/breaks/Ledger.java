/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Outcome;
import io.softclose.net.PeerAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one node sends to the other, and what must be true of it: one outcome each, handled once at most and only if it may
 * have left, in order, and by the connection it was written to. Shares nothing with the engine. Thread-safe.
 *
 * <p>Which connection a message was written to, its listener is not told. But one connection carries a peer's messages at a
 * time, and what it has written is told on its loop's thread before its report is: so what that thread was told since the
 * report before is this connection's, and its account says how many that must be.
 */
final class Ledger {
    private final String name;
    private final Consumer<String> violations;

    // Guarded by this.
    private final List<Sent> sent = new ArrayList<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<Thread, OnLoop> told = new HashMap<>();
    private final List<Ended> ended = new ArrayList<>();
    /** By start and form, the number of the last message that left. */
    private final Map<Integer, int[]> lastLeft = new HashMap<>();
    /** By start and form, the number of the last that was handled. */
    private final Map<Integer, int[]> lastHandled = new HashMap<>();
    /** The same by the receiver's connection. */
    private final Map<Long, int[]> lastHandledBy = new HashMap<>();
    /** By start. */
    private final Map<Integer, Totals> totals = new HashMap<>();

    private long accepted;
    private long handled;
    private long overtaken;

    /** What one loop's thread was told and no report has been made of yet. */
    private static final class OnLoop {
        List<Sent> written = new ArrayList<>();
        long uncertain;
        long discarded;
    }

    /** What one start of the node was told in all. */
    private static final class Totals {
        long accepted;
        long handedOver;
        final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    }

    /**
     * Of a node that has sent nothing yet.
     *
     * @param violations told of everything that must not be
     */
    Ledger(String name, Consumer<String> violations) {
        this.name = name;
        this.violations = violations;
    }

    /** A message that is about to be sent; the next number is its. */
    synchronized Sent begin(int start, int sender, int lane, boolean streamed) {
        Sent one = new Sent(sent.size(), start, sender, lane, streamed);
        sent.add(one);
        return one;
    }

    /** It was accepted; its outcome may have been told before. */
    synchronized void accepted(Sent one) {
        one.accepted = true;
        accepted++;
        totals(one.start).accepted++;
    }

    /** Its listener was told. */
    synchronized void ended(Sent one, Outcome outcome) {
        if (one.outcome != null) {
            violated(one + " ended again, as " + outcome);
        }
        one.outcome = outcome;
        outcomes.merge(outcome, 1L, Long::sum);
        totals(one.start).outcomes.merge(outcome, 1L, Long::sum);
        OnLoop loop = told.computeIfAbsent(Thread.currentThread(), first -> new OnLoop());
        switch (outcome) {
            case WRITTEN -> loop.written.add(one);
            case UNCERTAIN -> loop.uncertain++;
            case DISCARDED -> loop.discarded++;
            case UNSENT, EXPIRED -> {}
            case DELIVERED, HANDED_OVER -> violated(one + ": no listener should hear of that");
        }
        if (one.mayHaveLeft()) {
            int[] last = lastLeft.computeIfAbsent(one.start, first -> none());
            if (last[one.form] > one.number) {
                violated(one + " left after #" + last[one.form]);
            }
            last[one.form] = Math.max(last[one.form], one.number);
        }
    }

    /**
     * It has come, and is with the handler.
     *
     * @param by the receiver's connection
     */
    synchronized void handled(int number, long by) {
        if (number < 0 || number >= sent.size()) {
            violated("#" + number + " was handled (expected: less than " + sent.size() + ")");
            return;
        }
        Sent one = sent.get(number);
        handled++;
        one.handled++;
        one.cameBy = by;
        if (one.handled > 1) {
            violated(one + " was handled again");
        }
        if (one.outcome != null && !one.mayHaveLeft()) {
            violated(one + " was handled after that");
        }
        int[] here = lastHandledBy.computeIfAbsent(by, first -> none());
        if (here[one.form] > number) {
            violated(one + " was handled after #" + here[one.form] + " of the same connection");
        }
        here[one.form] = Math.max(here[one.form], number);
        int[] anywhere = lastHandled.computeIfAbsent(one.start, first -> none());
        overtaken += anywhere[one.form] > number ? 1 : 0;
        anywhere[one.form] = Math.max(anywhere[one.form], number);
    }

    /**
     * A connection of the node's has its report. Called where the network tells of it.
     *
     * @param from when it had opened
     */
    synchronized void closed(int start, Connection connection, long from, CloseReport report) {
        totals(start).handedOver += report.account().count(Outcome.HANDED_OVER);
        if (!report.account().balanced()) {
            violated("does not balance: " + report);
        }
        if (report.returned().stream().anyMatch(one -> one.outcome() == Outcome.HANDED_OVER)) {
            violated("returned and handed over: " + report);
        }
        List<Sent> written = List.of();
        if (report.account().total().accepted() > 0) {
            OnLoop loop = told.getOrDefault(Thread.currentThread(), new OnLoop());
            told.remove(Thread.currentThread());
            written = loop.written;
            compare(report, Outcome.WRITTEN, written.size());
            compare(report, Outcome.UNCERTAIN, loop.uncertain);
            compare(report, Outcome.DISCARDED, loop.discarded);
        }
        ended.add(new Ended(
                Ended.number(start, connection.id()),
                connection.direction(),
                connection.remoteAddress(),
                from,
                System.nanoTime(),
                Ended.Summary.of(report),
                written));
    }

    private void compare(CloseReport report, Outcome outcome, long listeners) {
        if (report.account().count(outcome) != listeners) {
            violated("listeners were told of " + listeners + " " + outcome + ", but its account says so of "
                    + report.account().count(outcome) + ": " + report);
        }
    }

    /** How many were handled so far. */
    synchronized long handled() {
        return handled;
    }

    synchronized long accepted() {
        return accepted;
    }

    /** How many of the node's connections have closed. */
    synchronized int closed() {
        return ended.size();
    }

    /** How many came by an older connection when a later one of their order had come by a newer one. */
    synchronized long overtaken() {
        return overtaken;
    }

    synchronized long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** How many have arrived of which their sender was told that this is uncertain. */
    synchronized long arrivedUncertain() {
        return sent.stream()
                .filter(one -> one.outcome == Outcome.UNCERTAIN && one.handled > 0)
                .count();
    }

    /** How many were handed over from one connection to the next, counted as often as they were. */
    synchronized long handedOver() {
        return totals.values().stream().mapToLong(each -> each.handedOver).sum();
    }

    synchronized List<Ended> connections() {
        return List.copyOf(ended);
    }

    /** How many messages have come by none of the peer's connections, though they should have for certain. */
    synchronized List<Sent> missing(int from) {
        return sent.subList(from, sent.size()).stream()
                .filter(one -> one.accepted && one.handled == 0)
                .toList();
    }

    /** How many messages there are, refused ones included. */
    synchronized int size() {
        return sent.size();
    }

    /**
     * All is over: every message that was accepted has ended, nothing has arrived that cannot have, and each account of the
     * peer's says what its start's listeners were told.
     *
     * @param accounts by start
     */
    synchronized void check(Map<Integer, PeerAccount> accounts) {
        for (Sent one : sent) {
            if (one.accepted && one.outcome == null) {
                violated(one + " has no outcome");
            }
            if (!one.accepted && (one.outcome != null || one.handled > 0)) {
                violated(one + " was refused");
            }
            if (one.handled > 0 && !one.mayHaveLeft()) {
                violated(one + " was handled");
            }
        }
        accounts.forEach((start, account) -> compare(account, start, totals(start)));
    }

    private void compare(PeerAccount account, int start, Totals all) {
        boolean same = account.messages().total().accepted() == all.accepted
                && account.handedOver() == all.handedOver
                && Arrays.stream(Outcome.values())
                        .allMatch(
                                outcome -> account.messages().count(outcome) == all.outcomes.getOrDefault(outcome, 0L));
        if (!same || !account.balanced() || account.waiting() != 0) {
            violated("start " + start + ": accepted " + all.accepted + ", handed over " + all.handedOver + ", "
                    + all.outcomes + ", but the account says " + account);
        }
    }

    private Totals totals(int start) {
        return totals.computeIfAbsent(start, first -> new Totals());
    }

    private static int[] none() {
        int[] none = new int[Sent.FORMS];
        Arrays.fill(none, -1);
        return none;
    }

    private void violated(String what) {
        violations.accept(name + ": " + what);
    }
}
