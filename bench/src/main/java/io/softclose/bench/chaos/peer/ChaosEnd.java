/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import io.softclose.bench.chaos.plan.Cargo;
import io.softclose.bench.chaos.plan.CellPlan;
import io.softclose.bench.chaos.plan.CloseStep;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.EndPlan;
import io.softclose.bench.chaos.plan.HandlerPlan;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.Connection.RoomWait;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One end of one connection, with a network of its own: does what its plan says, and writes everything down. */
final class ChaosEnd implements NetworkEvents, WitnessedTransport.Witness {
    /** What a handler throws that is meant to. */
    static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Planned() {
            super("as planned", null, false, false);
        }
    }

    /** For what does not happen because the other process is stopped or dead. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** When an end closes that did not mean to, or whose moment did not come; and what that may take. */
    private static final Duration OVERDUE = Duration.ofMillis(1_200);

    private static final Duration LAST_CLOSE = Duration.ofMillis(800);
    private static final long ROOM_PATIENCE_MILLIS = 100;

    private final int cell;
    private final EndPlan plan;
    private final Cargo expected;
    private final Chronicle chronicle;
    private final Workers workers;
    private final ClosePolicy policy;
    private final Network network;
    private final Map<Integer, Message> sent = new ConcurrentHashMap<>();
    private final AtomicBoolean closeTaken = new AtomicBoolean();
    private final CompletableFuture<Void> sender = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** Whether a call of close has returned. */
    private volatile boolean closing;
    /** Whether everything has ended here: nothing happens any more. */
    private volatile boolean over;

    private volatile @Nullable Connection connection;
    /** Confined to the connection's loop. */
    private int handled;

    ChaosEnd(CellPlan cell, End end, Transports transports, Workers workers, Chronicle chronicle) {
        this.cell = cell.index();
        this.chronicle = chronicle;
        this.workers = workers;
        plan = cell.of(end);
        expected = cell.of(end.other()).cargo();
        policy = plan.policy().policy();
        network = Network.builder()
                .plaintext()
                .transport(new WitnessedTransport(transports.of(plan.transport()), this))
                .closePolicy(policy)
                .limits(Limits.builder()
                        .maxFrameSize(cell.maxFrameSize())
                        .outboxMessages(plan.outboxMessages())
                        .dialTimeout(PATIENCE)
                        .handshakeTimeout(PATIENCE)
                        .build())
                .handle(Cargo.PROTOCOL, this::received)
                .events(this)
                .build();
    }

    /** Accepts the connection, and returns where. */
    InetSocketAddress listen() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return (InetSocketAddress) network.listen(any).localAddress();
    }

    /** Dials it. */
    void dial(InetSocketAddress remote) {
        connection = network.dial(remote);
    }

    /** Completes when the connection that it dialled or accepted is closed and everything is written down. */
    CompletionStage<Void> closed() {
        return closed;
    }

    /** Nothing new comes from the other end: completes when everything here has ended. */
    CompletionStage<Void> finish() {
        Connection live = connection;
        if (live == null) {
            closed.complete(null);
        } else {
            workers.later(OVERDUE, this::closeOverdue);
        }
        return closed.thenCompose(ended -> network.shutdown(Duration.ZERO))
                .thenCompose(report -> connection == null ? closed : sender)
                .thenRun(() -> over = true);
    }

    @Override
    public void connected(Connection opened) {
        connection = opened;
        write(Kind.CONNECTED, 0, 0);
        workers.now(() -> send(opened));
        plan.close()
                .filter(step -> step.moment() == CloseStep.Moment.TIME)
                .ifPresent(step -> workers.later(Duration.ofMillis(step.amount()), () -> close(step)));
        workers.later(OVERDUE, this::closeOverdue);
    }

    @Override
    public void disconnected(Connection gone, CloseReport report) {
        connection = gone;
        gone.opened().whenComplete((opened, failure) -> {
            if (failure != null) {
                sender.complete(null);
            }
        });
        // In the journal before anybody hears of the end; the close itself has ended when its stage has.
        new ReportWriter(cell, chronicle, sent).write(report);
        ChaosNode.print("report " + cell + " " + report.ending() + ": " + report.detail()
                + report.error().map(error -> ", " + error).orElse(""));
        gone.closed().thenAcceptBoth(sender, (same, done) -> closed.complete(null));
    }

    @Override
    public void callbackFailed(Connection where, String callback, Throwable failure) {
        if (!(failure instanceof Planned)) {
            write(Kind.CALLBACK_FAILED, 0, 0);
            NetworkEvents.super.callbackFailed(where, callback, failure);
        }
    }

    @Override
    public void ownEndHeld() {
        write(Kind.OWN_END_HELD, 0, 0);
    }

    @Override
    public void ownEndOut() {
        write(Kind.OWN_END_OUT, 0, 0);
    }

    private void send(Connection opened) {
        try {
            for (int sequence = 0; sequence < plan.cargo().count(); sequence++) {
                if (!offer(opened, sequence)) {
                    return;
                }
                if (plan.cargo().pauseMicros() > 0
                        && (sequence + 1) % plan.cargo().burst() == 0) {
                    LockSupport.parkNanos(
                            TimeUnit.MICROSECONDS.toNanos(plan.cargo().pauseMicros()));
                }
            }
            plan.close().filter(step -> step.moment() == CloseStep.Moment.SENT).ifPresent(this::close);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        } finally {
            sender.complete(null);
        }
    }

    /** Sends a message, waiting for room; false if the connection takes no more. */
    private boolean offer(Connection opened, int sequence) throws InterruptedException {
        Message message = plan.cargo().message(sequence);
        sent.put(sequence, message);
        while (true) {
            boolean late = closing;
            SendResult result = opened.send(message, this::ended);
            if (result.accepted()) {
                write(late ? Kind.ACCEPTED_LATE : Kind.ACCEPTED, 0, sequence);
                return true;
            }
            if (result != SendResult.OUTBOX_FULL) {
                return false;
            }
            Semaphore room = new Semaphore(0);
            RoomWait wait = opened.onRoom(message, room::release);
            try {
                room.tryAcquire(ROOM_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } finally {
                wait.cancel();
            }
        }
    }

    private void ended(Message message, Outcome outcome) {
        write(Kind.TOLD, Journal.code(outcome), Cargo.sequence(message));
    }

    private void received(Connection from, Message message) {
        OptionalInt sequence = expected.recognise(message);
        write(sequence.isPresent() ? Kind.ARRIVED : Kind.DAMAGED, 0, sequence.orElse(message.size()));
        handled++;
        plan.close()
                .filter(step -> step.moment() == CloseStep.Moment.HANDLED && step.amount() == handled)
                .ifPresent(this::close);
        HandlerPlan handler = plan.handler();
        if (handled % handler.every() == 0) {
            misbehave(from, handler);
        }
    }

    private void misbehave(Connection from, HandlerPlan handler) {
        switch (handler.manner()) {
            case QUICK -> {}
            case SLOW -> LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(handler.micros()));
            case PAUSING -> {
                from.reading(Reading.PAUSED);
                workers.later(
                        Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(handler.micros())),
                        () -> from.reading(Reading.RESUMED));
            }
            case THROWING -> throw new Planned();
        }
    }

    private void closeOverdue() {
        Connection overdue = connection;
        if (overdue != null && closeTaken.compareAndSet(false, true)) {
            closeWithin(overdue, DisconnectReason.REQUESTED_BY_PEER_MANAGER, LAST_CLOSE);
        }
    }

    private void close(CloseStep step) {
        Connection live = connection;
        if (live == null || !closeTaken.compareAndSet(false, true)) {
            return;
        }
        switch (step.manner()) {
            case FULL -> {
                writeDeadline(policy.plan(step.reason()).deadline());
                live.close(step.reason());
            }
            case WITHIN -> closeWithin(live, step.reason(), Duration.ofMillis(step.deadlineMillis()));
            case SHUTDOWN -> {
                writeDeadline(Duration.ofMillis(step.deadlineMillis()));
                network.shutdown(Duration.ofMillis(step.deadlineMillis()));
            }
            case ABORT -> {
                writeDeadline(Duration.ZERO);
                live.abort();
            }
        }
        closing = true;
        if (step.againAfterMillis() > 0) {
            Duration again = Duration.ofMillis(step.againAfterMillis());
            workers.later(again, () -> closeWithin(live, step.reason(), again));
        }
    }

    private void closeWithin(Connection live, DisconnectReason reason, Duration deadline) {
        if (live.state() == ConnectionState.CLOSED) {
            return;
        }
        writeDeadline(deadline);
        live.close(reason, deadline);
        closing = true;
    }

    /** Closing what has ended is no event. */
    private void writeDeadline(Duration deadline) {
        if (!over) {
            write(Kind.DEADLINE, 0, deadline.toNanos());
        }
    }

    private void write(Kind kind, int detail, long value) {
        if (over) {
            chronicle.add(Kind.LATE, Journal.code(kind), cell);
        } else {
            chronicle.add(cell, kind, detail, value);
        }
    }
}
