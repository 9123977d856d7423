/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.ConnectionState;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/** The states of one end, as they are seen after each event, which may lead through several of them. */
final class StateCheck {
    private final Consumer<String> violated;
    private final Set<ConnectionState> seen = EnumSet.of(ConnectionState.OPEN);
    private ConnectionState state = ConnectionState.OPEN;

    StateCheck(Consumer<String> violated) {
        this.violated = violated;
    }

    /** Looks again; whether the state is another one. */
    boolean moved(ConnectionState now) {
        if (now == state) {
            return false;
        }
        if (!leadsTo(state, now)) {
            violated.accept("moved from " + state + " to " + now + ", to which nothing leads from there");
        }
        state = now;
        seen.add(now);
        return true;
    }

    /** The state when it was last looked at. */
    ConnectionState state() {
        return state;
    }

    /** All that were seen. */
    Set<ConnectionState> seen() {
        return seen;
    }

    private static boolean leadsTo(ConnectionState from, ConnectionState to) {
        return from.next().contains(to) || from.next().stream().anyMatch(next -> leadsTo(next, to));
    }
}
