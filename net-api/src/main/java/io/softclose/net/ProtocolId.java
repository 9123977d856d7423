/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.Optional;

/**
 * An application protocol of AptosNet, carried as one byte in every request and direct-send message, and as one bit in
 * the handshake.
 */
public enum ProtocolId {
    CONSENSUS_RPC_BCS(0, "ConsensusRpcBcs"),
    CONSENSUS_DIRECT_SEND_BCS(1, "ConsensusDirectSendBcs"),
    MEMPOOL_DIRECT_SEND(2, "MempoolDirectSend"),
    STATE_SYNC_DIRECT_SEND(3, "StateSyncDirectSend"),
    DISCOVERY_DIRECT_SEND(4, "DiscoveryDirectSend"),
    HEALTH_CHECKER_RPC(5, "HealthCheckerRpc"),
    CONSENSUS_DIRECT_SEND_JSON(6, "ConsensusDirectSendJson"),
    CONSENSUS_RPC_JSON(7, "ConsensusRpcJson"),
    STORAGE_SERVICE_RPC(8, "StorageServiceRpc"),
    MEMPOOL_RPC(9, "MempoolRpc"),
    PEER_MONITORING_SERVICE_RPC(10, "PeerMonitoringServiceRpc"),
    CONSENSUS_RPC_COMPRESSED(11, "ConsensusRpcCompressed"),
    CONSENSUS_DIRECT_SEND_COMPRESSED(12, "ConsensusDirectSendCompressed"),
    NETBENCH_DIRECT_SEND(13, "NetbenchDirectSend"),
    NETBENCH_RPC(14, "NetbenchRpc"),
    DKG_DIRECT_SEND_COMPRESSED(15, "DKGDirectSendCompressed"),
    DKG_DIRECT_SEND_BCS(16, "DKGDirectSendBcs"),
    DKG_DIRECT_SEND_JSON(17, "DKGDirectSendJson"),
    DKG_RPC_COMPRESSED(18, "DKGRpcCompressed"),
    DKG_RPC_BCS(19, "DKGRpcBcs"),
    DKG_RPC_JSON(20, "DKGRpcJson"),
    JWK_CONSENSUS_DIRECT_SEND_COMPRESSED(21, "JWKConsensusDirectSendCompressed"),
    JWK_CONSENSUS_DIRECT_SEND_BCS(22, "JWKConsensusDirectSendBcs"),
    JWK_CONSENSUS_DIRECT_SEND_JSON(23, "JWKConsensusDirectSendJson"),
    JWK_CONSENSUS_RPC_COMPRESSED(24, "JWKConsensusRpcCompressed"),
    JWK_CONSENSUS_RPC_BCS(25, "JWKConsensusRpcBcs"),
    JWK_CONSENSUS_RPC_JSON(26, "JWKConsensusRpcJson"),
    CONSENSUS_OBSERVER(27, "ConsensusObserver"),
    CONSENSUS_OBSERVER_RPC(28, "ConsensusObserverRpc"),
    /** AptosNet's place-holder. It is a valid byte on the wire, and nothing handles it. */
    UNKNOWN(255, "Unknown");

    private static final ProtocolId[] BY_ID = new ProtocolId[256];

    static {
        for (ProtocolId protocol : values()) {
            BY_ID[protocol.id] = protocol;
        }
    }

    private final int id;
    private final String wireName;

    ProtocolId(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The byte on the wire, 0 to 255. */
    public int id() {
        return id;
    }

    /** AptosNet's name, for example {@code ConsensusDirectSendBcs}. */
    public String wireName() {
        return wireName;
    }

    /** The protocol with this byte, or empty if AptosNet lists none. */
    public static Optional<ProtocolId> ofId(int id) {
        return id < 0 || id > 255 ? Optional.empty() : Optional.ofNullable(BY_ID[id]);
    }

    /** The protocol with this AptosNet name or constant name, ignoring case, or empty if there is none. */
    public static Optional<ProtocolId> ofName(String name) {
        for (ProtocolId protocol : values()) {
            if (protocol.wireName.equalsIgnoreCase(name) || protocol.name().equalsIgnoreCase(name)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }
}
