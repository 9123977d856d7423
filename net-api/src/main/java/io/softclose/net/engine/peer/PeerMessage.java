/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.outbox.Addressed;
import io.softclose.net.engine.outbox.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * One message that is addressed to a peer, until its final outcome. Loops have clocks of their own, so it carries spans of
 * time, and moments only while it waits. It is its sender's until it is accepted, guarded by the line's lock while it waits,
 * and its connection's while it is with one.
 */
class PeerMessage implements Addressed {
    final int lane;
    final Message message;
    final @Nullable OutcomeListener listener;

    final LocalPeer peer;
    /** How long it may still wait, and live, in nanoseconds. */
    long waitLeft;

    long lifeLeft;
    /** Since when it waits, on the line's clock. */
    private long since;
    /** The next in the row that it stands in. Whoever has the row has this. */
    @Nullable
    PeerMessage younger;

    PeerMessage(LocalPeer peer, int lane, Message message, @Nullable OutcomeListener listener, long waitNanos) {
        this.peer = peer;
        this.lane = lane;
        this.message = message;
        this.listener = listener;
        waitLeft = waitNanos;
        lifeLeft = message.timeToLive().map(Nanos::of).orElse(Nanos.MOST);
    }

    /** Whether it may wait at all. */
    boolean mayWait() {
        return waitLeft > 0;
    }

    /** It begins to wait. */
    void enter(long now) {
        since = now;
    }

    /** It waits no longer. */
    void leave(long now) {
        long waited = Math.max(0, now - since);
        waitLeft -= waited;
        lifeLeft -= waited;
    }

    /** Since when it waits. */
    final long since() {
        return since;
    }

    /** When it has waited, or lived, for as long as it may. Means something only while it waits. */
    long endsAt() {
        return since + Math.max(0, Math.min(waitLeft, lifeLeft));
    }

    /** What becomes of it if it waits no longer and does not go. */
    Outcome outcome() {
        return lifeLeft <= 0 ? Outcome.EXPIRED : Outcome.UNSENT;
    }

    /** Whether nobody wants it any more. */
    boolean isOver() {
        return false;
    }

    /** Sends it to a connection, or says why not. Any thread. */
    SendResult offerTo(PeerConnection connection) {
        return connection.offer(Envelope.of(message, this, lifeLeft, connection.loop()));
    }

    /** Has a connection take it over after it has waited, or says why not. On that connection's loop. */
    SendResult adoptBy(PeerConnection connection) {
        return connection.adopt(Envelope.of(message, this, lifeLeft, connection.loop()));
    }

    /**
     * A connection has handed it over. Takes no memory.
     *
     * @param then on that connection's clock
     */
    void cameBack(Envelope envelope, long then) {
        if (Envelope.mortal(envelope)) {
            lifeLeft = envelope.expiresAt() - then;
        }
    }

    /** Whether it is among what a shutdown returns, to be sent again as it is. */
    boolean isReturned() {
        return true;
    }

    /** It waits no longer and will not go: tells its sender. */
    void comesBack(Outcome outcome) {
        if (listener == null) {
            peer.tellReturned(message, outcome, lane);
        } else {
            listener.ended(message, outcome);
        }
    }

    @Override
    public void handedOver(Message left) {
        if (listener != null) {
            listener.handedOver(left);
        }
    }

    @Override
    public void ended(Message ended, Outcome outcome) {
        peer.ended(this, outcome);
    }
}
