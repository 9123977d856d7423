/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.Slice;
import io.softclose.net.engine.loop.Turn;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.engine.stream.Writer.Progress;
import io.softclose.net.log.Log;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The close protocol of one open connection: seal, drain as the policy decides, finish, and {@linkplain Farewell part}. It
 * owns the timers and enforces the deadline whatever the policy says. It says how the close is to end; the engine
 * completes it when the link is gone. Loop only.
 */
final class Closing implements Phase, Phase.Ending {
    private static final Timer NO_TIMER = () -> {};
    /** How often a policy is asked, at most, before other connections of the loop have their turn. */
    private static final int ROUNDS_PER_TURN = 16;
    /**
     * How often, within its time, a stall is looked for: by an attempt to write, since a link may not tell of little
     * room.
     */
    private static final int LOOKS_PER_STALL = 4;

    /** Rests between questions to a policy that discards what is not there. */
    private static final Duration NOTHING_DISCARDED = Duration.ofMillis(10);

    private final Parts parts;
    private final EventLoop loop;
    private final Outbox outbox;
    private final OutcomeBook book;
    private final Writer writer;
    private final StateCell state;
    /** The engine's work, which calls {@link #advance}. */
    private final Turn work;

    private final Slice slice;
    private final CloseOrder order;
    private final long startedAt;
    private final HeldBack heldBack;
    private final Snapshots snapshots;

    /** Whether {@link #begin} is over: before that, only the peer's end may be told of. */
    private boolean begun;

    private long deadlineAt;
    private Timer deadlineTimer = NO_TIMER;
    private Timer askTimer = NO_TIMER;
    private Timer stallTimer = NO_TIMER;

    /** The peer's end, if it has come. */
    private @Nullable InputEnd peersEnd;

    private @Nullable Farewell farewell;
    private @Nullable Ended end;
    private @Nullable Throwable failure;

    Closing(CloseOrder order, @Nullable InputEnd peersEnd, Parts parts) {
        this.order = order;
        this.parts = parts;
        loop = parts.loop();
        outbox = parts.outbox();
        book = parts.book();
        writer = parts.writer();
        state = parts.state();
        work = parts.work();
        slice = new Slice(loop);
        startedAt = loop.nanoTime();
        deadlineAt = order.deadlineAt();
        heldBack = new HeldBack(parts.connection(), parts);
        snapshots = new Snapshots(order.reason(), startedAt, heldBack, parts);
        this.peersEnd = peersEnd;
        failure = order.policyFailure().orElse(null);
    }

    /** Starts: seals if the policy wants it, and arms the timers; {@link #advance} then asks for the first time. */
    void begin() {
        book.startReturning();
        if (order.seals()) {
            outbox.seal();
        }
        state.moveTo(outbox.sealed() ? ConnectionState.SEALING : ConnectionState.DRAINING);
        heldBack.join(order.barrier(), deadlineAt);
        armDeadline();
        if (end == null) {
            armStall(0);
        }
        begun = true;
    }

    /** Lets an earlier deadline win, and the barrier of a shutdown. */
    @Override
    public void close(CloseOrder again) {
        heldBack.join(again.barrier(), Nanos.earliest(deadlineAt, again.deadlineAt()));
        if (end != null) {
            heldBack.leave();
        }
        if (end == null && again.deadlineAt() - deadlineAt < 0) {
            deadlineAt = again.deadlineAt();
            armDeadline();
        }
    }

    /** When it must be over, on the loop's clock. */
    long deadlineAt() {
        return deadlineAt;
    }

    @Override
    public boolean arrivalPending() {
        // Once it finishes, no policy decides on what comes late.
        boolean late = state.get() == ConnectionState.FINISHING && outbox.ready();
        return late || heldBack.mayGoOn();
    }

    @Override
    public Ended ended(@Nullable Throwable linkFailure) {
        Ended decided = end;
        return decided == null || linkFailure != null
                ? Ended.linkLost(order.reason(), order.calledAt(), linkFailure)
                : decided;
    }

    /** Goes as far as it can: after each event of the link, the lanes or a timer. */
    @Override
    public void advance() {
        if (!begun) {
            return;
        }
        endIfOverdue();
        drain();
        var unused = heldBack.look();
        Farewell parting = farewell;
        if (parting != null && state.get() == ConnectionState.FINISHING) {
            parting.advance(peersEnd != null);
            if (parting.flushed()) {
                stallTimer.cancel();
            }
        }
    }

    @Override
    public void peerEnded(InputEnd how) {
        peersEnd = how;
        if (farewell != null && end == null) {
            farewell.peerEnded();
        }
    }

    /** Ends it by the application's order: whatever has not left stays, and the peer sees a reset. */
    @Override
    public void abort(long calledAt) {
        endEarly(CloseEnding.ERROR, "aborted by the application", parts.link()::abort);
    }

    /**
     * Ends it because it is out of time: whatever has not left stays, and what the kernels hold may still arrive.
     */
    private void runOut(CloseEnding ending, String detail) {
        endEarly(ending, detail, parts.intake()::linger);
    }

    private void endEarly(CloseEnding ending, String detail, Runnable leave) {
        if (end == null) {
            // First what takes memory: a close that cannot say how it ends has not ended.
            Ended made = ended(ending, detail);
            outbox.seal();
            state.moveTo(ConnectionState.ABORTING);
            end(made, leave);
        }
    }

    @Override
    public Leaving failed(Throwable thrown) {
        Leaving leaving = new Leaving(Ended.failed(order.reason(), order.calledAt(), thrown));
        stop();
        return leaving;
    }

    @Override
    public Ending linkGone(@Nullable Throwable cause) {
        stop();
        return this;
    }

    /** Its link is gone, whether or not the close had come to its end. */
    private void stop() {
        cancelTimers();
        heldBack.leave();
        if (end == null) {
            state.moveTo(ConnectionState.ABORTING);
        }
    }

    private void cancelTimers() {
        deadlineTimer.cancel();
        askTimer.cancel();
        stallTimer.cancel();
    }

    /** Asks and acts until nothing moves any more; in turns, for a policy may have always more to do. */
    private void drain() {
        slice.begin();
        for (int round = 0; draining(); round++) {
            if (round == ROUNDS_PER_TURN || slice.over()) {
                work.later();
                return;
            }
            writer.settle();
            if (state.get() == ConnectionState.SEALING) {
                state.moveTo(ConnectionState.DRAINING);
            }
            if (!apply(decide())) {
                return;
            }
            endIfOverdue();
        }
    }

    private boolean draining() {
        return state.get() == ConnectionState.SEALING || state.get() == ConnectionState.DRAINING;
    }

    /** Enforces the deadline although its timer may be late: its loop may be busy, with this very close for one. */
    private void endIfOverdue() {
        if (end == null && loop.nanoTime() - deadlineAt > 0) {
            deadline();
        }
    }

    /** Carries out a decision; true if it changed something, so that the policy is to be asked again at once. */
    private boolean apply(CloseDecision decision) {
        if (decision instanceof CloseDecision.Finish finish) {
            finish(finish.parting());
            return true;
        }
        if (decision instanceof CloseDecision.Discard discard) {
            // What has started is still finished, and a policy may wait for that by discarding nothing.
            return writer.discard(discard.lanes()::contains) > 0 || flush(List.of(), NOTHING_DISCARDED);
        }
        CloseDecision.Drain drain = (CloseDecision.Drain) decision;
        return flush(heldBack.mayStart(drain.laneOrder()), heldBack.atMost(drain.askAgain()));
    }

    /** Writes what has started, and starts what these lanes hold; true if the policy is to be asked again at once. */
    private boolean flush(List<Integer> laneOrder, Duration askAgain) {
        long endedBefore = book.ended();
        writer.drain(laneOrder);
        if (parts.flush() == Progress.YIELD) {
            return false;
        }
        if (book.ended() != endedBefore) {
            return true;
        }
        armAsk(askAgain);
        return false;
    }

    private CloseDecision decide() {
        if (failure != null) {
            return CloseDecision.finish();
        }
        try {
            CloseDecision decision = requireNonNull(
                    parts.settings().policy().decide(snapshots.take(deadlineAt, peersEnd != null)),
                    "decide() answered null");
            if (decision instanceof CloseDecision.Drain drain) {
                drain.laneOrder().forEach(this::requireLane);
            } else if (decision instanceof CloseDecision.Discard discard) {
                discard.lanes().forEach(this::requireLane);
            }
            return decision;
        } catch (Throwable thrown) {
            failure = thrown;
            return CloseDecision.finish();
        }
    }

    private void requireLane(int lane) {
        if (lane < 0 || lane >= outbox.lanes().size()) {
            throw new IndexOutOfBoundsException(
                    "lane: " + lane + " (expected: 0 to " + (outbox.lanes().size() - 1) + ")");
        }
    }

    private void finish(Parting how) {
        askTimer.cancel();
        farewell = new Farewell(parts, how, this::part);
        outbox.seal();
        writer.finish();
        state.moveTo(ConnectionState.FINISHING);
    }

    /** Ends it as its farewell says, but for a peer whose end is not its word. */
    private void part(CloseEnding ending, String detail, Runnable leave) {
        boolean cut = peersEnd == InputEnd.CUT_OFF;
        end(
                cut ? ended(CloseEnding.CUT_OFF, "what the peer sent was cut off; " + detail) : ended(ending, detail),
                leave);
    }

    private Ended ended(CloseEnding ending, String detail) {
        Throwable thrown = failure;
        return thrown == null
                ? new Ended(order.reason(), order.calledAt(), ending, detail, Optional.empty())
                : new Ended(
                        order.reason(),
                        order.calledAt(),
                        CloseEnding.ERROR,
                        "the close policy failed: " + Log.text(thrown) + "; then " + detail,
                        Optional.of(thrown));
    }

    private void end(Ended how, Runnable leave) {
        end = how;
        cancelTimers();
        heldBack.leave();
        leave.run();
        parts.intake().stop();
    }

    private void armDeadline() {
        deadlineTimer.cancel();
        long left = deadlineAt - loop.nanoTime();
        if (left <= 0) {
            deadline();
        } else {
            deadlineTimer = loop.schedule(left, this::deadline);
        }
    }

    private void deadline() {
        runOut(CloseEnding.DEADLINE, "the deadline passed while " + activity());
    }

    private String activity() {
        return switch (state.get()) {
            case SEALING, DRAINING -> "draining";
            case FINISHING -> farewell == null ? "finishing" : farewell.activity();
            case DIALING, HANDSHAKING, OPEN, ABORTING, CLOSED -> state.get().toString();
        };
    }

    private void armAsk(Duration after) {
        askTimer.cancel();
        askTimer = loop.schedule(Nanos.of(after), () -> {
            // Whoever judges by progress is to see what there is of it.
            writer.push();
            work.run();
        });
    }

    /** Looks again after a part of the stall timeout, or when the peer will have taken nothing for all of it. */
    private void armStall(long waited) {
        long limit = Nanos.of(order.plan().stallTimeout());
        stallTimer = loop.schedule(Math.min(limit - waited, Math.max(1, limit / LOOKS_PER_STALL)), this::checkStall);
    }

    /** Looks whether the peer takes nothing. */
    private void checkStall() {
        if (writer.push()) {
            loop.execute(work);
        }
        long waited =
                writer.bytesOnTheWay() == 0 ? 0 : loop.nanoTime() - Nanos.latest(startedAt, writer.waitingSince());
        if (waited >= Nanos.of(order.plan().stallTimeout())) {
            runOut(
                    CloseEnding.STALL,
                    "the peer took nothing for " + Duration.ofNanos(waited).toMillis() + " ms while " + activity());
        } else {
            armStall(waited);
        }
    }
}
