/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.ConnectionState;

/** A connection's state: moved by the loop alone, and only forward; read by any thread. */
final class StateCell {
    private volatile ConnectionState state = ConnectionState.DIALING;

    ConnectionState get() {
        return state;
    }

    /**
     * Moves on.
     *
     * @throws IllegalStateException if that would be backwards, which only a defect of the engine can ask for
     */
    void moveTo(ConnectionState next) {
        if (next.compareTo(state) <= 0) {
            throw new IllegalStateException("state: " + state + " to " + next + " (expected: a later one)");
        }
        state = next;
    }
}
