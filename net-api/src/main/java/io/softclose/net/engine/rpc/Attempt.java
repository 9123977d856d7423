/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.engine.outbox.Addressed;

/** One connection's attempt at a request that is addressed to its peer: whatever would complete it completes the request's reply. */
final class Attempt extends PendingReply implements Addressed {
    private final AddressedRequest request;

    /**
     * An attempt that has not been accepted yet.
     *
     * @param now on the loop's clock
     */
    Attempt(OutboundRequests owner, long id, AddressedRequest request, long now) {
        super(owner, id, request.message(), false, now - request.age(), request.timeLeft() + request.age());
        this.request = request;
    }

    @Override
    public boolean isDone() {
        return request.reply().isDone();
    }

    @Override
    public boolean complete(Message answer) {
        return request.reply().complete(answer);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return request.reply().completeExceptionally(failure);
    }

    @Override
    void completeCancelled() {
        request.reply().cancel(false);
    }

    @Override
    boolean movesOn() {
        return outlives();
    }

    /** Nobody has completed it: it is still wanted. */
    @Override
    public boolean outlives() {
        return isAwaited() && !isDone();
    }

    @Override
    public void handedOver(Message message) {
        attemptHandedOver();
    }

    @Override
    public Addressed origin() {
        return request;
    }

    @Override
    public void ended(Message message, Outcome how) {
        try {
            request.ended(message, how);
        } finally {
            super.ended(message, how);
        }
    }
}
