/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import io.micrometer.core.instrument.Tags;
import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The counters of what a network tells its observers. */
enum Told {
    OPENED("softclose.connections.opened", "Connections that have opened"),
    CLOSED(
            "softclose.connections.closed",
            "Connections that have closed, failed dials included, by why they did and how the close ended"),
    REFUSED(
            "softclose.connections.refused",
            "Inbound links that ended before they were connections, by which check failed"),
    STALLED("softclose.write.stalls", "Connections that ended because their peer took nothing"),
    GIVEN_UP(
            "softclose.messages.given.up",
            "Messages and requests of peers that handlers off the loop had not handled when their connection was over"),
    RETURNED(
            "softclose.peers.messages.returned",
            "Messages and requests to peers that have waited for a connection in vain"),
    VIOLATIONS("softclose.protocol.violations", "Violations of the protocol that were told"),
    UNHANDLED(
            "softclose.protocol.unhandled", "Connections on which something came of a protocol that no handler takes"),
    CALLBACKS("softclose.callbacks.failed", "Handlers, listeners and other callbacks that threw"),
    SHUTDOWNS("softclose.shutdowns", "Networks that have begun to shut down");

    final String meter;
    final String description;

    Told(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    /** One of its series. */
    record Series(Told told, Tags tags) {}

    static Series opened(Direction direction) {
        return new Series(OPENED, Tags.of("direction", tag(direction)));
    }

    static Series closed(DisconnectReason reason, CloseEnding ending) {
        return new Series(CLOSED, Tags.of("reason", tag(reason), "ending", tag(ending)));
    }

    static Series refused(Failure failure) {
        return new Series(REFUSED, Tags.of("failure", tag(failure)));
    }

    static Series returned(String lane, Outcome outcome) {
        return new Series(RETURNED, Tags.of("lane", lane, "outcome", tag(outcome)));
    }

    static Series unhandled(ProtocolId protocol) {
        return new Series(UNHANDLED, Tags.of("protocol", protocol.name()));
    }

    Series only() {
        return new Series(this, Tags.empty());
    }

    /** Those that are there from the start, for what has not happened yet is to be seen as zero. The others depend on lanes, and protocols. */
    static List<Series> known() {
        List<Series> known = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            known.add(opened(direction));
        }
        for (DisconnectReason reason : DisconnectReason.values()) {
            for (CloseEnding ending : CloseEnding.values()) {
                known.add(closed(reason, ending));
            }
        }
        for (Failure failure : Failure.values()) {
            known.add(refused(failure));
        }
        for (Told one : List.of(STALLED, GIVEN_UP, VIOLATIONS, CALLBACKS, SHUTDOWNS)) {
            known.add(one.only());
        }
        return known;
    }

    /** How a constant stands in a tag. */
    static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
