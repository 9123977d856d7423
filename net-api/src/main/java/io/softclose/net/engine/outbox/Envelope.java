/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import org.jspecify.annotations.Nullable;

/**
 * A queued message of which more must be known than the message itself. Lanes hold either bare {@link Message}s, which
 * cost nothing extra, or these.
 *
 * @param message the message
 * @param listener who wants to know the outcome
 * @param expiresAt on the loop's clock; meaningful only if the message has a time to live
 */
public record Envelope(Message message, @Nullable OutcomeListener listener, long expiresAt) {
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
