/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Receiving;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.engine.Writer.Progress;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.EventLoop.Timer;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, sans-IO: takes its link's events and leads it through its states. The work is its parts': {@link
 * Handshaker}, {@link Inbound}, {@link Writer}, {@link Closing}. Loop only, but for {@link #outbox} and {@link #account}.
 */
final class ConnectionEngine implements LinkHandler, Intake.Owner {
    /** The network, as its connections see it: what they share, and who keeps a list of them. Called on their loops. */
    interface Registry {
        /** What unfinished messages of all connections may take. Any thread. */
        InputBudget inputBudget();

        /** A connection has shaken hands; false if the network has no room for it. */
        boolean opens(PeerConnection connection);

        /**
         * Everybody else has been told that a connection has closed.
         *
         * @param report null if none could be made, for want of memory
         */
        void told(PeerConnection connection, @Nullable CloseReport report);
    }

    private final PeerConnection connection;
    private final Registry registry;
    private final Optional<PeerId> dialled;
    /** As the transport made it, for identity exchanges, which may know it. */
    private final Link bareLink;

    private final Link link;
    private final GuardedLoop loop;
    private final NetworkSettings settings;
    private final Callbacks callbacks;
    private final Consumer<Runnable> roomTeller;
    private final StateCell state;
    private final Outbox outbox;
    private final OutcomeBook book;
    private final Writer writer;
    private final Watch watch;
    private final Intake intake;
    private final Conclusion conclusion;
    private final Turn turn;

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
        this.registry = registry;
        this.dialled = dialled;
        this.settings = settings;
        bareLink = link;
        loop = new GuardedLoop(link.loop(), this::failed);
        this.link = new LinkOnLoop(link, loop);
        turn = new Turn(loop, this::work);
        callbacks = new Callbacks(connection, settings.events());
        roomTeller = callbacks::room;
        state = connection.stateCell();
        outbox = new Outbox(settings.lanes(), settings.limits(), loop, turn);
        book = new OutcomeBook(outbox.lanes(), callbacks);
        writer = new Writer(this.link, outbox, book, batches, settings.limits(), this::serveRoom);
        watch = new Watch(this.link, writer, settings.limits().writeTimeout(), turn, this::writeStalled);
        intake = new Intake(
                this.link,
                new Inbound(settings, loop, callbacks, this::answer),
                settings.limits(),
                registry.inputBudget(),
                this);
        String policy = settings.policy().name();
        conclusion = new Conclusion(connection, policy, outbox, book, writer, callbacks, this, registry);
    }

    Outbox outbox() {
        return outbox;
    }

    Account account() {
        return book.account();
    }

    /** What takes the link's events: this, guarded. */
    LinkHandler handler() {
        return new GuardedHandler(this, this::failed);
    }

    /**
     * Runs a task on the loop, guarded. Any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has stopped
     */
    void execute(Runnable task) {
        loop.execute(task);
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
            handshaker = new Handshaker(settings, bareLink, connection.direction(), dialled, writer::control);
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
        if (!linkClosed) {
            linkClosed = true;
            linkFailure = cause;
            conclusion.concludeMessages();
            intake.handOnTheLast(conclusion::report);
            if (closing != null) {
                intake.giveUpBy(closing.deadlineAt());
            }
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
    public void inputBroken(String detail) {
        callbacks.protocolViolation(detail);
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
            turn.later();
        }
        serveRoom();
        watch.look();
        if (writer.progress() == Progress.IDLE && !turn.comesLater()) {
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

    /** Tells who waits for room that there is, or will never be. */
    void serveRoom() {
        outbox.serveRoom(roomTeller);
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
                if (!registry.opens(connection)) {
                    // To the peer this connection is open: it may have sent messages already.
                    intake.lose(rest);
                    throw tooManyConnections();
                }
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

    private HandshakeException tooManyConnections() {
        return new HandshakeException(
                Failure.TOO_MANY_CONNECTIONS,
                "inbound connection: no room (expected: at most "
                        + settings.limits().maxInboundConnections() + ")");
    }

    /** Ends a connection that is not open yet; does nothing to any other. */
    void refuseUnopened(HandshakeException refused) {
        if (state.get() == ConnectionState.DIALING || state.get() == ConnectionState.HANDSHAKING) {
            refuse(refused);
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
                        TOO_MANY_CONNECTIONS -> intake.linger();
            }
        }
    }

    private void begin(CloseOrder order) {
        watch.closing();
        ClosePolicy policy = settings.policy();
        intake.overrule();
        closing = new Closing(order, peerEnded, link, policy, outbox, book, writer, intake, state, turn);
        closing.begin();
        work();
    }

    private void writeStalled(Duration takenNothingFor) {
        callbacks.writeStalled(takenNothingFor);
        if (early == null && closing == null) {
            String detail = "the peer took nothing for " + takenNothingFor.toMillis() + " ms while "
                    + writer.bytesOnTheWay() + " bytes waited for it (expected: less than "
                    + settings.limits().writeTimeout().toMillis() + " ms)";
            endEarly(
                    DisconnectReason.INPUT_OUTPUT_ERROR, CloseEnding.ERROR, detail, new SocketTimeoutException(detail));
            intake.linger();
        }
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
        book.startReturning();
        return Ended.linkLost(reasonByState(), loop.nanoTime(), cause);
    }

    private DisconnectReason reasonByState() {
        return switch (state.get()) {
            case DIALING -> DisconnectReason.DIAL_FAILED;
            case HANDSHAKING -> DisconnectReason.HANDSHAKE_FAILED;
            case OPEN, SEALING, DRAINING, FINISHING, ABORTING, CLOSED -> DisconnectReason.INPUT_OUTPUT_ERROR;
        };
    }

    /** Stops what waits for something, now that the link is gone. */
    void stop() {
        handshakeTimer.cancel();
        watch.stop();
        if (closing != null) {
            closing.linkClosed();
        } else if (early == null) {
            early = lost(linkFailure);
            state.moveTo(ConnectionState.ABORTING);
        }
    }

    /** How it ended, once every message has. */
    Ended ended() {
        Throwable thrown = conclusion.failure();
        if (thrown != null) {
            return Ended.failed(DisconnectReason.INPUT_OUTPUT_ERROR, loop.nanoTime(), thrown);
        }
        return closing == null ? requireNonNull(early, "early") : closing.ended(linkFailure);
    }

    /**
     * Something was thrown that should not have been, by the engine, the link, or for want of memory: ends this
     * connection, and nothing else.
     */
    private void failed(Throwable thrown) {
        Log.thrown(Level.ERROR, connection, "ends by a failure", thrown);
        try {
            if (!linkClosed) {
                link.abort();
                giveUp(thrown);
                return;
            }
        } catch (Throwable second) {
            Log.thrown(Level.ERROR, connection, "cannot even be aborted", second);
            linkClosed = true;
            linkFailure = thrown;
        }
        conclusion.concludeMessages();
        conclusion.report();
    }

    private void giveUp(Throwable thrown) {
        Closing running = closing;
        if (running != null) {
            early = Ended.failed(running.reason(), running.startedAt(), thrown);
            closing = null;
            running.linkClosed();
        } else if (early == null) {
            early = Ended.failed(reasonByState(), loop.nanoTime(), thrown);
            state.moveTo(ConnectionState.ABORTING);
        }
        handshakeTimer.cancel();
        watch.stop();
        intake.stop();
        book.startReturning();
        outbox.seal();
    }
}
