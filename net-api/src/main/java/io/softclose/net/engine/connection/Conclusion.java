/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.NetworkException;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.rpc.Exchanges;
import io.softclose.net.engine.stream.Intake;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of one connection, once its link is gone: gives every message its outcome, makes the report, and tells it. Each
 * step is taken even if one before it threw; one that lacks memory is taken again for a while. Loop only.
 */
final class Conclusion {
    /**
     * What is done, in this order. Each has its action with it: a switch would have a table that takes memory when it is
     * first used, and is never made if there is none then.
     */
    @SuppressWarnings("ImmutableEnumChecker") // the actions have no state
    private enum Step {
        /** Timers, and whoever was closing the connection. */
        STOP(end -> end.engine.stop()),
        SEAL(end -> end.outbox.seal()),
        /** What the operating system had is WRITTEN. */
        SETTLE(end -> end.writer.settle()),
        ABANDON(end -> end.writer.abandon()),
        RELEASE(end -> end.writer.releaseBatch()),
        ADMISSIONS_IN_FLIGHT(Conclusion::endAdmissionsInFlight),
        EXCHANGES(end -> end.engine.endExchanges()),
        REPORT(end -> end.report = end.makeReport(end.ended())),
        STATE(end -> end.connection.state.moveTo(ConnectionState.CLOSED)),
        /** Before anybody is told: what they send then comes after it. Once done it is not repeated, or messages would go twice. */
        HAND_OVER(Conclusion::handOver),
        HANDED_OVER(end -> end.registry.handedOver(end.listed)),
        /** Before anybody is told, who may ask for them. */
        FIGURES(end -> end.engine.tally().publish()),
        ROOM(end -> end.engine.serveRoom()),
        EVENTS(Conclusion::tell),
        STAGE(Conclusion::completeStage),
        /** The network's shutdown counts this connection until here, and what it has left with handlers is handled. */
        TOLD(Conclusion::tellTheLast);

        private final Consumer<Conclusion> action;

        Step(Consumer<Conclusion> action) {
            this.action = action;
        }
    }

    /**
     * What is first named where there may be no memory. Finding it takes some, so it is found before: what fails in the
     * middle of a retry is not retried.
     */
    static final List<Class<?>> NAMED = List.of(VirtualMachineError.class, LockSupport.class);

    private static final Step[] STEPS = Step.values();
    /**
     * How often a step that lacks memory is taken, and how long the loop, which has nothing else to do, waits in
     * between.
     */
    private static final int MOST_TRIES = 100;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** How long the end waits for sends between the gate and their slots, which take some instructions. */
    private static final long MOST_IN_FLIGHT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PeerConnection listed;
    private final Published connection;
    private final String policy;
    private final Outbox outbox;
    private final OutcomeBook book;
    private final Writer writer;
    private final Exchanges requests;
    private final Callbacks callbacks;
    private final Intake intake;
    private final Inbox inbox;
    private final ConnectionEngine engine;
    private final Registry registry;

    private int taken;
    private @Nullable CloseReport report;
    /** What a step threw that could not be taken. */
    private @Nullable Throwable failure;

    Conclusion(Published connection, Parts parts, ConnectionEngine engine, Registry registry) {
        this.connection = connection;
        listed = parts.connection();
        policy = parts.settings().policy().name();
        outbox = parts.outbox();
        book = parts.book();
        writer = parts.writer();
        requests = parts.exchanges();
        callbacks = parts.callbacks();
        intake = parts.intake();
        inbox = parts.inbox();
        this.engine = engine;
        this.registry = registry;
    }

    /** Ends every message. */
    void concludeMessages() {
        takeUntil(Step.EXCHANGES);
    }

    /** Ends every request, makes the report and tells it. */
    void report() {
        takeUntil(null);
    }

    /** Both, with nothing more handed on, for something was thrown that should not have been. */
    void concludeNow() {
        concludeMessages();
        try {
            // Others wait for the memory that it holds.
            intake.stop();
        } catch (Throwable thrown) {
            Log.thrown(Level.ERROR, connection, "cannot let go of its input", thrown);
        }
        report();
    }

    /** Hands over what came after the end, from a sender that was held up between the gate and its lane. */
    @SuppressWarnings("EnumOrdinal") // the steps are taken in their order
    void handOverLate() {
        if (taken > Step.HAND_OVER.ordinal() && book.handsOver()) {
            take(Step.HAND_OVER);
            take(Step.HANDED_OVER);
        }
    }

    private void handOver() {
        registry.handsOver(listed, book.handedOver());
        // Takes no memory.
        book.forgetLeftovers();
    }

    private void takeUntil(@Nullable Step end) {
        while (taken < STEPS.length && STEPS[taken] != end) {
            take(STEPS[taken]);
            taken++;
        }
    }

    /** Takes a step, again and again for a while if it lacks memory. */
    private void take(Step step) {
        for (int tries = 1; true; tries++) {
            try {
                step.action.accept(this);
                return;
            } catch (Throwable thrown) {
                if (!(thrown instanceof VirtualMachineError) || tries == MOST_TRIES) {
                    failure = failure == null ? thrown : failure;
                    Log.thrown(Level.ERROR, connection, "could not be concluded as it should: " + step, thrown);
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
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
        while (book.ended() < outbox.accepted()) {
            if (System.nanoTime() - start > MOST_IN_FLIGHT_NANOS) {
                Log.log(
                        Level.ERROR,
                        "{0}: {1} accepted messages are not in their lanes and have no outcome",
                        connection,
                        outbox.accepted() - book.ended());
                break;
            }
            Thread.yield();
            writer.endLateArrivals();
        }
        outbox.rest(outbox::ready);
    }

    private Ended ended() {
        Throwable thrown = failure;
        return thrown == null
                ? engine.ended()
                : Ended.failed(DisconnectReason.INPUT_OUTPUT_ERROR, connection.loop.nanoTime(), thrown);
    }

    private CloseReport makeReport(Ended ended) {
        CloseReport made = new CloseReport(
                connection.id,
                connection.peer(),
                ended.reason(),
                policy,
                ended.ending(),
                ended.detail(),
                Duration.ofNanos(connection.loop.nanoTime() - ended.startedAt()),
                book.account(),
                requests.account(),
                book.returned(),
                ended.ending() == CloseEnding.CLEAN ? List.of() : book.lastWritten(),
                inbox.unhandled(),
                ended.error());
        if (!made.account().balanced()) {
            Log.log(Level.ERROR, "{0}: the account does not balance: {1}", connection, made.account());
        }
        Log.log(Level.DEBUG, "{0}: {1} ({2})", connection, made.ending(), made.detail());
        return made;
    }

    private void tell() {
        CloseReport told = requireNonNull(report, "report");
        if (connection.isForgotten()) {
            return;
        }
        if (connection.opened.isDone()) {
            callbacks.disconnected(told);
            return;
        }
        NetworkException why = told.error().orElse(null) instanceof HandshakeException refused
                ? refused
                : new NetworkException(
                        "connection to " + connection.remote + ": " + told.detail(),
                        told.error().orElse(null));
        connection.opened.completeExceptionally(why);
        if (connection.direction == Direction.OUTBOUND) {
            callbacks.disconnected(told);
        } else if (why instanceof HandshakeException refused) {
            callbacks.inboundRefused(connection.remote, refused);
        } else {
            callbacks.inboundRefused(connection.remote, new HandshakeException(Failure.LINK_CLOSED, told.detail()));
        }
    }

    private void tellTheLast() {
        CloseReport told = report;
        if (!registry.leavesBehind(listed, inbox.footprint())) {
            inbox.giveUp();
        }
        inbox.afterTheLast(() -> registry.told(listed, told));
    }

    private void completeStage() {
        CloseReport told = report;
        if (told != null) {
            connection.closed.complete(told);
        } else {
            connection.opened.completeExceptionally(requireNonNull(failure, "failure"));
            connection.closed.completeExceptionally(requireNonNull(failure, "failure"));
        }
    }
}
