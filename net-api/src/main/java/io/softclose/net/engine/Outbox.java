/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import io.softclose.net.SendResult;
import io.softclose.net.engine.LaneQueue.Form;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LanePlan;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted messages wait for the loop. Sending threads see {@link #offer}: reserve room in the lane, pass the
 * gate, queue, and wake the loop if it sleeps; four atomic operations, no lock, and no allocation for a message without
 * a listener or a time to live. The loop sees the lanes.
 */
final class Outbox {
    private final List<LaneQueue> lanes;
    private final LanePlan plan;
    private final int maxPayload;
    private final int chunkSize;
    private final EventLoop loop;
    private final Runnable onWork;

    // Shared.
    private final AdmissionGate gate = new AdmissionGate();
    /** Whether the loop will look at the lanes without being woken. */
    private final AtomicBoolean awake = new AtomicBoolean();

    /**
     * An empty outbox.
     *
     * @param onWork run on the loop when there is something to write and the loop was not {@link #awake}
     */
    Outbox(LanePlan plan, Limits limits, EventLoop loop, Runnable onWork) {
        this.plan = plan;
        this.lanes = plan.lanes().stream().map(LaneQueue::new).toList();
        this.maxPayload = limits.maxPayloadSize();
        this.chunkSize = limits.chunkSize();
        this.loop = loop;
        this.onWork = onWork;
    }

    List<LaneQueue> lanes() {
        return lanes;
    }

    /** Accepts a message, or says why not. Any thread. */
    SendResult offer(Message message, @Nullable OutcomeListener listener) {
        int size = message.size();
        LaneQueue lane = laneOf(message);
        if (size > maxPayload || size > lane.lane().maxBytes()) {
            return SendResult.TOO_LARGE;
        }
        if (!lane.reserve(size)) {
            return gate.sealed() ? SendResult.CLOSING : SendResult.OUTBOX_FULL;
        }
        // Made before the gate is passed: between the gate and the lane there is nothing to wait for.
        Object element = elementOf(message, listener);
        if (!gate.admit()) {
            lane.release(1, size);
            return SendResult.CLOSING;
        }
        lane.offer(element, size > chunkSize ? Form.LARGE : Form.WHOLE);
        wake();
        return SendResult.ACCEPTED;
    }

    /** Runs an action on the loop once the message's lane has room; here if the loop has stopped. Any thread. */
    void awaitRoom(Message message, Runnable action) {
        LaneQueue lane = laneOf(message);
        lane.awaitRoom(action);
        if (lane.hasRoom() || gate.sealed()) {
            // Not wake(): a loop that waits for its link is awake, and would look only once the link takes more.
            if (!tell() && lane.awaitsNoMore(action)) {
                action.run();
            }
        }
    }

    /** Stops admission: what has passed the gate is the last. Any thread; idempotent. */
    void seal() {
        gate.seal();
    }

    boolean sealed() {
        return gate.sealed();
    }

    /** How many messages passed the gate; final once sealed. Any thread. */
    long admitted() {
        return gate.admitted();
    }

    /** Whether every message that passed the gate is in its lane. Final only once sealed. */
    boolean arrived() {
        long admitted = gate.admitted();
        long offered = 0;
        for (LaneQueue lane : lanes) {
            offered += lane.offered();
        }
        return offered == admitted;
    }

    /** Wakes the loop unless it is awake. */
    void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            tell();
        }
    }

    /** Has the loop look at the lanes; false if it has stopped, after its link's end, which ended every message. */
    private boolean tell() {
        try {
            loop.execute(onWork);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /**
     * The loop has done what it can and wants to be woken for more. If more came meanwhile, it is woken at once. A
     * message that has passed the gate but is not in its slot yet will wake the loop itself.
     *
     * @param moreToDo whether the loop would find something to do now
     */
    void rest(BooleanSupplier moreToDo) {
        awake.set(false);
        if (moreToDo.getAsBoolean()) {
            wake();
        }
    }

    /** Whether a message waits in any lane. Loop only. */
    boolean ready() {
        for (LaneQueue lane : lanes) {
            if (lane.ready(Form.WHOLE) || lane.ready(Form.LARGE)) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody waits for room that there is, or will never be. Loop only. */
    boolean roomAwaited() {
        for (LaneQueue lane : lanes) {
            if (lane.awaited() && (sealed() || lane.hasRoom())) {
                return true;
            }
        }
        return false;
    }

    private LaneQueue laneOf(Message message) {
        return lanes.get(plan.classifier().laneOf(message));
    }

    private Object elementOf(Message message, @Nullable OutcomeListener listener) {
        if (message.timeToLive().isEmpty()) {
            return listener == null ? message : new Ticket(message, listener, 0);
        }
        long now = loop.nanoTime();
        return new Ticket(message, listener, now + Nanos.of(message.timeToLive().get()));
    }
}
