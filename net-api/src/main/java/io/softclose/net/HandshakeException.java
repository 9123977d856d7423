/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** The handshake with a peer failed. */
public final class HandshakeException extends NetworkException {
    private static final long serialVersionUID = 1L;

    /** Which check failed. */
    public enum Failure {
        /** The peer is on another chain. */
        INVALID_CHAIN_ID,
        /** The peer is on another network of the same chain. */
        INVALID_NETWORK_ID,
        /** There is no messaging protocol version that both ends speak. */
        NO_COMMON_VERSION,
        /** There is no application protocol that both ends support. */
        NO_COMMON_PROTOCOLS,
        /** What the peer sent is no handshake message. */
        MALFORMED,
        /** The peer did not finish in time. */
        TIMEOUT,
        /** The peer is not, or does not prove to be, who was expected. */
        IDENTITY,
        /** The link ended first. */
        LINK_CLOSED,
        /** The network has as many inbound connections as it may. */
        TOO_MANY_CONNECTIONS
    }

    private final Failure failure;

    /** A failure with what was wrong and what was expected. */
    public HandshakeException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    /** Which check failed. */
    public Failure failure() {
        return failure;
    }
}
