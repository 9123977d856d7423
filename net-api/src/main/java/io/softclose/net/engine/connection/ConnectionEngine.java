/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.ConnectionState;
import io.softclose.net.HandshakeException;
import io.softclose.net.PeerId;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.engine.loop.GuardedLoop;
import io.softclose.net.engine.loop.LinkOnLoop;
import io.softclose.net.engine.loop.Turn;
import io.softclose.net.engine.loop.Visits;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.rpc.Exchanges;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.Inbound;
import io.softclose.net.engine.stream.Intake;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.engine.stream.Writer.Progress;
import io.softclose.net.log.Log;
import io.softclose.net.spi.GuardedHandler;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, sans-IO: takes what happens to it, in kinds of methods (events of the link, of the intake and of requests, orders
 * of the application, and the work of the loop), and gives it to its present {@link Phase}. It owns the phase; the rest is its
 * parts' work: {@link Handshaker}, {@link Intake}, {@link Writer}, {@link Watch}, {@link Conclusion}. Loop only.
 */
final class ConnectionEngine implements LinkHandler, Intake.Owner, Exchanges.Owner, Phase.Life {
    private final PeerConnection connection;
    private final Published published;
    private final GuardedLoop loop;
    private final Registry registry;
    private final Callbacks callbacks;
    private final Consumer<Runnable> roomTeller;
    private final Outbox outbox;
    private final Visits visits = new Visits();
    private final OutcomeBook book;
    private final Writer writer;
    private final Exchanges exchanges;
    private final Intake intake;
    private final Inbox inbox;
    private final Turn turn;
    private final Parts parts;
    private final Tally tally;
    private final Watch watch;
    private final Conclusion conclusion;

    /** The last phase, and what is run once all that had arrived was handed on: there may be no memory for them then. */
    private final Gone gone;

    private final Runnable report;
    private Phase phase;

    ConnectionEngine(
            PeerConnection connection,
            Published published,
            Optional<PeerId> dialled,
            Link bareLink,
            NetworkSettings settings,
            BatchPool batches,
            Registry registry) {
        this.connection = connection;
        this.published = published;
        this.registry = registry;
        loop = new GuardedLoop(bareLink.loop(), visits, this::failed);
        Link link = new LinkOnLoop(bareLink, loop);
        turn = new Turn(loop, this::work);
        callbacks = new Callbacks(connection, settings.events());
        roomTeller = callbacks::room;
        outbox = new Outbox(settings.atClose().lanes(), settings.limits(), loop, turn);
        book = new OutcomeBook(outbox.lanes(), callbacks, loop, settings.limits());
        writer = new Writer(link, outbox, book, batches, settings.limits(), this::serveRoom);
        inbox = new Inbox(connection, loop, callbacks, settings.limits());
        exchanges = new Exchanges(settings, inbox, writer, outbox, this);
        Inbound inbound = new Inbound(settings, loop, callbacks, inbox, exchanges, this::answer);
        intake = new Intake(link, batches, inbound, inbox, settings.limits(), registry.inputBudget(), this);
        parts = new Parts(
                connection,
                link,
                settings,
                callbacks,
                published.state,
                outbox,
                book,
                writer,
                intake,
                inbox,
                exchanges,
                turn);
        tally = visits.countedBy(new Tally(parts, inbound));
        watch = new Watch(loop, writer, settings.limits().writeTimeout(), turn, this::writeStalled);
        conclusion = new Conclusion(published, parts, this, registry);
        gone = new Gone(parts);
        report = conclusion::report;
        // Identity exchanges may know the link as the transport made it.
        phase = new Opening(
                parts,
                this,
                () -> new Handshaker(settings, bareLink, published.direction, dialled, writer::control),
                () -> registry.opens(connection));
    }

    Outbox outbox() {
        return outbox;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Tally tally() {
        return tally;
    }

    Intake intake() {
        return intake;
    }

    /** What is with handlers off the loop. */
    Inbox inbox() {
        return inbox;
    }

    /** What takes the link's events: this, guarded. */
    LinkHandler handler() {
        return visits.during(new GuardedHandler(this, this::failed));
    }

    Visits visits() {
        return visits;
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
        if (phase instanceof Opening opening) {
            opening.connected();
        }
    }

    @Override
    public void onRead(ByteBuffer data) {
        if (phase instanceof Opening opening) {
            opening.read(data);
        } else {
            intake.read(data);
        }
    }

    @Override
    public void onWritable() {
        work();
    }

    @Override
    public void onInputClosed(InputEnd end) {
        if (phase instanceof Opening opening) {
            opening.inputClosed(end);
        } else {
            intake.inputClosed(end);
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        if (!(phase instanceof Gone)) {
            phase = gone.after(phase, cause);
            conclusion.concludeMessages();
            intake.handOnTheLast(report);
            gone.keepDeadline();
        }
    }

    // Events of the intake.

    @Override
    public void inputOver() {
        if (intake.midMessage()) {
            callbacks.protocolViolation("the peer's end cuts off a message");
        }
        exchanges.inputOver();
    }

    @Override
    public void inputEnded(InputEnd end) {
        phase.peerEnded(end);
        work();
    }

    @Override
    public void inputBroken(String detail) {
        callbacks.protocolViolation(detail);
        exchanges.inputOver();
        phase.inputBroken();
        // Now, before the link looks again whether our end may go out.
        work();
    }

    @Override
    public void inputLost() {
        work();
    }

    @Override
    public void caughtUp() {
        work();
    }

    // Events of the exchanges.

    @Override
    public void answerSettled() {
        if (phase instanceof Closing) {
            // Its policy may have waited for this.
            turn.later();
        }
    }

    @Override
    public void roomMade() {
        turn.later();
    }

    // Orders of the application.

    void close(CloseOrder order) {
        phase.close(order);
        if (!(phase instanceof Closing)) {
            // It has not been open, or sends nothing any more.
            order.barrier().leave(connection);
        }
        work();
    }

    void abort(long calledAt) {
        phase.abort(calledAt);
    }

    /** Ends a connection that is not open yet; does nothing to any other. */
    void refuseUnopened(HandshakeException refused) {
        if (phase instanceof Opening opening) {
            opening.refuse(refused);
        }
    }

    // The work of the loop.

    /** Does what there is to do: something can be written, has arrived in a lane, or a timer of the close fired. */
    @Override
    public void work() {
        phase.advance();
        exchanges.advance();
        serveRoom();
        if (phase instanceof Gone) {
            // A sender that was held up comes too late for the report; it wakes the loop all the same.
            outbox.rest(outbox::ready);
            conclusion.handOverLate();
        }
        if (phase instanceof Gone || phase instanceof Leaving) {
            return;
        }
        watch.look();
        if (writer.progress() == Progress.IDLE && !turn.comesLater()) {
            outbox.trim();
            outbox.rest(this::moreToDo);
        }
    }

    /** Whether something has come since {@link #work} looked. */
    private boolean moreToDo() {
        return writer.ready() || phase.arrivalPending() || outbox.roomAwaited();
    }

    /** Tells those who wait for room that there is some, or never will be. */
    void serveRoom() {
        outbox.serveRoom(roomTeller);
    }

    private void answer(ByteBuffer frame) {
        if (phase instanceof Open && writer.control(frame)) {
            outbox.wake();
        }
    }

    private void writeStalled(Duration takenNothingFor) {
        callbacks.writeStalled(takenNothingFor);
        phase.writeStalled("the peer took nothing for " + takenNothingFor.toMillis() + " ms while "
                + writer.bytesOnTheWay() + " bytes waited for it (expected: less than "
                + parts.settings().limits().writeTimeout().toMillis() + " ms)");
    }

    // From phase to phase.

    @Override
    public void opened(Handshaker handshaker) {
        published.identified(handshaker.peer(), handshaker.proof(), handshaker.protocols());
        registry.identified(connection);
        parts.state().moveTo(ConnectionState.OPEN);
        phase = new Open(parts, this);
        writer.start();
        registry.opened(connection);
        callbacks.connected();
        published.opened.complete(connection);
    }

    @Override
    public void begin(CloseOrder order, @Nullable InputEnd peersEnd) {
        watch.closing();
        // The close has its order, and judges a stall by what the system takes: what the peer acknowledges is to make
        // room.
        parts.limitUnsent(Integer.MAX_VALUE);
        Closing closing = new Closing(order, peersEnd, parts);
        phase = closing;
        // May tell of the peer's end, which is the close's to hear: it would begin another one.
        intake.overrule();
        closing.begin();
        registry.closing(connection);
    }

    @Override
    public boolean replaced() {
        return registry.replaced(connection);
    }

    @Override
    public void leave(Ended how) {
        phase = new Leaving(how);
        parts.state().moveTo(ConnectionState.ABORTING);
        returnTheRest();
    }

    /** Nothing more is accepted; what did not go is kept for the report. */
    private void returnTheRest() {
        watch.stop();
        book.startReturning();
        outbox.seal();
    }

    // The end.

    /** Stops what waits for something, now that the link is gone. */
    void stop() {
        watch.stop();
        gone.stop();
    }

    /** Every message has its outcome, and all that had arrived was handed on: no request is answered any more. */
    void endExchanges() {
        exchanges.end();
    }

    /** How it ended, once every message has. */
    Ended ended() {
        return gone.ended();
    }

    /**
     * Something was thrown that should not have been, by the engine, the link, or for want of memory: ends this
     * connection, and nothing else.
     */
    private void failed(Throwable thrown) {
        Log.thrown(Level.ERROR, connection, "ends by a failure", thrown);
        try {
            if (!(phase instanceof Gone)) {
                parts.link().abort();
                phase = phase.failed(thrown);
                returnTheRest();
                intake.stop();
                return;
            }
        } catch (Throwable second) {
            Log.thrown(Level.ERROR, connection, "cannot even be aborted", second);
            phase = gone.after(phase, thrown);
        }
        conclusion.concludeNow();
    }
}
