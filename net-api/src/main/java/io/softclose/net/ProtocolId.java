/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An application protocol, carried as one byte in every request and direct-send message, and as one bit in the handshake.
 * AptosNet's are constants here; an application makes its own with {@link #of}. Two ends speak a protocol if both support
 * its id, so two ends of one network give an id the same meaning; an AptosNet peer ignores the bits of ids that it does not
 * know.
 *
 * <p>A protocol is its {@link #id}: two of the same id are equal, whatever their names. Ordered by id. Immutable.
 */
public final class ProtocolId implements Comparable<ProtocolId> {
    /** The lowest id of an application's own protocols. */
    public static final int FIRST_OWN = 64;

    /** The highest id of an application's own protocols. */
    public static final int LAST_OWN = 127;

    private static final int MAX_NAME_LENGTH = 64;

    /** While the constants are made; then nothing is added. */
    private static final List<ProtocolId> LISTED = new ArrayList<>();

    public static final ProtocolId CONSENSUS_RPC_BCS = aptosNet(0, "ConsensusRpcBcs");
    public static final ProtocolId CONSENSUS_DIRECT_SEND_BCS = aptosNet(1, "ConsensusDirectSendBcs");
    public static final ProtocolId MEMPOOL_DIRECT_SEND = aptosNet(2, "MempoolDirectSend");
    public static final ProtocolId STATE_SYNC_DIRECT_SEND = aptosNet(3, "StateSyncDirectSend");
    public static final ProtocolId DISCOVERY_DIRECT_SEND = aptosNet(4, "DiscoveryDirectSend");
    public static final ProtocolId HEALTH_CHECKER_RPC = aptosNet(5, "HealthCheckerRpc");
    public static final ProtocolId CONSENSUS_DIRECT_SEND_JSON = aptosNet(6, "ConsensusDirectSendJson");
    public static final ProtocolId CONSENSUS_RPC_JSON = aptosNet(7, "ConsensusRpcJson");
    public static final ProtocolId STORAGE_SERVICE_RPC = aptosNet(8, "StorageServiceRpc");
    public static final ProtocolId MEMPOOL_RPC = aptosNet(9, "MempoolRpc");
    public static final ProtocolId PEER_MONITORING_SERVICE_RPC = aptosNet(10, "PeerMonitoringServiceRpc");
    public static final ProtocolId CONSENSUS_RPC_COMPRESSED = aptosNet(11, "ConsensusRpcCompressed");
    public static final ProtocolId CONSENSUS_DIRECT_SEND_COMPRESSED = aptosNet(12, "ConsensusDirectSendCompressed");
    public static final ProtocolId NETBENCH_DIRECT_SEND = aptosNet(13, "NetbenchDirectSend");
    public static final ProtocolId NETBENCH_RPC = aptosNet(14, "NetbenchRpc");
    public static final ProtocolId DKG_DIRECT_SEND_COMPRESSED = aptosNet(15, "DKGDirectSendCompressed");
    public static final ProtocolId DKG_DIRECT_SEND_BCS = aptosNet(16, "DKGDirectSendBcs");
    public static final ProtocolId DKG_DIRECT_SEND_JSON = aptosNet(17, "DKGDirectSendJson");
    public static final ProtocolId DKG_RPC_COMPRESSED = aptosNet(18, "DKGRpcCompressed");
    public static final ProtocolId DKG_RPC_BCS = aptosNet(19, "DKGRpcBcs");
    public static final ProtocolId DKG_RPC_JSON = aptosNet(20, "DKGRpcJson");
    public static final ProtocolId JWK_CONSENSUS_DIRECT_SEND_COMPRESSED =
            aptosNet(21, "JWKConsensusDirectSendCompressed");
    public static final ProtocolId JWK_CONSENSUS_DIRECT_SEND_BCS = aptosNet(22, "JWKConsensusDirectSendBcs");
    public static final ProtocolId JWK_CONSENSUS_DIRECT_SEND_JSON = aptosNet(23, "JWKConsensusDirectSendJson");
    public static final ProtocolId JWK_CONSENSUS_RPC_COMPRESSED = aptosNet(24, "JWKConsensusRpcCompressed");
    public static final ProtocolId JWK_CONSENSUS_RPC_BCS = aptosNet(25, "JWKConsensusRpcBcs");
    public static final ProtocolId JWK_CONSENSUS_RPC_JSON = aptosNet(26, "JWKConsensusRpcJson");
    public static final ProtocolId CONSENSUS_OBSERVER = aptosNet(27, "ConsensusObserver");
    public static final ProtocolId CONSENSUS_OBSERVER_RPC = aptosNet(28, "ConsensusObserverRpc");

    /** AptosNet's place-holder. It is a valid byte on the wire, and nothing handles it. */
    public static final ProtocolId UNKNOWN = aptosNet(255, "Unknown");

    private static final List<ProtocolId> APTOS_NET = List.copyOf(LISTED);

    private final int id;
    private final String name;

    private ProtocolId(int id, String name) {
        this.id = id;
        this.name = name;
    }

    private static ProtocolId aptosNet(int id, String name) {
        ProtocolId protocol = new ProtocolId(id, name);
        LISTED.add(protocol);
        return protocol;
    }

    /**
     * A protocol of an application's own. Ids below {@value #FIRST_OWN} are AptosNet's and, from 60 on, kept for extensions
     * of this library.
     *
     * @param id {@value #FIRST_OWN} to {@value #LAST_OWN}
     * @param name for logs and reports, never sent: 1 to 64 printable characters of ASCII without blanks, and not the name
     *     of an AptosNet protocol
     */
    public static ProtocolId of(int id, String name) {
        Require.within("id of an own protocol", id, FIRST_OWN, LAST_OWN);
        boolean printable = requireNonNull(name, "name").chars().allMatch(c -> c > ' ' && c <= '~');
        if (!printable || name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name of protocol " + id + ": \"" + name + "\" (expected: 1 to "
                    + MAX_NAME_LENGTH + " printable characters of ASCII without blanks)");
        }
        ofName(name).ifPresent(taken -> {
            throw new IllegalArgumentException("name of protocol " + id + ": \"" + name
                    + "\" (expected: another one; AptosNet's protocol " + taken.id + " has it)");
        });
        return new ProtocolId(id, name);
    }

    /** Every protocol that AptosNet lists, {@link #UNKNOWN} included, in the order of ids. */
    public static List<ProtocolId> aptosNet() {
        return APTOS_NET;
    }

    /** The byte on the wire, 0 to 255. */
    public int id() {
        return id;
    }

    /** AptosNet's name, for example {@code ConsensusDirectSendBcs}, or the application's. */
    public String name() {
        return name;
    }

    /** Whether it is an application's own. */
    public boolean isOwn() {
        return id >= FIRST_OWN && id <= LAST_OWN;
    }

    /** AptosNet's protocol with this byte, or empty if AptosNet lists none. */
    public static Optional<ProtocolId> ofId(int id) {
        return APTOS_NET.stream().filter(protocol -> protocol.id == id).findFirst();
    }

    /** AptosNet's protocol with this name, ignoring case and underscores, or empty if there is none. */
    public static Optional<ProtocolId> ofName(String name) {
        String plain = plain(name);
        return APTOS_NET.stream()
                .filter(protocol -> plain(protocol.name).equals(plain))
                .findFirst();
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(ProtocolId other) {
        return Integer.compare(id, other.id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtocolId that && id == that.id;
    }

    @Override
    public int hashCode() {
        return id;
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
