/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.OutcomeListener;

/**
 * Who listens to a message that is addressed to a peer, not to a connection. Of such a message a connection's end leaves
 * nothing {@link io.softclose.net.Outcome#UNSENT}: it counts it as {@link io.softclose.net.Outcome#HANDED_OVER}, tells this
 * listener of that and of no end, and gives it to whoever has the peer's next connection.
 */
public interface Addressed extends OutcomeListener {
    /** Whether it is still to outlive its connection. Loop only. */
    default boolean outlives() {
        return true;
    }

    /** Who is to have it again: whoever gave it to the connection. */
    default Addressed origin() {
        return this;
    }
}
