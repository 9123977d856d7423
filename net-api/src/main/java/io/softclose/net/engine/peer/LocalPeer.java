/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Connection;
import io.softclose.net.Connection.RoomWait;
import io.softclose.net.ConnectionStats;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.PeerReport;
import io.softclose.net.PeerStats;
import io.softclose.net.Reply;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.rpc.RefusedReply;
import io.softclose.net.log.Log;
import io.softclose.net.log.RateLimitedLog;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.Require;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A peer, as the application sees it: accepts messages for it, and tells what became of them. Thread-safe. */
final class LocalPeer implements Peer, PeerLine.Owner {
    /** Of a loop without a connection, so that no {@code callbackFailed} could say whose it is. */
    private static final RateLimitedLog FAILURES = new RateLimitedLog(Level.ERROR);

    private final PeerId id;
    private final NetworkSettings settings;
    private final LanePlan plan;
    private final PeerBook book;
    private final PeerLine line;
    private final Duplicates duplicates;
    private final Keeper keeper;

    /** How many requests are awaited. Shared. */
    private final AtomicInteger requests = new AtomicInteger();

    /** What came back when the network had shut down. Confined to whoever ends it. */
    private @Nullable List<ReturnedMessage> returned;

    /** Keeps a peer that is busy although the application has let go of it. */
    interface Keeper {
        /** From now on. */
        void keep(@Nullable LocalPeer busy);
    }

    /**
     * Nothing waits for it.
     *
     * @param lastId the number of the network's connection that was made last
     */
    LocalPeer(PeerId id, NetworkSettings settings, LongSupplier lastId, Keeper keeper) {
        this.id = id;
        this.settings = settings;
        this.keeper = keeper;
        plan = settings.atClose().lanes();
        book = new PeerBook(plan.lanes().size());
        line = new PeerLine(settings, this);
        duplicates = new Duplicates(settings.self().peerId().compareTo(id) > 0, lastId);
    }

    PeerLine line() {
        return line;
    }

    /** Messages flow on a connection. On its loop. */
    void opened(PeerConnection connection) {
        line.opened(connection);
        if (hasDuplicates(connection)) {
            duplicates.opened(connection);
        }
    }

    private boolean hasDuplicates(PeerConnection connection) {
        return settings.atClose().peers().oneConnection()
                && connection.provenPeer().isPresent();
    }

    /** Whether a connection is one of two, of which the other stays. Any thread. */
    boolean replaced(PeerConnection connection) {
        return hasDuplicates(connection) && line.hasAnother(connection);
    }

    /** A connection has ended, and {@link #line} has inherited what it left. On its loop; may be repeated if it throws. */
    void goOn(PeerConnection connection) {
        line.goOn();
        duplicates.ended(connection);
    }

    /** Everything that a connection had brought is handled, or given up. Any thread. */
    void handled(PeerConnection connection) {
        duplicates.handled(connection);
    }

    @Override
    public PeerId peerId() {
        return id;
    }

    @Override
    public SendResult send(Message message) {
        return put(message, null, settings.atClose().peers().patience());
    }

    @Override
    public SendResult send(Message message, OutcomeListener listener) {
        return put(
                message,
                requireNonNull(listener, "listener"),
                settings.atClose().peers().patience());
    }

    @Override
    public SendResult send(Message message, Duration wait) {
        return put(message, null, wait);
    }

    @Override
    public SendResult send(Message message, OutcomeListener listener, Duration wait) {
        return put(message, requireNonNull(listener, "listener"), wait);
    }

    private SendResult put(Message message, @Nullable OutcomeListener listener, Duration wait) {
        Require.notNegative("wait", wait);
        int lane = plan.classifier().laneOf(message);
        return put(new PeerMessage(this, lane, message, listener, Nanos.of(wait)));
    }

    private SendResult put(PeerMessage one) {
        book.offered(one.lane);
        SendResult result = SendResult.NOT_CONNECTED;
        try {
            result = line.put(one);
        } finally {
            if (result != SendResult.ACCEPTED) {
                book.refused(one.lane);
            }
        }
        return result;
    }

    @Override
    public Reply request(Message message, Duration timeout) {
        Require.positive("timeout", timeout);
        int lane = plan.classifier().laneOf(message);
        PeerRequest one = new PeerRequest(this, lane, message, Nanos.of(timeout));
        int most = settings.limits().maxOutboundRequests();
        if (requests.getAndUpdate(awaited -> Math.min(awaited + 1, most)) == most) {
            return new RefusedReply(message, SendResult.TOO_MANY_REQUESTS);
        }
        SendResult result = SendResult.NOT_CONNECTED;
        try {
            result = put(one);
        } finally {
            if (result != SendResult.ACCEPTED) {
                one.reply().leavePlace();
            }
        }
        return result == SendResult.ACCEPTED ? one.reply() : new RefusedReply(message, result);
    }

    @Override
    public RoomWait onRoom(Message message, Runnable action) {
        return line.awaitRoom(plan.classifier().laneOf(message), message, requireNonNull(action, "action"));
    }

    /** A request is awaited no more. Any thread. */
    void requestOver() {
        requests.decrementAndGet();
    }

    /** Takes a request back that waits; false if it does not. Any thread. */
    boolean takeBack(PeerRequest request) {
        return line.takeBack(request);
    }

    @Override
    public Optional<Connection> connection() {
        return line.connection().map(Connection.class::cast);
    }

    @Override
    public PeerAccount account() {
        return new PeerAccount(book.account(plan.lanes()), line.waiting(), line.handedOver());
    }

    @Override
    public PeerStats stats() {
        List<ConnectionStats.Waiting> waiting = new ArrayList<>();
        Duration longest = line.measure(waiting);
        return new PeerStats(account(), line.connection().isPresent(), line.openings(), waiting, longest);
    }

    /** The final outcome of a message; what its listener throws is for the caller to deal with. */
    void ended(PeerMessage one, Outcome outcome) {
        book.ended(one.lane, outcome);
        if (one.listener != null) {
            one.listener.ended(one.message, outcome);
        }
    }

    @Override
    public void returned(PeerMessage one) {
        Outcome outcome = one.outcome();
        book.ended(one.lane, outcome);
        tellWaitedInVain(one, outcome);
        try {
            one.comesBack(outcome);
        } catch (Throwable failure) {
            failed("who was to be told of a message that comes back failed", failure);
        }
    }

    @Override
    public void roomFailed(Throwable failure) {
        failed("an action that waited for room failed", failure);
    }

    private void tellWaitedInVain(PeerMessage one, Outcome outcome) {
        try {
            settings.events().waitedInVain(this, returnedAs(one.message, outcome, one.lane));
        } catch (Throwable failure) {
            failed("who was to be told of a message that comes back failed", failure);
        }
    }

    /** Tells of a message that comes back and has no listener. */
    void tellReturned(Message message, Outcome outcome, int lane) {
        settings.events().returned(this, returnedAs(message, outcome, lane));
    }

    private ReturnedMessage returnedAs(Message message, Outcome outcome, int lane) {
        return new ReturnedMessage(message, outcome, plan.lanes().get(lane).name());
    }

    private void failed(String what, Throwable failure) {
        try {
            FAILURES.thrown(this, what, failure);
        } catch (Throwable noMemory) {
            Log.forget(noMemory);
        }
    }

    @Override
    public void busy(boolean now) {
        keeper.keep(now ? this : null);
    }

    /**
     * The network has shut down, and no connection is left: returns what waits. May be repeated if it throws, for want of
     * memory: what it has taken by then has its outcome, and is in the report.
     */
    Optional<PeerReport> end() {
        List<ReturnedMessage> all = returned;
        if (all == null) {
            all = new ArrayList<>(0);
            returned = all;
        }
        for (PeerMessage one = line.takeAny(); one != null; one = line.takeAny()) {
            try {
                if (one.isReturned()) {
                    all.add(returnedAs(one.message, one.outcome(), one.lane));
                }
            } finally {
                returned(one);
            }
        }
        return book.isEmpty() ? Optional.empty() : Optional.of(new PeerReport(id, account(), all));
    }

    @Override
    public String toString() {
        return "Peer[" + id.shortText() + "]";
    }
}
