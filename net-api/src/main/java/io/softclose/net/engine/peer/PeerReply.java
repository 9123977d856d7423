/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.engine.OffLoopFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The reply to a request that is addressed to a peer. It has a place among the peer's, which is another's before it completes. */
final class PeerReply extends OffLoopFuture<Message> implements Reply {
    private final PeerRequest request;
    private final AtomicBoolean hasPlace = new AtomicBoolean(true);

    PeerReply(PeerRequest request) {
        this.request = request;
    }

    /** Its place is another's from now on. Any thread; idempotent. */
    void leavePlace() {
        if (hasPlace.getAndSet(false)) {
            request.peer.requestOver();
        }
    }

    @Override
    public boolean complete(Message answer) {
        leavePlace();
        return super.complete(answer);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        leavePlace();
        return super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel() {
        return cancel(false);
    }

    /** As {@link #cancel()}: for whoever has it as a future. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        leavePlace();
        if (super.cancel(false)) {
            request.cancelled();
        }
        return isCancelled();
    }
}
