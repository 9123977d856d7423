/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Account;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.ConnectionStats;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.SendResult;
import io.softclose.net.engine.KnownLoops;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.loop.Visits;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.rpc.AddressedRequest;
import io.softclose.net.engine.rpc.Exchanges;
import io.softclose.net.engine.rpc.RefusedReply;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.Intake;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Require;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The application's side of a connection: any thread may call it. What must happen on the loop is handed to the engine. */
public final class PeerConnection implements Connection {
    private static final String SEND_BLOCKING = "sendBlocking()";
    private static final String INSTEAD = "send(), and onRoom() when the outbox is full";

    private final Published published;
    private final EventLoop loop;
    private final NetworkSettings settings;
    private final Outbox outbox;
    private final Exchanges exchanges;
    private final Intake intake;
    private final Optional<PeerId> dialled;
    private final ConnectionEngine engine;

    // Shared, like what is published.
    /** The application's first order to close. */
    private final AtomicReference<@Nullable CloseOrder> firstOrder = new AtomicReference<>();

    private volatile boolean listed;

    public PeerConnection(
            long id,
            Direction direction,
            Optional<PeerId> dialled,
            Link link,
            NetworkSettings settings,
            BatchPool batches,
            Registry registry) {
        this.settings = settings;
        this.dialled = dialled;
        SocketAddress remote = link.remoteAddress();
        loop = link.loop();
        published = new Published(id, direction, remote, loop, dialled.orElseGet(() -> PeerId.ofAddress(remote)));
        engine = new ConnectionEngine(this, published, dialled, link, settings, batches, registry);
        outbox = engine.outbox();
        exchanges = engine.exchanges();
        intake = engine.intake();
    }

    public LinkHandler linkHandler() {
        return engine.handler();
    }

    public EventLoop loop() {
        return loop;
    }

    /** When its loop is at work for it. */
    public Visits visits() {
        return engine.visits();
    }

    /** How many messages handlers off the loop have not handled; or had not, when they were given up. Any thread. */
    public long unhandled() {
        return engine.inbox().unhandled();
    }

    /** Whether handlers off the loop have something that they have not handled, and that is not given up. Any thread. */
    public boolean isWithHandlers() {
        return engine.inbox().footprint() > 0;
    }

    Outbox outbox() {
        return outbox;
    }

    /**
     * Who its messages to a peer may go to: whom the link or the exchange has proved, or whom we dialled and believe to be
     * there. Nobody until the handshake is complete.
     */
    public Optional<PeerId> addressee() {
        Optional<PeerId> proven = published.provenPeer();
        boolean believed = proven.isEmpty() && published.identified() && dialled.isPresent();
        return believed ? dialled.filter(published.peer()::equals) : proven;
    }

    /** Accepts a message that is addressed to its peer, or says why not. Any thread. */
    public SendResult offer(Envelope addressed) {
        SendResult refusal = refusal(addressed.message());
        return refusal == null ? outbox.offer(addressed) : refusal;
    }

    /** Takes over a message that has waited for this connection, before it is open as well, or says why not. Loop only. */
    public SendResult adopt(Envelope addressed) {
        return published.supports(addressed.message().protocol())
                ? outbox.adopt(addressed)
                : SendResult.PROTOCOL_NOT_NEGOTIATED;
    }

    /** As {@link #offer(Envelope)}, of a request. Any thread. */
    public SendResult offer(AddressedRequest request) {
        SendResult refusal = refusal(request.message());
        return refusal == null ? exchanges.attempt(request, false) : refusal;
    }

    /** As {@link #adopt(Envelope)}, of a request. Loop only. */
    public SendResult adopt(AddressedRequest request) {
        return published.supports(request.message().protocol())
                ? exchanges.attempt(request, true)
                : SendResult.PROTOCOL_NOT_NEGOTIATED;
    }

    /** What comes waits until an older connection to the same peer has been heard to its end. Loop only. */
    public void giveWay() {
        intake.giveWay();
    }

    /** One older connection has been. Loop only. */
    public void goFirst() {
        intake.goFirst();
    }

    /** Whether it takes no more messages. Any thread. */
    public boolean isSealed() {
        return outbox.sealed();
    }

    /** Runs a task on its loop, guarded; false if the loop has stopped. Any thread. */
    public boolean onItsLoop(Runnable task) {
        return onLoop(task);
    }

    /** Its dial is under way: it is among the network's connections. */
    public void list() {
        listed = true;
    }

    /** Its dial was refused, and nobody is to hear of it. */
    public void forget() {
        published.forget();
    }

    /** Whether it is among the network's connections: dialled, or open at some time, and not closed. Any thread. */
    public boolean isListed() {
        return (listed || published.identified()) && state() != ConnectionState.CLOSED;
    }

    @Override
    public long id() {
        return published.id;
    }

    @Override
    public PeerId peer() {
        return published.peer();
    }

    @Override
    public Optional<PeerId> provenPeer() {
        return published.provenPeer();
    }

    @Override
    public Direction direction() {
        return published.direction;
    }

    @Override
    public SocketAddress remoteAddress() {
        return published.remote;
    }

    @Override
    public ConnectionState state() {
        return published.state.get();
    }

    @Override
    public Set<ProtocolId> protocols() {
        return published.protocols();
    }

    @Override
    public SendResult send(Message message) {
        return offer(message, null);
    }

    @Override
    public SendResult send(Message message, OutcomeListener listener) {
        return offer(message, requireNonNull(listener, "listener"));
    }

    private SendResult offer(Message message, @Nullable OutcomeListener listener) {
        SendResult refusal = refusal(message);
        return refusal == null ? outbox.offer(message, listener) : refusal;
    }

    @Override
    public Reply request(Message message, Duration timeout) {
        Require.positive("timeout", timeout);
        SendResult refusal = refusal(message);
        return refusal == null ? exchanges.request(message, timeout) : new RefusedReply(message, refusal);
    }

    @Override
    public Reply probe(Message message, Duration timeout) {
        Require.positive("timeout", timeout);
        SendResult refusal = refusal(message);
        return refusal == null ? exchanges.probe(message, timeout) : new RefusedReply(message, refusal);
    }

    /** Why a message is refused before it comes to the outbox; null if it is not. */
    private @Nullable SendResult refusal(Message message) {
        ConnectionState now = published.state.get();
        if (now.compareTo(ConnectionState.OPEN) < 0 || now == ConnectionState.CLOSED) {
            return SendResult.NOT_CONNECTED;
        }
        if (!published.supports(message.protocol())) {
            return outbox.sealed() ? SendResult.CLOSING : SendResult.PROTOCOL_NOT_NEGOTIATED;
        }
        return null;
    }

    @Override
    public RoomWait onRoom(Message message, Runnable action) {
        return outbox.awaitRoom(message, requireNonNull(action, "action"));
    }

    @Override
    public SendResult sendBlocking(Message message, Duration timeout) throws InterruptedException {
        if (loop.inEventLoop()) {
            throw new IllegalStateException(
                    SEND_BLOCKING + " on the event loop would block it (expected: " + INSTEAD + ")");
        }
        long deadline = System.nanoTime() + Nanos.of(timeout);
        SendResult result = send(message);
        boolean inTime = true;
        while (inTime && result == SendResult.OUTBOX_FULL) {
            inTime = awaitRoom(message, deadline);
            result = send(message);
        }
        return result;
    }

    /** Waits until there is room for a message; false if time passed first. Leaves nothing behind, whatever ends it. */
    private boolean awaitRoom(Message message, long deadline) throws InterruptedException {
        KnownLoops.refuseToWait(SEND_BLOCKING, INSTEAD);
        Semaphore room = new Semaphore(0);
        RoomWait wait = outbox.awaitRoom(message, room::release);
        try {
            return room.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } finally {
            wait.cancel();
        }
    }

    @Override
    public Account account() {
        return engine.tally().account();
    }

    @Override
    public ConnectionStats stats() {
        return engine.tally().stats();
    }

    @Override
    public void reading(Reading wanted) {
        if (intake.wish(requireNonNull(wanted, "wanted"))) {
            var unused = onLoop(intake::resumed);
        }
    }

    @Override
    public CompletionStage<Connection> opened() {
        return published.opened.copy();
    }

    @Override
    public CompletionStage<CloseReport> closed() {
        return published.closed.copy();
    }

    @Override
    public CompletionStage<CloseReport> close() {
        return close(DisconnectReason.REQUESTED_BY_PEER_MANAGER);
    }

    @Override
    public CompletionStage<CloseReport> close(DisconnectReason reason) {
        return close(CloseOrder.of(settings.policy(), reason, loop.nanoTime()));
    }

    @Override
    public CompletionStage<CloseReport> close(DisconnectReason reason, Duration deadline) {
        long now = loop.nanoTime();
        return close(CloseOrder.of(settings.policy(), reason, now).by(now + Nanos.of(deadline)));
    }

    /** The network shuts down: closes by this time on the loop's clock, with the network's others behind a barrier. */
    public void shutDown(long deadlineAt, Barrier barrier) {
        CloseOrder order = CloseOrder.of(settings.policy(), DisconnectReason.NETWORK_SHUTDOWN, loop.nanoTime());
        var unused = close(order.by(deadlineAt).behind(barrier));
    }

    /**
     * Seals here, so that no send is accepted once this has returned; the rest happens on the loop. The reason is
     * settled before anybody can notice the seal: a sender that closes because it is refused must not overtake the
     * closer.
     */
    private CompletionStage<CloseReport> close(CloseOrder order) {
        CloseOrder first = firstOrder.compareAndExchange(null, order);
        CloseOrder effective =
                first == null ? order : first.by(order.deadlineAt()).behind(order.barrier());
        if (effective.seals()) {
            outbox.seal();
        }
        orderOnLoop(() -> {
            if (!published.isForgotten()) {
                engine.close(effective);
            }
        });
        return closed();
    }

    @Override
    public CompletionStage<CloseReport> abort() {
        outbox.seal();
        long calledAt = loop.nanoTime();
        orderOnLoop(() -> engine.abort(calledAt));
        return closed();
    }

    /** Ends it unless it is open already. Any thread. */
    public void refuse(HandshakeException refused) {
        var unused = onLoop(() -> engine.refuseUnopened(refused));
    }

    /** Has the connection end. Without its loop nobody can say how long handlers may take for that. */
    private void orderOnLoop(Runnable order) {
        if (!onLoop(order)) {
            engine.inbox().abandon();
        }
    }

    private boolean onLoop(Runnable task) {
        try {
            engine.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            // The transport is closed: it ends every link, this one too, and that completes the close.
            Log.log(Level.DEBUG, "{0}: {1}", this, stopped);
            return false;
        }
    }

    @Override
    public String toString() {
        return published.toString();
    }
}
