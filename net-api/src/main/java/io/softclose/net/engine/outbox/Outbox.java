/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import io.softclose.net.SendResult;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.engine.outbox.SendSteps.Step;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LanePlan;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted messages wait for the loop. Sending threads see {@link #offer}: pass the lane's gate, which gives
 * room and a place in the queue, fill that place, and wake the loop if it sleeps; two atomic operations, no lock, and no
 * allocation for a message without a listener or a time to live that fits a frame. The loop sees the lanes. It has a
 * door of its own, {@link #adopt}, which no seal shuts.
 *
 * <p>A seal says that it has begun, so that whoever was refused once is refused from then on, and then seals one lane after
 * the other. A send that had not heard of it may still come in by a lane that is not sealed yet: it came before the
 * seal. Once {@link #seal} returns, or {@link #sealed} answers true, none does.
 *
 * <p>A send may be cut off at any call by a virtual machine that is out of memory or stack. Whatever may fail comes before
 * the gate: a send that throws has taken nothing.
 */
public final class Outbox {
    private static final VarHandle AWAKE = awake();

    /** What is caught where there may be no stack, named here so that the class is resolved before. */
    @SuppressWarnings("unused")
    private static final Class<?> CAUGHT = Throwable.class;

    private final List<LaneQueue> lanes;
    private final LanePlan plan;
    private final int maxPayload;
    private final EventLoop loop;
    private final Runnable onWork;

    // Shared.
    /** Whether the loop will look at the lanes without being woken. */
    private volatile boolean awake;
    /** Whether a seal has begun. */
    private volatile boolean sealing;

    private volatile boolean wakingFailed;
    private SendSteps steps = SendSteps.UNDISTURBED;

    // Confined to the loop.
    /** Whether the second door is shut. */
    private boolean adoptionEnded;

    /**
     * An empty outbox.
     *
     * @param onWork run on the loop when there is something to write and the loop was not {@link #awake}
     */
    public Outbox(LanePlan plan, Limits limits, EventLoop loop, Runnable onWork) {
        this.plan = plan;
        this.lanes = IntStream.range(0, plan.lanes().size())
                .mapToObj(lane -> new LaneQueue(plan.lanes().get(lane), plan.wholeSize(lane, limits)))
                .toList();
        this.maxPayload = limits.maxPayloadSize();
        this.loop = loop;
        this.onWork = onWork;
    }

    private static VarHandle awake() {
        try {
            return MethodHandles.lookup().findVarHandle(Outbox.class, "awake", boolean.class);
        } catch (ReflectiveOperationException missing) {
            throw new ExceptionInInitializerError(missing);
        }
    }

    public List<LaneQueue> lanes() {
        return lanes;
    }

    /** What the lanes are like, and how large messages are cut. */
    public LanePlan plan() {
        return plan;
    }

    /** Has a test disturb the sends that come from now on. */
    public void disturb(SendSteps disturbed) {
        steps = disturbed;
        lanes.forEach(lane -> lane.disturb(disturbed));
    }

    /** Accepts a message, or says why not; what it throws leaves everything as it was. Any thread. */
    public SendResult offer(Message message, @Nullable OutcomeListener listener) {
        return take(
                message,
                Envelope.elementOf(message, listener, message.timeToLive().orElse(Duration.ZERO), loop),
                true);
    }

    /** As {@link #offer(Message, OutcomeListener)}, for a request. Any thread. */
    public SendResult offer(Envelope request) {
        return take(request.message(), request, true);
    }

    /** As {@link #adopt(Message, OutcomeListener, Duration)}, for a message whose time to live begins now. Loop only. */
    public SendResult adopt(Message message, @Nullable OutcomeListener listener) {
        return adopt(message, listener, message.timeToLive().orElse(Duration.ZERO));
    }

    /**
     * The second door, for what does not come from the application: answers, pings, what another
     * connection hands over. Puts a message behind what its lane holds, within the lane's bounds, or says why not. It is
     * open before the connection is, and after the seal: what is adopted early is written once the connection opens, before
     * anything that is sent. It shuts when no message may start any more; nobody would end what came later.
     *
     * <p>An adopted message is accepted as a sent one is, and has one outcome. The caller makes sure that the
     * connection has its protocol. The caller need not ask for work: as a send, this wakes the loop unless it is awake.
     * What it throws leaves everything as it was. Loop only, listeners and handlers included.
     *
     * @param timeLeft of the message's time to live; means nothing for one that never expires
     * @return never {@link SendResult#NOT_CONNECTED}; {@link SendResult#CLOSING} once the door is shut
     */
    public SendResult adopt(Message message, @Nullable OutcomeListener listener, Duration timeLeft) {
        return adoptionEnded
                ? SendResult.CLOSING
                : take(message, Envelope.elementOf(message, listener, timeLeft, loop), false);
    }

    /** As {@link #adopt(Message, OutcomeListener, Duration)}, for an answer. Loop only. */
    public SendResult adopt(Envelope answer) {
        return adoptionEnded ? SendResult.CLOSING : take(answer.message(), answer, false);
    }

    /** Whether a message would find room now: who only looks wakes nobody. Any thread. */
    public boolean hasRoom(Message message) {
        return laneOf(message).fits(message.size());
    }

    /** Adopts nothing more: no message starts any more, and what is in the lanes is about to be ended. Loop only. */
    public void endAdoption() {
        adoptionEnded = true;
    }

    /** Whether nothing is adopted any more. Loop only. */
    public boolean adoptionEnded() {
        return adoptionEnded;
    }

    /**
     * Takes in an element.
     *
     * @param sent whether it is refused once the outbox is sealed
     */
    private SendResult take(Message message, Object element, boolean sent) {
        int size = message.size();
        LaneQueue lane = laneOf(message);
        if (size > maxPayload || size > lane.lane().maxBytes()) {
            return SendResult.TOO_LARGE;
        }
        if (sent && sealing) {
            return SendResult.CLOSING;
        }
        SendResult result = lane.offer(element, size, lane.formOf(size), sent);
        if (result != SendResult.ACCEPTED) {
            // In case what fills the lane could not wake the loop.
            wake();
            return result;
        }
        try {
            wake();
            if (Envelope.mortal(element) && lane.queuedMortal()) {
                // A loop that waits for its link is to look when the lane's messages expire, unless it does.
                tell();
            }
        } catch (Throwable outOfStack) {
            // The message is in its slot all the same: the next send tries again, and a close finds it.
            awake = false;
        }
        return SendResult.ACCEPTED;
    }

    /**
     * Runs an action on the loop once the message's lane has room for it; here if the loop has stopped. What it throws
     * leaves nobody waiting. Any thread.
     */
    public RoomWait awaitRoom(Message message, Runnable action) {
        LaneQueue lane = laneOf(message);
        Waiter waiter = new Waiter(lane.lane(), message, action);
        RoomWait wait = () -> giveUp(lane, waiter);
        lane.waiters().add(waiter);
        boolean loopComes = false;
        try {
            // Not wake(): a loop that waits for its link is awake, and would look only once the link takes more.
            loopComes = firstToBeTold(lane) == null || tell();
        } catch (Throwable failure) {
            lane.waiters().remove(waiter);
            throw failure;
        }
        if (!loopComes && lane.waiters().remove(waiter)) {
            action.run();
        }
        return wait;
    }

    private boolean giveUp(LaneQueue lane, Waiter waiter) {
        boolean waited = lane.waiters().remove(waiter);
        if (waited) {
            // It may have been all that others waited for.
            tellOfRoom();
        }
        return waited;
    }

    /** Has the loop look for those who wait for room, after somebody else has made some. Any thread. */
    private void tellOfRoom() {
        try {
            if (roomAwaited()) {
                tell();
            }
        } catch (Throwable failure) {
            awake = false;
            logOnce(failure);
        }
    }

    /** Stops admission: what has passed its gate is the last. Any thread; idempotent. */
    public void seal() {
        sealing = true;
        for (LaneQueue lane : lanes) {
            lane.seal();
        }
    }

    /** Whether no send comes in any more; a seal that has begun is completed here. Any thread. */
    public boolean sealed() {
        if (!sealing) {
            return false;
        }
        seal();
        return true;
    }

    /** How many messages came in by either door, those that are being queued just now included. Any thread. */
    public long accepted() {
        long accepted = 0;
        for (LaneQueue lane : lanes) {
            accepted += lane.offered();
        }
        return accepted;
    }

    /** Wakes the loop unless it is awake. If that fails, whoever comes next tries again. */
    public void wake() {
        try {
            if (!awake && AWAKE.compareAndSet(this, false, true)) {
                tell();
            }
        } catch (Throwable failure) {
            awake = false;
            logOnce(failure);
        }
    }

    /** Has the loop look at the lanes; false if it has stopped, after its link's end, which ended every message. */
    private boolean tell() {
        try {
            steps.before(Step.WAKE_UP);
            loop.execute(onWork);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** Once: a loop that takes no tasks would have every send say so. */
    private void logOnce(Throwable failure) {
        if (!wakingFailed) {
            wakingFailed = true;
            Log.thrown(Level.ERROR, loop, "could not be woken for a message; the next send tries again", failure);
        }
    }

    /**
     * The loop has done what it can and wants to be woken for more. If more came meanwhile, it is woken at once. A
     * message that has passed its gate but is not in its slot yet will wake the loop itself.
     *
     * @param moreToDo whether the loop would find something to do now
     */
    public void rest(BooleanSupplier moreToDo) {
        awake = false;
        if (moreToDo.getAsBoolean()) {
            wake();
        }
    }

    /** Gives up memory that is kept for the next burst; before the loop {@linkplain #rest rests}. Loop only. */
    public void trim() {
        for (LaneQueue lane : lanes) {
            lane.trim();
        }
    }

    /** Whether a message waits in any lane. Loop only. */
    public boolean ready() {
        for (LaneQueue lane : lanes) {
            if (lane.ready(Form.WHOLE) || lane.ready(Form.STREAMED)) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody is to be told that there is room, or never will be. Any thread. */
    public boolean roomAwaited() {
        for (LaneQueue lane : lanes) {
            if (firstToBeTold(lane) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells those who wait for room that there is some, or never will be, oldest first in each lane; nobody overtakes
     * one that waits for more. Those who come meanwhile have their turn in a later task. Loop only.
     *
     * @param teller runs the actions; must not throw
     */
    public void serveRoom(Consumer<Runnable> teller) {
        for (LaneQueue lane : lanes) {
            Waiter next = firstToBeTold(lane);
            long latest = next == null ? 0 : lane.waiters().latest();
            while (next != null && next.number() <= latest) {
                if (lane.waiters().remove(next)) {
                    teller.accept(next.action());
                }
                next = firstToBeTold(lane);
            }
        }
    }

    /** Who has waited longest for room in a lane, if there is that room, or will never be; else null. */
    private @Nullable Waiter firstToBeTold(LaneQueue lane) {
        Waiter first = lane.waiters().first();
        return first != null && (sealed() || lane.hasRoom(first)) ? first : null;
    }

    private LaneQueue laneOf(Message message) {
        return lanes.get(plan.classifier().laneOf(message));
    }
}
