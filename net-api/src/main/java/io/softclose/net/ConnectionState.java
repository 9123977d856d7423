/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.Set;

/** Where a connection is in its life. It only moves forward, from each state to one of its {@link #next} ones. */
public enum ConnectionState {
    /** The link is being established. */
    DIALING,
    /** Identities and handshakes are being exchanged. */
    HANDSHAKING,
    /** Messages flow. */
    OPEN,
    /** No send is accepted any more; the policy has not been asked yet. */
    SEALING,
    /** What the policy lets go is being sent. */
    DRAINING,
    /** Nothing more will be started: flushing, then our end (FIN), then reading until the peer's. */
    FINISHING,
    /**
     * It ends early, and the link is being closed: by a deadline or a stall, because the link failed, something threw
     * or the peer takes nothing, by a refused handshake, by a close before it was open, or by the application's abort.
     * Never by a policy's decision.
     */
    ABORTING,
    /** The link is gone and every accepted message has its outcome. */
    CLOSED;

    /** The states of which one follows this one; none after {@link #CLOSED}. */
    public Set<ConnectionState> next() {
        return switch (this) {
            case DIALING -> Set.of(HANDSHAKING, ABORTING);
            case HANDSHAKING -> Set.of(OPEN, ABORTING);
            case OPEN -> Set.of(SEALING, DRAINING, ABORTING);
            case SEALING -> Set.of(DRAINING, ABORTING);
            case DRAINING -> Set.of(FINISHING, ABORTING);
            case FINISHING -> Set.of(CLOSED, ABORTING);
            case ABORTING -> Set.of(CLOSED);
            case CLOSED -> Set.of();
        };
    }

    /** Whether a close has begun. */
    public boolean closing() {
        return compareTo(SEALING) >= 0;
    }
}
