/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/**
 * Where a connection is in its life. It only moves forward, in the order of the constants; each names the states that
 * may follow it.
 */
public enum ConnectionState {
    /** The link is being established. Then HANDSHAKING, or ABORTING. */
    DIALING,
    /** Identities and handshakes are being exchanged. Then OPEN, or ABORTING. */
    HANDSHAKING,
    /** Messages flow. Then SEALING (admission stops first), DRAINING (it stays open) or ABORTING. */
    OPEN,
    /** No send is accepted any more; the last accepted ones are still on their way into the outbox. Then DRAINING or ABORTING. */
    SEALING,
    /** What the policy lets go is being sent. Then FINISHING or ABORTING. */
    DRAINING,
    /** Nothing more will be started: flushing, then FIN, then reading until the peer's end. Then ABORTING or CLOSED. */
    FINISHING,
    /** Ended early, by deadline, stall, error or policy; the link is being closed. Then CLOSED. */
    ABORTING,
    /** The link is gone and every accepted message has its outcome. */
    CLOSED;

    /** Whether a close has begun. */
    public boolean closing() {
        return compareTo(SEALING) >= 0;
    }
}
