/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.Reply;
import io.softclose.net.engine.OffLoopFuture;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.Rpc;
import io.softclose.net.wire.RpcHead;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The reply to one request, and what is known of the request's message. */
class PendingReply extends OffLoopFuture<Message> implements Reply, OutcomeListener {
    /** How far its completion has come. */
    private enum Completion {
        AWAITED,
        /** Its request is for another connection; until that has it, it may time out here. */
        HANDED_OVER,
        /** Somebody completes it. Back to AWAITED if that fails, for want of memory. */
        CLAIMED,
        COUNTED
    }

    private final OutboundRequests owner;
    /** An object, because there may be no memory for one when it is looked for. */
    private final Long id;

    private final Envelope envelope;
    private final long deadlineAt;
    private final boolean probe;
    private final AtomicReference<Completion> completion = new AtomicReference<>(Completion.AWAITED);

    /** What became of the message, once that is known; of a probe's, so far. Confined to the loop. */
    private @Nullable Outcome outcome;

    /**
     * To a request that has not been accepted yet.
     *
     * @param probe whether it goes before all lanes
     * @param now on the loop's clock: its time to live and its timeout begin
     */
    PendingReply(OutboundRequests owner, long id, Message request, boolean probe, long now, long timeoutNanos) {
        this.owner = owner;
        this.probe = probe;
        // A probe is in no lane: until it has gone, the peer cannot have it.
        outcome = probe ? Outcome.UNSENT : null;
        this.id = id;
        deadlineAt = now + timeoutNanos;
        RpcHead head = new RpcHead.Request(request.protocol(), id, request.priority());
        envelope = Envelope.of(request, this, new Rpc(head), now);
    }

    Long id() {
        return id;
    }

    /** Whether the caller completes it; nobody else does then. Any thread. */
    boolean claim() {
        return completion.compareAndSet(Completion.AWAITED, Completion.CLAIMED);
    }

    /** As {@link #claim}, of one whose request was handed over, and which has no place any more. Any thread. */
    boolean claimHandedOver() {
        return completion.compareAndSet(Completion.HANDED_OVER, Completion.CLAIMED);
    }

    /** Nobody has claimed it. Any thread. */
    boolean isAwaited() {
        return completion.get() == Completion.AWAITED;
    }

    /** Whoever claimed it could not complete it. Any thread. */
    void giveUpClaim() {
        completion.compareAndSet(Completion.CLAIMED, Completion.AWAITED);
    }

    /** It is complete: whether the caller is to count that. Any thread. */
    boolean mayCount() {
        return completion.getAndSet(Completion.COUNTED) != Completion.COUNTED;
    }

    Message request() {
        return envelope.message();
    }

    /** What waits in the request's lane. */
    Envelope envelope() {
        return envelope;
    }

    /** When it times out, on the loop's clock. */
    long deadlineAt() {
        return deadlineAt;
    }

    /** What it says before its payload. */
    RpcHead head() {
        return requireNonNull(envelope.rpc(), "rpc").head();
    }

    /** Whether the request goes before all lanes. */
    boolean isProbe() {
        return probe;
    }

    /** A probe is on its way. Loop only. */
    void probeGoes() {
        outcome = Outcome.WRITTEN;
    }

    /** Whether the request's message may still wait in its lane, or be on its way from there. Loop only. */
    boolean underWay() {
        return outcome == null;
    }

    /** Whether the peer may have the request whole. Loop only. */
    boolean mayHaveArrived() {
        return outcome == null || outcome.went() || outcome == Outcome.UNCERTAIN;
    }

    /** What became of the request's message. Loop only. */
    @Override
    public void ended(Message message, Outcome how) {
        outcome = how;
        owner.messageEnded(this, how);
    }

    /** Its request is for another connection. Loop only; false if somebody has claimed it. */
    boolean handOver() {
        outcome = Outcome.HANDED_OVER;
        return completion.compareAndSet(Completion.AWAITED, Completion.HANDED_OVER);
    }

    /** Whether its request is for another connection. Loop only. */
    boolean isHandedOver() {
        return outcome == Outcome.HANDED_OVER;
    }

    /** Its request is for another connection. Loop only. */
    void attemptHandedOver() {
        owner.handedOver(this);
    }

    /** Whether its request may go on to another connection. Loop only. */
    boolean movesOn() {
        return false;
    }

    @Override
    public boolean cancel() {
        return cancel(false);
    }

    /** As {@link #cancel()}: for whoever has it as a future. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (owner.claim(this)) {
            owner.cancel(this);
        }
        return isCancelled();
    }

    /** Completes it as cancelled, now that it is claimed. */
    void completeCancelled() {
        super.cancel(false);
    }
}
