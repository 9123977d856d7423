/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkEvents;
import io.softclose.net.NetworkId;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.NetworkSettings.AtClose;
import io.softclose.net.engine.NetworkSettings.Self;
import io.softclose.net.engine.NetworkSettings.Ways;
import io.softclose.net.engine.Services;
import io.softclose.net.engine.stream.InputBudget;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.NameResolver;
import io.softclose.net.spi.Transport;
import io.softclose.net.wire.HandshakeMsg;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network of one protocol, whose connections seal and drain when they close. */
public final class HandNetwork {
    public static final Message MESSAGE = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[1]);

    /** For a connection without a network. */
    public static final Registry NO_REGISTRY = new Registry() {
        @Override
        public InputBudget inputBudget() {
            return new InputBudget(1 << 20);
        }

        @Override
        public boolean opens(PeerConnection connection) {
            return true;
        }

        @Override
        public void told(PeerConnection connection, @Nullable CloseReport report) {}
    };

    private static final int CHAIN_ID = 4;
    private static final PeerId PEER_ID = PeerId.random();
    private static final Limits LIMITS = Limits.builder().outboxMessages(2).build();
    private static final LanePlan LANES = LanePlan.single(LIMITS);
    private static final Set<ProtocolId> PROTOCOLS = Set.of(MESSAGE.protocol());
    private static final HandshakeMsg HANDSHAKE = HandshakeMsg.v1(PROTOCOLS, CHAIN_ID, NetworkId.validator());

    private HandNetwork() {}

    public static NetworkSettings settings(Transport transport) {
        return settings(transport, new SealAndDrain());
    }

    public static NetworkSettings settings(Transport transport, ClosePolicy policy) {
        return settings(transport, false, policy, new NetworkEvents() {});
    }

    /** Of a network that closes its transport in the end. */
    public static NetworkSettings owning(Transport transport, NetworkEvents events) {
        return settings(transport, true, new SealAndDrain(), events);
    }

    private static NetworkSettings settings(
            Transport transport, boolean owns, ClosePolicy policy, NetworkEvents events) {
        return new NetworkSettings(
                new Self(PEER_ID, HANDSHAKE),
                new Ways(transport, owns, NameResolver.system(), IdentityExchange.plaintext()),
                new AtClose(policy, LANES),
                LIMITS,
                new Services(PROTOCOLS, Map.of(), Map.of(), Set.of()),
                events);
    }

    /** The same, to shut down at exit. */
    public static NetworkSettings exiting(Duration budget, NetworkSettings rest) {
        AtClose atClose = new AtClose(
                rest.policy(), rest.atClose().lanes(), rest.atClose().peers(), Optional.of(budget));
        return new NetworkSettings(rest.self(), rest.ways(), atClose, rest.limits(), rest.services(), rest.events());
    }

    /** The same with other lanes and limits. */
    public static NetworkSettings withLanes(LanePlan lanes, Limits limits, NetworkSettings rest) {
        return new NetworkSettings(
                rest.self(), rest.ways(), new AtClose(rest.policy(), lanes), limits, rest.services(), rest.events());
    }

    /** What a peer says first. */
    public static ByteBuffer handshake() {
        return HANDSHAKE.encode();
    }

    /** Finishes once everything has gone. */
    private static final class SealAndDrain implements ClosePolicy {
        private static final ClosePlan PLAN =
                new ClosePlan(Admission.SEAL, Duration.ofSeconds(1), Duration.ofSeconds(1));

        @Override
        public String name() {
            return "seal and drain";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return PLAN;
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            return now.sealed() && now.drained()
                    ? CloseDecision.finish()
                    : CloseDecision.drain(now, Duration.ofSeconds(1));
        }
    }
}
