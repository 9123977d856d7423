/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.ProtocolId;
import io.softclose.net.wire.KnownProtocols;
import io.softclose.net.wire.ProtocolIdSet;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a network offers to its peers: the protocols that it speaks, and who takes their messages and requests. Immutable. */
public final class Services {
    private static final int IDS = 256;

    private final ProtocolIdSet protocols;
    private final KnownProtocols known;
    /** By the protocol's id, for there is one look-up a message. */
    private final @Nullable Handling[] handlers = new Handling[IDS];

    private final Map<ProtocolId, AsyncRequestHandler> requestHandlers;
    private final Set<ProtocolId> answeredAhead;

    /**
     * Speaks these.
     *
     * @param handlers of messages of some of them
     * @param requestHandlers of requests of some of them
     * @param answeredAhead whose answers go before all lanes
     */
    public Services(
            Collection<ProtocolId> protocols,
            Map<ProtocolId, Handling> handlers,
            Map<ProtocolId, AsyncRequestHandler> requestHandlers,
            Set<ProtocolId> answeredAhead) {
        this.requestHandlers = Map.copyOf(requestHandlers);
        this.answeredAhead = Set.copyOf(answeredAhead);
        this.protocols = ProtocolIdSet.of(protocols);
        known = KnownProtocols.with(protocols);
        handlers.forEach((protocol, handler) -> this.handlers[protocol.id()] = handler);
    }

    /** What the handshake offers. */
    public ProtocolIdSet protocols() {
        return protocols;
    }

    /** What a byte on the wire stands for. */
    public KnownProtocols known() {
        return known;
    }

    /** Whether requests of any protocol are answered. */
    public boolean answersRequests() {
        return !requestHandlers.isEmpty();
    }

    /** Who answers requests of this protocol; null if nobody does. */
    public @Nullable AsyncRequestHandler requestHandler(ProtocolId protocol) {
        return requestHandlers.get(protocol);
    }

    /** Whether answers to requests of this protocol go before all lanes. */
    public boolean answersAhead(ProtocolId protocol) {
        return answeredAhead.contains(protocol);
    }

    /** Who takes messages of this protocol, and where; null if nobody does. */
    public @Nullable Handling handling(ProtocolId protocol) {
        return handlers[protocol.id()];
    }
}
