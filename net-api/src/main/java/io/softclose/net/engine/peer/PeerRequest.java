/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.rpc.AddressedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that is addressed to a peer: it waits as long as it is not too late for its answer, and being with a connection
 * counts.
 */
final class PeerRequest extends PeerMessage implements AddressedRequest {
    private final PeerReply reply;

    /** What the connection that has taken it makes of it. */
    private volatile @Nullable Reply attempt;
    /** When it times out, on that connection's clock. */
    private volatile long deadlineAt;

    PeerRequest(LocalPeer peer, int lane, Message message, long timeoutNanos) {
        super(peer, lane, message, null, timeoutNanos);
        reply = new PeerReply(this);
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public PeerReply reply() {
        return reply;
    }

    @Override
    public long timeLeft() {
        return waitLeft;
    }

    @Override
    public long age() {
        return message.timeToLive().map(Nanos::of).orElse(lifeLeft) - lifeLeft;
    }

    @Override
    boolean isOver() {
        return reply.isDone();
    }

    @Override
    long endsAt() {
        return reply.isDone() ? since() : super.endsAt();
    }

    @Override
    SendResult offerTo(PeerConnection connection) {
        return connection.offer(this);
    }

    @Override
    SendResult adoptBy(PeerConnection connection) {
        return connection.adopt(this);
    }

    @Override
    public void attempted(Reply made, long timesOutAt) {
        deadlineAt = timesOutAt;
        attempt = made;
        if (reply.isDone()) {
            made.cancel();
        }
    }

    @Override
    void cameBack(Envelope envelope, long then) {
        super.cameBack(envelope, then);
        waitLeft = deadlineAt - then;
        attempt = null;
    }

    /** Its reply was cancelled: wherever it is, it is not to be sent. Any thread. */
    void cancelled() {
        Reply made = attempt;
        if (!peer.takeBack(this) && made != null) {
            made.cancel();
        }
    }

    /** Sent again it would be a plain message. */
    @Override
    boolean isReturned() {
        return false;
    }

    @Override
    void comesBack(Outcome outcome) {
        boolean tooLate = outcome == Outcome.UNSENT && waitLeft <= 0;
        try {
            reply.completeExceptionally(RequestException.of(
                    tooLate ? Failure.TIMED_OUT : Failure.NOT_SENT,
                    false,
                    message + (tooLate ? ": no connection came in time" : ": its message is " + outcome)));
        } catch (Throwable noMemory) {
            // Nobody else completes it.
            reply.completeExceptionally(noMemory);
        }
    }
}
