/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.OutcomeListener;

/**
 * Who listens to a message that is addressed to a peer, not to a connection. Of such a message a connection's end leaves
 * nothing {@link io.softclose.net.Outcome#UNSENT}: it counts it as {@link io.softclose.net.Outcome#HANDED_OVER}, does not
 * tell this listener, and gives it to whoever has the peer's next connection.
 */
public interface Addressed extends OutcomeListener {
    /** Whether it is still to outlive its connection. Loop only. */
    default boolean outlives() {
        return true;
    }

    /** Its connection has given it up for another one, which has not got it yet. Loop only; must not throw. */
    default void handedOver() {}

    /** Who is to have it again: whoever gave it to the connection. */
    default Addressed origin() {
        return this;
    }
}
