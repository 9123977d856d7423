/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.ConnectionState;

/** A connection's state: moved by the loop alone, only as {@link ConnectionState#next} allows; read by any thread. */
final class StateCell {
    private volatile ConnectionState state = ConnectionState.DIALING;

    ConnectionState get() {
        return state;
    }

    /**
     * Moves on.
     *
     * @throws IllegalStateException if this state does not follow, which only a defect of the engine can ask for
     */
    void moveTo(ConnectionState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException(
                    "state: " + next + " after " + state + " (expected: one of " + state.next() + ")");
        }
        state = next;
    }
}
