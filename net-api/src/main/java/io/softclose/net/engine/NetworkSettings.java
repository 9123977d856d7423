/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.Limits;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.NameResolver;
import io.softclose.net.spi.Transport;
import io.softclose.net.wire.HandshakeMsg;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything a network is made of.
 *
 * @param self who this node is
 * @param ways how it gets to its peers
 * @param atClose how its connections close
 * @param limits bounds of every connection
 * @param services what it offers to its peers
 * @param events observes
 */
public record NetworkSettings(
        Self self, Ways ways, AtClose atClose, Limits limits, Services services, NetworkEvents events) {
    /**
     * Who a node is.
     *
     * @param peerId its id
     * @param handshake what it says of itself to every peer
     */
    public record Self(PeerId peerId, HandshakeMsg handshake) {}

    /**
     * How a node gets to its peers, and knows them.
     *
     * @param transport where links come from
     * @param ownsTransport whether the network closes the transport when it shuts down
     * @param nameResolver finds the addresses of hosts that are dialled by name
     * @param identityExchange finds out who peers are
     */
    public record Ways(
            Transport transport, boolean ownsTransport, NameResolver nameResolver, IdentityExchange identityExchange) {}

    /**
     * How a node's connections close.
     *
     * @param policy decides at close
     * @param lanes what the policy sorts messages into
     * @param peers what outlives them
     * @param exitBudget within what time the network shuts down when the virtual machine exits; empty if it does not
     */
    public record AtClose(ClosePolicy policy, LanePlan lanes, PeerRules peers, Optional<Duration> exitBudget) {
        /** Asks the policy for its name, once. */
        public AtClose {
            policy = NamedPolicy.of(policy);
        }

        /** With the default rules for peers, and no shutdown at exit. */
        public AtClose(ClosePolicy policy, LanePlan lanes) {
            this(policy, lanes, PeerRules.DEFAULT, Optional.empty());
        }
    }

    /**
     * What is said of peers, as {@link io.softclose.net.NetworkBuilder} has it.
     *
     * @param patience how long what is addressed to one waits for its next connection
     * @param oneConnection whether of two connections to a proven one only one stays
     */
    public record PeerRules(Duration patience, boolean oneConnection) {
        /** 10 s, and one. */
        public static final PeerRules DEFAULT = new PeerRules(Duration.ofSeconds(10), true);
    }

    /** Where links come from. */
    public Transport transport() {
        return ways.transport;
    }

    /** What decides at close. */
    public ClosePolicy policy() {
        return atClose.policy;
    }
}
