/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Receiving;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The account of one end of a connection: what it sent, how each of that ended, and what its peer's handler took. */
final class LedgerSide implements WireTap.Listener {
    /** Within this time after a refusal an engine has asked for memory again. */
    private static final long SHORTAGE_NANOS = 5_000_000_000L;

    private final Ledger ledger;
    private final int number;
    private final String name;
    private final Connection connection;
    private final SimLink link;
    private final WatchedPolicy policy;

    private final List<Sent> sent = new ArrayList<>();
    private final AccountCheck account;
    /** Whole messages with a listener, by lane, that have neither started nor ended. */
    private final long[] unstartedWhole;

    private final int[] lastStarted;
    private final int[] lastHandled;

    private final Set<ConnectionState> states = EnumSet.noneOf(ConnectionState.class);
    private ConnectionState state = ConnectionState.OPEN;
    /** What its policy decided when it was last asked for this connection, as far as that led to a write. */
    private @Nullable CloseDecision decision;

    private boolean closeOrdered;
    private boolean sealed;
    private long deadlineAt = Sent.NEVER;
    private long pausedAt = Sent.NEVER;
    private long checkedAt = -1;
    private @Nullable CloseReport report;
    private final Set<RareState> rare = EnumSet.noneOf(RareState.class);

    LedgerSide(Ledger ledger, int number, Connection connection, SimLink link, WatchedPolicy policy, int lanes) {
        this.ledger = ledger;
        this.number = number;
        this.connection = connection;
        this.link = link;
        this.policy = policy;
        name = link.name();
        account = new AccountCheck(lanes, this::violated);
        unstartedWhole = new long[lanes];
        lastStarted = filled(2 * lanes);
        lastHandled = filled(2 * lanes);
        states.add(state);
    }

    int number() {
        return number;
    }

    Connection connection() {
        return connection;
    }

    SimLink link() {
        return link;
    }

    SocketHistory history() {
        return link.socket().history();
    }

    @Nullable
    CloseReport report() {
        return report;
    }

    /** What it has reached that is seen at no other place. */
    Set<RareState> rare() {
        return rare;
    }

    Set<ConnectionState> states() {
        return states;
    }

    boolean isOf(WatchedPolicy owner) {
        return policy == owner;
    }

    /** The network's time, as its loop has it. */
    long now() {
        return ((SimLoop) link.loop()).virtualTime();
    }

    boolean closed() {
        return report != null;
    }

    /** How many messages it was offered. */
    int offers() {
        return sent.size();
    }

    // What its owner does.

    /** A message is about to be offered. */
    Sent offering(Message message, int lane, boolean streamed, boolean listened) {
        long expiresAt =
                message.timeToLive().map(time -> now() + time.toNanos()).orElse(Sent.NEVER);
        Sent one = new Sent(message, sent.size(), lane, streamed, listened, expiresAt);
        sent.add(one);
        return one;
    }

    /** The message was accepted. */
    void accepted(Sent one) {
        ConnectionState now = connection.state();
        if (sealed || (now.closing() && now != ConnectionState.DRAINING)) {
            violated("accepted after the seal, in " + now + ": " + one);
        }
        one.accepted = true;
        account.accepted(one);
        unstartedWhole[one.lane] += countsAsUnstarted(one);
    }

    /** A close was ordered, and this is the plan for it; it must end by then. */
    void closeOrdered(ClosePlan plan, long by) {
        if (!closeOrdered) {
            sealed |= plan.admission() == ClosePlan.Admission.SEAL;
        }
        closeOrdered = true;
        deadlineAt = Math.min(deadlineAt, by);
    }

    /** Its owner pauses, or goes on. */
    void receives(Receiving receiving) {
        if (receiving == Receiving.PAUSED) {
            pausedAt = state == ConnectionState.OPEN ? now() : Sent.NEVER;
        } else {
            if (pausedSince(history().finReceivedAt())) {
                rare.add(RareState.PEER_OF_PAUSED_ENDED);
            }
            if (pausedSince(history().brokenAt())) {
                rare.add(RareState.PAUSED_BROKE);
            }
        }
        connection.receive(receiving);
    }

    private boolean pausedSince(long then) {
        return pausedAt <= then && then <= now();
    }

    /** An abort was ordered. */
    void abortOrdered() {
        sealed = true;
        closeOrdered = true;
        deadlineAt = Math.min(deadlineAt, now());
    }

    // What its link sees.

    /** Its link is offered bytes. */
    void writes() {
        if (policy.decidedNow()) {
            decision = policy.decision();
        }
    }

    @Override
    public void starts(int sender, int which, long at) {
        if (sender != number || which < 0 || which >= sent.size()) {
            violated("a message on the wire that it was never offered: " + which + " of " + sender);
            return;
        }
        Sent one = sent.get(which);
        if (!one.accepted || one.started() || one.outcome != null) {
            violated("starts without being accepted, or twice, or after its outcome: " + one);
        }
        if (one.expiresAt <= now()) {
            violated("starts after its time to live: " + one);
        }
        int order = 2 * one.lane + (one.streamed ? 1 : 0);
        if (lastStarted[order] >= one.number) {
            violated("starts before " + lastStarted[order] + ", which was accepted after it: " + one);
        }
        lastStarted[order] = one.number;
        checkMayStart(one);
        one.start = at;
        unstartedWhole[one.lane] -= countsAsUnstarted(one);
    }

    @Override
    public void ends(int sender, int which, long at) {
        if (sender == number && which >= 0 && which < sent.size()) {
            sent.get(which).end = at;
        }
    }

    /** Of a message without a listener it is not known at once that it was discarded. */
    private static int countsAsUnstarted(Sent one) {
        return one.listened && !one.streamed ? 1 : 0;
    }

    private void checkMayStart(Sent one) {
        ConnectionState now = connection.state();
        if (now.compareTo(ConnectionState.FINISHING) >= 0) {
            violated("starts in " + now + ": " + one);
        }
        if (now != ConnectionState.SEALING && now != ConnectionState.DRAINING) {
            return;
        }
        List<Integer> order = decision instanceof CloseDecision.Drain drain ? drain.laneOrder() : List.of();
        if (!order.contains(one.lane)) {
            violated("starts although its policy decided " + decision + ": " + one);
        }
        for (int lane : order) {
            if (lane == one.lane) {
                return;
            }
            if (sealed && unstartedWhole[lane] > 0) {
                violated("starts before " + unstartedWhole[lane] + " of the more urgent lane " + lane + ": " + one);
            }
        }
    }

    // What it tells its owner, and its peer's handler.

    /** A listener was told. */
    void ended(Sent one, Message message, Outcome outcome) {
        if (message != one.message || !one.accepted || one.outcome != null || report != null) {
            violated("told " + outcome + " of another message, or again, or too late: " + one);
            return;
        }
        account.told(one, outcome);
        conclude(one, outcome);
    }

    private void conclude(Sent one, Outcome outcome) {
        one.outcome = outcome;
        one.endedWhileClosing = connection.state().closing();
        if (one.streamed && one.started() && outcome == Outcome.UNSENT) {
            rare.add(RareState.STREAM_CUT);
        }
        if (!one.started()) {
            unstartedWhole[one.lane] -= countsAsUnstarted(one);
        }
        boolean right = switch (outcome) {
            case DELIVERED -> one.handled;
            case WRITTEN -> one.within(link.output().flushed());
            case UNCERTAIN ->
                link.output().flushesLater()
                        && one.within(link.output().taken())
                        && !one.within(link.output().flushed());
            case UNSENT -> !one.handled && !one.within(link.output().taken());
            case DISCARDED -> !one.handled && !one.started();
            case EXPIRED -> !one.handled && !one.started() && one.expiresAt <= now();
        };
        if (!right) {
            violated("cannot end so, with " + link.output().taken() + " bytes taken and "
                    + link.output().flushed() + " flushed: " + one);
        }
    }

    /** The peer's handler was called with a message of this side's. */
    void handled(int which, boolean intact) {
        if (which < 0 || which >= sent.size()) {
            violated("handled, but never offered: " + which);
            return;
        }
        Sent one = sent.get(which);
        int order = 2 * one.lane + (one.streamed ? 1 : 0);
        boolean possible = one.outcome == null
                || one.outcome == Outcome.WRITTEN
                || one.outcome == Outcome.DELIVERED
                || one.outcome == Outcome.UNCERTAIN;
        if (!one.accepted || one.handled || !intact || !possible || lastHandled[order] >= one.number) {
            violated("handled without being accepted, or twice, or damaged, or as " + one.outcome + ", or after "
                    + lastHandled[order] + ": " + one);
        }
        one.handled = true;
        lastHandled[order] = one.number;
    }

    // What must be true.

    /** After each event on its loop. */
    void check() {
        ConnectionState now = connection.state();
        if (now != state) {
            if (now.compareTo(state) < 0) {
                violated("moved back from " + state + " to " + now);
            }
            state = now;
            states.add(now);
            moved();
        }
        // What ends without a listener shows in what the link has flushed, or in a close.
        long flushed = link.output().flushed();
        if (account.changed() || flushed != checkedAt || state.closing()) {
            checkedAt = flushed;
            account.compare(connection.account());
        }
    }

    private void moved() {
        if (state.closing() && !closeOrdered) {
            ClosePlan plan = policy.planned(DisconnectReason.CONNECTION_CLOSED);
            closeOrdered(plan, now() + Ledger.nanos(plan.deadline()));
        }
        sealed |= state.closing() && state != ConnectionState.DRAINING;
    }

    /** When nothing is left to do at the present time. */
    void checkAtRest() {
        if (ledger.paused(link)) {
            return;
        }
        if (report == null && deadlineAt <= now()) {
            violated("in " + connection.state() + " at its deadline");
        }
        if (state.closing() && link.isOpen() && !link.input().reads()) {
            violated("does not read although it closes");
        }
        if (state == ConnectionState.OPEN && account.pending() > 0 && !link.owesWritable() && link.isOpen()) {
            account.compare(connection.account());
            if (account.pending() > 0 && !link.output().buffers().memory().refusedSince(now() - SHORTAGE_NANOS)) {
                violated("rests with " + account.pending() + " messages pending and a link that waits for nothing");
            }
        }
    }

    /** Its report has come. */
    void closed(CloseReport made) {
        if (report != null) {
            violated("closed twice");
            return;
        }
        check();
        List<Sent> missing = new ArrayList<>();
        ReturnedCheck returned = new ReturnedCheck(this::violated);
        made.returned().forEach(one -> {
            Sent which = find(one.message());
            if (returned.check(one, which) && which != null && !which.listened) {
                conclude(which, one.outcome());
            }
        });
        report = made;
        for (Sent one : sent) {
            if (one.accepted && one.outcome == null && !one.listened) {
                conclude(one, Outcome.WRITTEN);
            }
            if (one.accepted && one.outcome == null) {
                missing.add(one);
            } else if (one.accepted && one.returned != ReturnedCheck.expected(one)) {
                violated((one.returned ? "returned: " : "not returned: ") + one);
            }
        }
        if (!missing.isEmpty() || !made.account().balanced() || !made.account().equals(connection.account())) {
            violated("closed with " + made.account() + " and without an outcome for " + missing);
        }
        checkEnding(made);
        EndRules.checkStall(this, made);
    }

    private void checkEnding(CloseReport made) {
        boolean uncertain = made.account().count(Outcome.UNCERTAIN) > 0;
        if (made.ending() == CloseEnding.DEADLINE && deadlineAt > now()) {
            violated("ended by a deadline before it: " + made.detail());
        }
        if (made.ending() == CloseEnding.CLEAN && uncertain) {
            violated("clean with " + made.account());
        }
        if (now() > deadlineAt && made.ending() == CloseEnding.DEADLINE) {
            rare.add(RareState.LATE_FOR_DEADLINE);
        }
        if (now() > deadlineAt && !ledger.late(link)) {
            violated("closed " + (now() - deadlineAt) + " ns after its deadline");
        }
    }

    /** Everything that is known to have been written reached the peer's handler; for when that must be so. */
    void checkNothingLost(String why) {
        for (Sent one : sent) {
            if (one.outcome == Outcome.WRITTEN && !one.handled) {
                violated("lost, although " + why + ": " + one);
            }
        }
    }

    List<Sent> writtenAndNotHandled() {
        return sent.stream()
                .filter(one -> one.outcome == Outcome.WRITTEN && !one.handled)
                .toList();
    }

    ClosePlan planned(DisconnectReason reason) {
        return policy.planned(reason);
    }

    /** Whether its policy has ever closed without waiting for the peer. */
    boolean mayLeaveAtOnce() {
        return policy.everAtOnce();
    }

    /** Whether this end, going by its own report and policy, left only after it had read its peer's end. */
    boolean leftPolitely() {
        CloseReport made = report;
        return made != null
                && !policy.everAtOnce()
                && (made.ending() == CloseEnding.CLEAN || made.ending() == CloseEnding.UNCONFIRMED);
    }

    private @Nullable Sent find(Message message) {
        if (message.size() < SentPayload.LEAST) {
            return null;
        }
        int which = SentPayload.number(message.payload());
        Sent one = which >= 0 && which < sent.size() ? sent.get(which) : null;
        return one != null && one.message == message ? one : null;
    }

    void violated(String what) {
        ledger.violated(name + ": " + what);
    }

    private static int[] filled(int length) {
        int[] none = new int[length];
        Arrays.fill(none, -1);
        return none;
    }
}
