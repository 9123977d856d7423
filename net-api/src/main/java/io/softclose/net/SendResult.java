/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** What {@link Connection#send} answers at once: accepted, or refused with the reason. A refused send has no outcome. */
public enum SendResult {
    /** The connection took the message; it will end in exactly one {@link Outcome}. */
    ACCEPTED,
    /**
     * The message's lane holds as many messages, or as many bytes, as it may. {@link Connection#onRoom} tells when to
     * retry.
     */
    OUTBOX_FULL,
    /** As many requests as {@link Limits#maxOutboundRequests} allows are in flight. Only {@link Connection#request} says so. */
    TOO_MANY_REQUESTS,
    /** The connection is closing and takes no more. */
    CLOSING,
    /** The message is longer than the peer may be sent, or than its lane can ever hold. */
    TOO_LARGE,
    /** The handshake did not agree on the message's protocol. */
    PROTOCOL_NOT_NEGOTIATED,
    /** The connection is not open yet, or not any more. */
    NOT_CONNECTED;

    /** Whether the message was accepted. */
    public boolean accepted() {
        return this == ACCEPTED;
    }
}
