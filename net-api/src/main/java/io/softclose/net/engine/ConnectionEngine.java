/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.Connection.Receiving;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.NetworkException;
import io.softclose.net.PeerId;
import io.softclose.net.engine.Writer.Progress;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.EventLoop.Timer;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.wire.WireException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection, sans-IO: takes its link's events and leads it through its states. The work is its parts': {@link
 * Handshaker}, {@link Inbound}, {@link Writer}, {@link Closing}. Loop only, but for {@link #outbox} and {@link #account}.
 */
final class ConnectionEngine implements LinkHandler, Intake.Owner {
    private static final Logger LOG = System.getLogger("io.softclose.net");
    /** How long the end waits for sends between the gate and their slots, which take some instructions. */
    private static final long MOST_IN_FLIGHT_NANOS = 1_000_000_000;

    /** Who keeps the network's list of connections. Called on their loops. */
    interface Registry {
        /** A connection has closed, and is listed no longer. Nobody has been told yet. */
        void closed(PeerConnection connection);

        /** Everybody has been told that a connection has closed. */
        void told(PeerConnection connection, CloseReport report);
    }

    private final PeerConnection connection;
    private final Optional<PeerId> dialled;
    private final Link link;
    private final EventLoop loop;
    private final NetworkSettings settings;
    private final Registry registry;
    private final Callbacks callbacks;
    private final StateCell state;
    private final Outbox outbox;
    private final OutcomeBook book;
    private final Writer writer;
    private final Watch watch;
    private final Intake intake;

    private @Nullable Handshaker handshaker;
    private Timer handshakeTimer = () -> {};
    private @Nullable Closing closing;
    /** How the connection ended, if it did without a close. */
    private @Nullable Ended early;

    private boolean peerEnded;
    private boolean linkClosed;
    private @Nullable Throwable linkFailure;

    ConnectionEngine(
            PeerConnection connection,
            Optional<PeerId> dialled,
            Link link,
            NetworkSettings settings,
            BatchPool batches,
            Registry registry) {
        this.connection = connection;
        this.dialled = dialled;
        this.link = link;
        this.loop = link.loop();
        this.settings = settings;
        this.registry = registry;
        callbacks = new Callbacks(connection, settings.events());
        state = connection.stateCell();
        outbox = new Outbox(settings.lanes(), settings.limits(), loop, this::work);
        book = new OutcomeBook(outbox.lanes(), callbacks);
        writer = new Writer(link, outbox, book, batches, settings.limits(), this::serveRoom);
        watch = new Watch(loop, writer, this::work);
        intake = new Intake(
                link,
                new Inbound(settings, callbacks, this::answer),
                settings.limits().pausedGrace(),
                this);
    }

    Outbox outbox() {
        return outbox;
    }

    Account account() {
        return book.account();
    }

    // Events of the link.

    @Override
    public void onConnected() {
        if (early != null) {
            return;
        }
        state.moveTo(ConnectionState.HANDSHAKING);
        Duration timeout = settings.limits().handshakeTimeout();
        handshakeTimer = loop.schedule(
                Nanos.of(timeout),
                () -> refuse(new HandshakeException(
                        Failure.TIMEOUT, "handshake: not complete after " + timeout.toMillis() + " ms")));
        try {
            handshaker = new Handshaker(settings, link, connection.direction(), dialled, writer::control);
            handshaker.start();
            work();
        } catch (HandshakeException refused) {
            refuse(refused);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {
        ByteBuffer rest = data;
        if (state.get() == ConnectionState.HANDSHAKING && handshaker != null && early == null) {
            rest = handshake(handshaker, data);
        }
        if (rest != null && handshaker == null && early == null) {
            intake.read(rest);
        }
    }

    @Override
    public void onWritable() {
        work();
    }

    @Override
    public void onInputClosed() {
        if (state.get() == ConnectionState.HANDSHAKING) {
            refuse(new HandshakeException(Failure.LINK_CLOSED, "handshake: the peer ended the link"));
        } else {
            intake.inputClosed();
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        linkClosed = true;
        linkFailure = cause;
        handshakeTimer.cancel();
        watch.stop();
        if (closing != null) {
            closing.linkClosed();
        } else if (early == null) {
            early = lost(cause);
            state.moveTo(ConnectionState.ABORTING);
        }
        outbox.seal();
        writer.abandon();
        endAdmissionsInFlight();
        intake.handOnTheLast(this::complete);
        if (closing != null) {
            intake.giveUpBy(closing.deadlineAt());
        }
    }

    // Events of the intake.

    @Override
    public void inputEnded() {
        peerEnded = true;
        if (intake.midMessage()) {
            callbacks.protocolViolation("the peer's end cuts off a message");
        }
        if (closing != null) {
            closing.peerEnded();
            watch.look();
        } else if (early == null) {
            begin(CloseOrder.of(settings.policy(), DisconnectReason.CONNECTION_CLOSED, loop.nanoTime()));
        }
    }

    @Override
    public void inputBroken(WireException cause) {
        callbacks.protocolViolation(String.valueOf(cause.getMessage()));
        if (closing == null && early == null) {
            begin(CloseOrder.of(settings.policy(), DisconnectReason.PROTOCOL_ERROR, loop.nanoTime()));
        }
    }

    @Override
    public void caughtUp() {
        if (closing != null) {
            work();
        }
    }

    // Orders of the application.

    void close(CloseOrder order) {
        if (linkClosed) {
            intake.giveUpBy(order.deadlineAt());
            return;
        }
        if (closing != null) {
            closing.by(order.deadlineAt());
        } else if (state.get() == ConnectionState.OPEN) {
            begin(order);
        } else if (early == null && !state.get().closing()) {
            endEarly(order.reason(), CloseEnding.CLEAN, "closed before it was open", null);
            // The peer may be open, and our end would say that we have handled what it sends.
            link.abort();
        }
    }

    void abort() {
        if (linkClosed) {
            intake.stop();
            return;
        }
        String detail = "aborted by the application";
        if (closing != null) {
            closing.abort(detail);
        } else if (early == null) {
            endEarly(DisconnectReason.REQUESTED_BY_PEER_MANAGER, CloseEnding.ERROR, detail, null);
            link.abort();
        }
    }

    /**
     * Takes down whether the application wants messages. Any thread.
     *
     * @return whether {@link #resumed} is to be called on the loop
     */
    boolean wish(Receiving receiving) {
        return intake.wish(receiving);
    }

    void resumed() {
        intake.resumed();
    }

    // The work of the loop.

    /** Does what there is to do: something can be written, has arrived in a lane, or a timer of the close fired. */
    private void work() {
        if (linkClosed) {
            writer.endLateArrivals();
            serveRoom();
            return;
        }
        if (closing != null) {
            closing.advance();
        } else if (early == null && writer.flush() == Progress.YIELD) {
            loop.execute(this::work);
        }
        serveRoom();
        watch.look();
        if (writer.progress() == Progress.IDLE) {
            outbox.rest(this::moreToDo);
        }
    }

    /** Whether something has come since {@link #work} looked. */
    private boolean moreToDo() {
        boolean arrived = closing != null && (closing.arrivalPending() || (outbox.sealed() && lateArrivals()));
        return writer.ready() || arrived || outbox.roomAwaited();
    }

    /** Whether messages came that no policy decides on any more. */
    private boolean lateArrivals() {
        return state.get().compareTo(ConnectionState.FINISHING) >= 0 && outbox.ready();
    }

    /** Runs what waits for room that there is, or will never be; what that adds has its turn in a later task. */
    private void serveRoom() {
        for (LaneQueue lane : outbox.lanes()) {
            if (lane.awaited() && (outbox.sealed() || lane.hasRoom())) {
                lane.takeAwaiting().forEach(callbacks::room);
            }
        }
    }

    private void answer(ByteBuffer frame) {
        if (state.get() == ConnectionState.OPEN && writer.control(frame)) {
            outbox.wake();
        }
    }

    private @Nullable ByteBuffer handshake(Handshaker running, ByteBuffer data) {
        try {
            ByteBuffer rest = running.receive(data);
            work();
            if (rest != null) {
                handshaker = null;
                handshakeTimer.cancel();
                connection.identified(running.peer(), running.protocols());
                state.moveTo(ConnectionState.OPEN);
                callbacks.connected();
                connection.openedFuture().complete(connection);
            }
            return rest;
        } catch (HandshakeException refused) {
            refuse(refused);
            return null;
        }
    }

    private void refuse(HandshakeException refused) {
        if (early == null) {
            endEarly(
                    DisconnectReason.HANDSHAKE_FAILED,
                    CloseEnding.ERROR,
                    String.valueOf(refused.getMessage()),
                    refused);
            switch (refused.failure()) {
                case LINK_CLOSED -> link.close();
                // The peer may be open, and our end would say that we have handled what it sends.
                case TIMEOUT, MALFORMED, IDENTITY -> link.abort();
                // Our handshake tells such a peer why; it may be on its way still, and more of the peer's behind its
                // own.
                case INVALID_CHAIN_ID,
                        INVALID_NETWORK_ID,
                        NO_COMMON_VERSION,
                        NO_COMMON_PROTOCOLS,
                        TOO_MANY_CONNECTIONS -> link.linger();
            }
        }
    }

    private void begin(CloseOrder order) {
        ClosePolicy policy = settings.policy();
        intake.overrule();
        closing = new Closing(order, peerEnded, link, policy, outbox, book, writer, intake, state, this::work);
        closing.begin();
        work();
    }

    // The end.

    private void endEarly(DisconnectReason reason, CloseEnding ending, String detail, @Nullable Throwable error) {
        handshakeTimer.cancel();
        early = new Ended(reason, loop.nanoTime(), ending, detail, Optional.ofNullable(error));
        state.moveTo(ConnectionState.ABORTING);
        book.startReturning();
        outbox.seal();
        intake.stop();
    }

    /** The link went while nobody was closing it. */
    private Ended lost(@Nullable Throwable cause) {
        DisconnectReason reason = switch (state.get()) {
            case DIALING -> DisconnectReason.DIAL_FAILED;
            case HANDSHAKING -> DisconnectReason.HANDSHAKE_FAILED;
            case OPEN, SEALING, DRAINING, FINISHING, ABORTING, CLOSED -> DisconnectReason.INPUT_OUTPUT_ERROR;
        };
        book.startReturning();
        return Ended.linkLost(reason, loop.nanoTime(), cause);
    }

    /**
     * Ends what passed the gate and was not in its lane yet. Waits for that: its senders are a few instructions from
     * there, and the loop may be about to stop with its transport, so that nobody could be woken for it any more. Waits
     * for so long only: a sender that something holds up there must not hold up the loop. Its message is ended when it
     * comes, too late for the report.
     */
    @SuppressWarnings("ThreadPriorityCheck") // not relied on: it lets the sender go on sooner
    private void endAdmissionsInFlight() {
        long start = System.nanoTime();
        while (book.ended() < outbox.admitted()) {
            if (System.nanoTime() - start > MOST_IN_FLIGHT_NANOS) {
                LOG.log(
                        Level.ERROR,
                        "{0}: {1} accepted messages are not in their lanes and have no outcome",
                        connection,
                        outbox.admitted() - book.ended());
                break;
            }
            Thread.yield();
            writer.endLateArrivals();
        }
        outbox.rest(outbox::ready);
    }

    private void complete() {
        Ended ended = closing == null ? requireNonNull(early, "early") : closing.ended(linkFailure);
        CloseReport report = new CloseReport(
                connection.id(),
                connection.peer(),
                ended.reason(),
                settings.policy().name(),
                ended.ending(),
                ended.detail(),
                Duration.ofNanos(loop.nanoTime() - ended.startedAt()),
                book.account(),
                book.returned(),
                ended.error());
        state.moveTo(ConnectionState.CLOSED);
        if (!report.account().balanced()) {
            LOG.log(Level.ERROR, "{0}: the account does not balance: {1}", connection, report.account());
        }
        LOG.log(Level.DEBUG, "{0}: {1} ({2})", connection, report.ending(), report.detail());
        serveRoom();
        registry.closed(connection);
        try {
            tell(report);
            connection.closedFuture().complete(report);
        } finally {
            registry.told(connection, report);
        }
    }

    private void tell(CloseReport report) {
        if (connection.openedFuture().isDone()) {
            callbacks.disconnected(report);
            return;
        }
        NetworkException why = report.error().orElse(null) instanceof HandshakeException refused
                ? refused
                : new NetworkException(
                        "connection to " + connection.remoteAddress() + ": " + report.detail(),
                        report.error().orElse(null));
        connection.openedFuture().completeExceptionally(why);
        if (connection.direction() == Direction.OUTBOUND) {
            callbacks.disconnected(report);
        } else if (why instanceof HandshakeException refused) {
            callbacks.inboundRefused(connection.remoteAddress(), refused);
        } else {
            callbacks.inboundRefused(
                    connection.remoteAddress(), new HandshakeException(Failure.LINK_CLOSED, report.detail()));
        }
    }
}
