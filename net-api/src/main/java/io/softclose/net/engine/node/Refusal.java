/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.Limits;

/** Why an inbound link is turned away before its handshake. */
enum Refusal implements InboundDoor.Answer {
    /** As many connections are open as may be. */
    CONNECTIONS {
        @Override
        String text(Limits limits) {
            return "no room (expected: at most " + limits.maxInboundConnections()
                    + " open, see Limits.maxInboundConnections)";
        }
    },
    /** As many handshakes are under way as may be, and none has had its time. */
    HANDSHAKES {
        @Override
        String text(Limits limits) {
            return "no room (expected: at most " + limits.maxHandshakes()
                    + " handshakes under way, see Limits.maxHandshakes)";
        }
    },
    /** The network shuts down. */
    SHUTDOWN {
        @Override
        String text(Limits limits) {
            return "refused (expected: none, for the network shuts down)";
        }
    };

    /** What was wrong, and which setting says so. */
    abstract String text(Limits limits);
}
