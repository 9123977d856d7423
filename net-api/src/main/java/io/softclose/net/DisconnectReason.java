/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** Why a connection closes. The first five are AptosNet's. */
public enum DisconnectReason {
    /** The peer closed. */
    CONNECTION_CLOSED(Drain.FULL),
    /** The link failed. */
    INPUT_OUTPUT_ERROR(Drain.NONE),
    /** The peer failed its health checks, so the link is probably dead. */
    NETWORK_HEALTH_CHECK_FAILURE(Drain.SHORT),
    /** The application asked. */
    REQUESTED_BY_PEER_MANAGER(Drain.FULL),
    /** The peer left the validator set. */
    STALE_CONNECTION(Drain.FULL),
    /** Another connection to the same peer stays. */
    DUPLICATE_CONNECTION(Drain.SHORT),
    /** The whole network shuts down. */
    NETWORK_SHUTDOWN(Drain.FULL),
    /** The peer sent bytes that are no frames, so nothing more of what it sends can be understood. */
    PROTOCOL_ERROR(Drain.SHORT),
    /** The link could not be established. */
    DIAL_FAILED(Drain.NONE),
    /** The peer is not who it should be, belongs to another chain or network, shares no protocol, or kept silent. */
    HANDSHAKE_FAILED(Drain.NONE);

    /** How much draining a reason leaves room for. */
    public enum Drain {
        /** The link is fine. */
        FULL,
        /** The link or the peer is probably broken: try, but not for long. */
        SHORT,
        /** There is no link. */
        NONE
    }

    private final Drain drain;

    DisconnectReason(Drain drain) {
        this.drain = drain;
    }

    /** How much draining this reason leaves room for. */
    public Drain drain() {
        return drain;
    }
}
