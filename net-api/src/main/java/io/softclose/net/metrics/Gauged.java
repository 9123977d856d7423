/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import io.micrometer.core.instrument.Tags;

/** The gauges that are of all connections, or peers, together. */
@SuppressWarnings("ImmutableEnumChecker") // tags are immutable
enum Gauged {
    OPEN_INBOUND(
            "softclose.connections",
            Tags.of("state", "open", "direction", "inbound"),
            "Connections, from open to closed"),
    OPEN_OUTBOUND(OPEN_INBOUND, Tags.of("state", "open", "direction", "outbound")),
    CLOSING_INBOUND(OPEN_INBOUND, Tags.of("state", "closing", "direction", "inbound")),
    CLOSING_OUTBOUND(OPEN_INBOUND, Tags.of("state", "closing", "direction", "outbound")),
    NOT_READING(
            "softclose.connections.not.reading",
            Tags.empty(),
            "Connections that hand on nothing for now: paused, handlers full, or memory short"),
    SILENCE(
            "softclose.connections.silence.max",
            Tags.empty(),
            "When bytes last came, of the connection from which none have come for the longest time"),
    STALL(
            "softclose.write.stalled.max",
            Tags.empty(),
            "For how long a peer has taken nothing of what waits for it, of the one that has not for the longest time"),
    PEERS_CONNECTED(
            "softclose.peers",
            Tags.of("connected", "true"),
            "Peers that the network knows, with and without an open connection"),
    PEERS_UNCONNECTED(PEERS_CONNECTED, Tags.of("connected", "false")),
    PEERS_WAIT(
            "softclose.peers.wait.max",
            Tags.empty(),
            "For how long a message has waited for a connection of its peer, of the one that has for the longest time");

    final String meter;
    final Tags tags;
    final String description;

    Gauged(String meter, Tags tags, String description) {
        this.meter = meter;
        this.tags = tags;
        this.description = description;
    }

    /** The same meter with other tags. */
    Gauged(Gauged same, Tags tags) {
        this(same.meter, tags, same.description);
    }

    /** Whether it is a time, in nanoseconds here, and in whatever the registry has there; or a number. */
    boolean isTime() {
        return this == SILENCE || this == STALL || this == PEERS_WAIT;
    }
}
