/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A queued message of which more must be known than the message itself. Lanes hold either bare {@link Message}s, which
 * cost nothing extra, or these.
 *
 * @param message the message
 * @param listener who wants to know the outcome
 * @param expiresAt on the loop's clock; meaningful only if the message has a time to live
 * @param rpc what makes it a request or an answer; null for a message that is neither
 */
public record Envelope(
        Message message,
        @Nullable OutcomeListener listener,
        long expiresAt,
        @Nullable Rpc rpc) {
    /** Of a message that is no request and no answer. */
    Envelope(Message message, @Nullable OutcomeListener listener, long expiresAt) {
        this(message, listener, expiresAt, null);
    }

    /**
     * Of a request or an answer.
     *
     * @param now on the loop's clock: its time to live begins
     */
    public static Envelope of(Message message, @Nullable OutcomeListener listener, Rpc rpc, long now) {
        long expiresAt = now + message.timeToLive().map(Nanos::of).orElse(0L);
        return new Envelope(message, listener, expiresAt, rpc);
    }

    /**
     * The lane's element of a message that is no request and no answer.
     *
     * @param timeLeft of its time to live; means nothing for one that never expires
     */
    static Object elementOf(Message message, @Nullable OutcomeListener listener, Duration timeLeft, EventLoop loop) {
        if (message.timeToLive().isEmpty()) {
            return listener == null ? message : new Envelope(message, listener, 0);
        }
        return new Envelope(message, listener, loop.nanoTime() + Nanos.of(timeLeft));
    }

    /**
     * Of a message that is addressed to a peer.
     *
     * @param lifeLeft of its time to live, in nanoseconds; means nothing for one that never expires
     * @param loop of the connection that is to have it
     */
    public static Envelope of(Message message, Addressed sender, long lifeLeft, EventLoop loop) {
        boolean mortal = message.timeToLive().isPresent();
        return new Envelope(message, sender, mortal ? loop.nanoTime() + lifeLeft : 0);
    }

    /** Whether a lane's element is addressed to a peer, and outlives its connection. */
    static boolean outlives(Object element) {
        return element instanceof Envelope envelope
                && envelope.listener instanceof Addressed addressed
                && addressed.outlives();
    }

    /** What makes a lane's element a request or an answer; null if it is neither. */
    public static @Nullable Rpc rpcOf(Object element) {
        return element instanceof Envelope envelope ? envelope.rpc : null;
    }

    /** Nobody wants it any more: it is not to start. Loop only. */
    public void withdraw() {
        requireNonNull(rpc, "rpc").withdraw();
    }

    /** Whether nobody wants it any more. Loop only. */
    public boolean withdrawn() {
        return rpc != null && rpc.withdrawn();
    }

    /** The message of a lane's element. */
    public static Message messageOf(Object element) {
        return element instanceof Envelope envelope ? envelope.message : (Message) element;
    }

    /** Whether a lane's element has a time to live. */
    public static boolean mortal(@Nullable Object element) {
        return element instanceof Envelope envelope
                && envelope.message.timeToLive().isPresent();
    }

    /** Whether a lane's element has a time to live, and that has passed. */
    public static boolean expired(Object element, long now) {
        return element instanceof Envelope envelope
                && envelope.message.timeToLive().isPresent()
                && now - envelope.expiresAt >= 0;
    }
}
