/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.Limits;
import io.softclose.net.MessageHandler;
import io.softclose.net.NetworkEvents;
import io.softclose.net.NetworkId;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.NameResolver;
import io.softclose.net.spi.Transport;
import io.softclose.net.wire.HandshakeMsg;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Everything a network is made of.
 *
 * @param peerId who this node is
 * @param chainId the chain that peers must be on
 * @param networkId the network that peers must be on
 * @param transport where links come from
 * @param ownsTransport whether the network closes the transport when it shuts down
 * @param nameResolver finds the addresses of hosts that are dialled by name
 * @param policy decides at close
 * @param lanes what the policy sorts messages into
 * @param identityExchange finds out who peers are
 * @param limits bounds of every connection
 * @param protocols what the handshake offers
 * @param handlers takes inbound messages, by protocol
 * @param events observes
 */
public record NetworkSettings(
        PeerId peerId,
        int chainId,
        NetworkId networkId,
        Transport transport,
        boolean ownsTransport,
        NameResolver nameResolver,
        ClosePolicy policy,
        LanePlan lanes,
        IdentityExchange identityExchange,
        Limits limits,
        Set<ProtocolId> protocols,
        Map<ProtocolId, MessageHandler> handlers,
        NetworkEvents events) {
    /** Copies the collections, and asks the policy for its name, once. */
    public NetworkSettings {
        policy = NamedPolicy.of(policy);
        protocols = Set.copyOf(protocols);
        Map<ProtocolId, MessageHandler> byProtocol = new EnumMap<>(ProtocolId.class);
        byProtocol.putAll(handlers);
        handlers = Collections.unmodifiableMap(byProtocol);
    }

    /** What this node says of itself in every handshake. */
    public HandshakeMsg handshake() {
        return HandshakeMsg.v1(protocols, chainId, networkId);
    }
}
