/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.testkit.sim.kernel.SocketHistory;
import io.softclose.net.testkit.sim.ledger.evidence.CloseOrders;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.scenario.WatchedPolicy;
import io.softclose.net.testkit.sim.world.LinkEnd;
import io.softclose.net.testkit.sim.world.LinkTurns;
import io.softclose.net.testkit.sim.world.SimLoop;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The account of one end of a connection: what it sent, how each of that ended, and what its peer's handler took. */
public final class LedgerSide {
    /** Within this time after a refusal an engine has asked for memory again. */
    private static final long SHORTAGE_NANOS = 5_000_000_000L;

    private final Ledger ledger;
    private final int number;
    private final String name;
    private final Connection connection;
    private final LinkEnd link;
    private final OwnStream stream;
    private final WatchedPolicy policy;

    private final SentMessages sent = new SentMessages();
    private final AccountCheck account;
    private final OrderCheck order;
    private final TimeCheck time;
    private final StateCheck states;
    private final CloseOrders orders;
    private final BarrierCheck barrier;
    private final LastWrittenCheck lastWritten;
    private final RequestCheck requests;
    private final StartCheck starts;
    private final HandlerCheck handlers;
    private final PaceCheck pace;
    private final OutcomeCheck outcomes;
    private final PauseCheck pauses;
    private boolean gaveUpReading;
    private long checkedAt = -1;
    private @Nullable CloseReport report;
    private final Set<RareState> rare = EnumSet.noneOf(RareState.class);

    LedgerSide(
            Ledger ledger,
            int number,
            Connection connection,
            LinkEnd link,
            OwnStream stream,
            WatchedPolicy policy,
            int lanes,
            Limits limits) {
        this.ledger = ledger;
        this.number = number;
        this.connection = connection;
        this.link = link;
        this.stream = stream;
        this.policy = policy;
        name = link.name();
        account = new AccountCheck(lanes, this::violated);
        order = new OrderCheck(lanes, this::violated);
        time = new TimeCheck(link, stream, limits, this::violated);
        states = new StateCheck(this::violated);
        orders = new CloseOrders(this::violated);
        lastWritten = new LastWrittenCheck(limits, this::violated);
        requests = new RequestCheck(this, sent, account);
        barrier = new BarrierCheck(ledger, this, policy, order);
        starts = new StartCheck(this, sent, order, orders, policy);
        handlers = new HandlerCheck(this, orders, limits);
        pace = new PaceCheck(this, limits);
        pauses = new PauseCheck(this);
        outcomes = new OutcomeCheck(this, sent, account, order, states);
    }

    public int number() {
        return number;
    }

    public Connection connection() {
        return connection;
    }

    public LinkEnd link() {
        return link;
    }

    OwnStream stream() {
        return stream;
    }

    SocketHistory history() {
        return link.socket().history();
    }

    @Nullable
    public CloseReport report() {
        return report;
    }

    /** What it has reached that is seen at no other place. */
    public Set<RareState> rare() {
        return rare;
    }

    public Set<ConnectionState> states() {
        return states.seen();
    }

    public boolean isOf(WatchedPolicy owner) {
        return policy == owner;
    }

    /** The network's time, as its loop has it. */
    public long now() {
        return loop().virtualTime();
    }

    SimLoop loop() {
        return (SimLoop) link.loop();
    }

    public boolean closed() {
        return report != null;
    }

    // What its owner does.

    /** A message is about to be offered. */
    public Sent offering(Message message, int lane, boolean streamed, boolean listened) {
        return offering(Sent.Kind.MESSAGE, message, lane, streamed, listened);
    }

    Sent offering(Sent.Kind kind, Message message, int lane, boolean streamed, boolean listened) {
        long expiresAt =
                message.timeToLive().map(time -> now() + time.toNanos()).orElse(Sent.NEVER);
        Sent one = new Sent(kind, message, sent.size(), lane, streamed, listened, expiresAt);
        sent.add(one);
        return one;
    }

    /** The message was accepted. */
    public void accepted(Sent one) {
        ConnectionState now = connection.state();
        if (orders.sealed() || (now.closing() && now != ConnectionState.DRAINING)) {
            violated("accepted after the seal, in " + now + ": " + one);
        }
        one.accepted = true;
        account.accepted(one);
        order.accepted(one);
        time.accepted(one);
    }

    /** What it asks, and answers. */
    public RequestCheck requests() {
        return requests;
    }

    /** What its handlers are called with. */
    public HandlerCheck handlers() {
        return handlers;
    }

    /** A close was ordered, and this is the plan for it; it must end by then. */
    public void closeOrdered(ClosePlan plan, long by) {
        orders.closed(plan, by, by);
        barrier.closeOrdered(now(), by);
    }

    /** Its node shuts down, and it is to close by then. */
    public void shutDown(ClosePlan plan, long by) {
        barrier.shutDown(plan, orders.any());
        closeOrdered(plan, by);
    }

    BarrierCheck barrier() {
        return barrier;
    }

    /** Its owner pauses, or goes on. */
    public void receives(Reading wanted) {
        pauses.wanted(wanted);
        connection.reading(wanted);
    }

    /** An abort was ordered. */
    public void abortOrdered() {
        orders.aborted(now());
    }

    /** What it puts on the wire. */
    StartCheck starts() {
        return starts;
    }

    // What it tells its owner, and its peer's handler.

    /** Its application was told that the peer takes nothing. */
    public void writeStalled() {
        rare.add(RareState.WRITE_STALLED);
        time.writeStalled(now());
    }

    /**
     * Its peer is said not to go on with a message, which begins a close.
     *
     * @param silent whether nothing at all is said to have come
     */
    public void foundUnfinished(boolean silent) {
        gaveUpReading = true;
        if (!connection.state().closing()) {
            // The close that this begins may be under way when one is ordered in the same event.
            orders.mayBeOver(now()
                    + Ledger.nanos(
                            policy.planned(DisconnectReason.PROTOCOL_ERROR).deadline()));
        }
        if (silent) {
            time.foundSilent(now());
        }
    }

    /** Whether it has given up a message of its peer's, and what comes behind it; its own end may have gone out before. */
    boolean gaveUpReading() {
        return gaveUpReading;
    }

    /** How what it sent has ended. */
    public OutcomeCheck outcomes() {
        return outcomes;
    }

    /** The peer, this one, has a message of this side's. */
    @Nullable
    Sent handled(int which, boolean intact, LedgerSide peer) {
        if (!sent.has(which)) {
            violated("handled, but never offered: " + which);
            return null;
        }
        Sent one = sent.get(which);
        if (!intact || !one.mayBeHandled()) {
            violated("handled without being accepted, or twice, or damaged, or as " + one.outcome + ": " + one);
        }
        one.handled = true;
        if (!peer.handlers.outlive(one) && peer.closed()) {
            peer.violated("a handler is called after its connection has closed: " + one);
        }
        if (one.plain()) {
            peer.pace.handled();
            peer.handlers.called(one);
        } else {
            one.done = true;
            peer.handlers.asked(one);
        }
        if (one.done) {
            order.handled(one);
        }
        return one;
    }

    // What must be true.

    /** After each event on its loop. */
    void check() {
        if (states.moved(connection.state())) {
            moved(states.state());
        }
        // What ends without a listener shows in what the link has flushed, or in a close.
        long flushed = stream.flushed();
        if (account.changed() || flushed != checkedAt || states.state().closing()) {
            checkedAt = flushed;
            account.compare(connection.account());
        }
        requests.check();
        handlers.check();
        barrier.check();
    }

    private void moved(ConnectionState state) {
        if (state.closing() && !orders.any()) {
            ClosePlan plan = policy.planned(
                    gaveUpReading ? DisconnectReason.PROTOCOL_ERROR : DisconnectReason.CONNECTION_CLOSED);
            // The event that began it may have taken a while, and this is after it.
            long begun = Math.max(now(), loop().pausedUntil());
            long deadline = Ledger.nanos(plan.deadline());
            orders.closed(plan, now() + deadline, begun + deadline);
        }
        orders.entered(state);
    }

    /** When nothing is left to do at the present time. */
    void checkAtRest() {
        if (ledger.paused(link)) {
            return;
        }
        if (report == null && orders.due(now())) {
            violated("in " + connection.state() + " at its deadline");
        }
        ConnectionState state = states.state();
        // A layer without memory to unseal what has come lets no more come.
        boolean hasNoMemory = stream.layered() && refusedLately();
        boolean mayRest = hasNoMemory || pace.mayRest();
        if (state.closing() && link.isOpen() && !link.input().reads() && !mayRest && !handlers.busy()) {
            violated("does not read although it closes");
        }
        handlers.checkAtRest(
                (state.closing() || !pauses.paused()) && !mayRest && !gaveUpReading,
                link.input().reads());
        if (link.isOpen() && link.turns().leftSince() != LinkTurns.NEVER && !ledger.late(link)) {
            time.check(now());
            if (state == ConnectionState.OPEN) {
                time.checkWriteTimeout(now());
            }
        }
        if (state == ConnectionState.OPEN && account.pending() > 0 && !link.owesWritable() && link.isOpen()) {
            account.compare(connection.account());
            if (account.pending() > 0 && !refusedLately()) {
                violated("rests with " + account.pending() + " messages pending and a link that waits for nothing");
            }
        }
    }

    private boolean refusedLately() {
        return link.output().buffers().memory().refusedSince(now() - SHORTAGE_NANOS);
    }

    /** Its report has come. */
    public void closed(CloseReport made) {
        if (report != null) {
            violated("closed twice");
            return;
        }
        check();
        report = made;
        List<Sent> missing = outcomes.closed(made);
        requests.closed(made);
        handlers.closed(made);
        lastWritten.check(made, sent.all());
        if (!missing.isEmpty() || !made.account().balanced() || !made.account().equals(connection.account())) {
            violated("closed with " + made.account() + " and without an outcome for " + missing);
        }
        if (made.ending() == CloseEnding.DEADLINE && orders.late(now())) {
            rare.add(RareState.LATE_FOR_DEADLINE);
        }
        orders.check(made, now(), ledger.late(link));
        barrier.closed(made);
        EndRules.checkStall(this, made);
        EndRules.checkFailure(this, made);
    }

    /** How many answers it has accepted. */
    long answersAccepted() {
        return account.answers(connection.account());
    }

    /** What its peer has offered to send, if that has opened. */
    @Nullable
    SentMessages sentByPeer() {
        LedgerSide peer = ledger.peerOf(this);
        return peer == null ? null : peer.sent;
    }

    /** What it has offered to send. */
    public SentMessages sent() {
        return sent;
    }

    ClosePlan planned(DisconnectReason reason) {
        return policy.planned(reason);
    }

    /** Whether its policy has ever closed without waiting for the peer. */
    boolean mayLeaveAtOnce() {
        return policy.everAtOnce();
    }

    void violated(String what) {
        ledger.violated(name + ": " + what);
    }
}
