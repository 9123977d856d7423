/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.NetworkId;
import io.softclose.net.NetworkId.Kind;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What each end says first on a connection: AptosNet's handshake v1.
 *
 * <p>AptosNet's enum of messaging protocol versions has the one variant V1, and a decoder made from it fails at any other.
 * Here other versions, up to {@value #MAX_VERSION}, are kept as numbers: every version has the same content, so a peer
 * that offers a later one as well can still be understood, and one that offers nothing else is refused with a reason
 * instead of as malformed.
 *
 * @param supportedProtocols the application protocols by messaging protocol version, which is the BCS variant index:
 *     {@value #VERSION_1} is V1. Copied
 * @param chainId 0 to 255
 * @param networkId which network the node belongs to
 */
public record HandshakeMsg(Map<Integer, Set<ProtocolId>> supportedProtocols, int chainId, NetworkId networkId) {
    /** The variant index of messaging protocol version 1. */
    public static final int VERSION_1 = 0;

    /** The highest variant index that takes one byte, in which the order of numbers is that of encoded keys. */
    static final int MAX_VERSION = 0x7f;

    /** Size of the length before the message, in bytes. */
    static final int PREFIX_BYTES = Short.BYTES;

    /** By variant index. */
    private static final List<Kind> NETWORK_KINDS =
            List.of(Kind.VALIDATOR, Kind.PUBLIC, Kind.PRIVATE, Kind.VFN, Kind.NEW_PUBLIC);

    /** A version, and its set's length. */
    private static final int MAX_ENTRY_OVERHEAD = 2;

    /** Length prefix, map's count, chain id, network id's variant, its name's length. */
    private static final int MAX_OVERHEAD = PREFIX_BYTES + 2 + 1 + 1 + 5;

    /** UTF-8 has at most this many bytes for a char. */
    private static final int MAX_UTF8_BYTES = 3;

    /** Checks the numbers' ranges. */
    public HandshakeMsg {
        NavigableMap<Integer, Set<ProtocolId>> copy = new TreeMap<>();
        supportedProtocols.forEach((version, protocols) -> {
            if (version < 0 || version > MAX_VERSION) {
                throw new IllegalArgumentException("version: " + version + " (expected: 0 to " + MAX_VERSION + ")");
            }
            copy.put(version, ProtocolIdSet.of(protocols));
        });
        supportedProtocols = Collections.unmodifiableMap(copy);
        Unsigned.requireU8("chainId", chainId);
        requireNonNull(networkId, "networkId");
    }

    /** The message of a node that speaks messaging protocol version 1. */
    public static HandshakeMsg v1(Set<ProtocolId> protocols, int chainId, NetworkId networkId) {
        return new HandshakeMsg(Map.of(VERSION_1, protocols), chainId, networkId);
    }

    /**
     * The whole message, with the two bytes of its length before it.
     *
     * @return a heap buffer, ready to be read
     * @throws IllegalArgumentException if the network's name makes it longer than 65 535 bytes
     */
    public ByteBuffer encode() {
        int mapBytes = supportedProtocols.size() * (MAX_ENTRY_OVERHEAD + ProtocolIdSet.MAX_BYTES);
        int nameBytes = Math.multiplyExact(MAX_UTF8_BYTES, networkId.name().length());
        ByteBuffer frame = ByteBuffer.allocate(Math.addExact(MAX_OVERHEAD + mapBytes, nameBytes));
        frame.position(PREFIX_BYTES);
        write(new BcsWriter(frame));
        frame.flip();
        int length = frame.limit() - PREFIX_BYTES;
        if (length > Unsigned.MAX_U16) {
            throw new IllegalArgumentException(
                    "handshake: " + length + " bytes (expected: at most " + Unsigned.MAX_U16 + ")");
        }
        return frame.putShort(0, (short) length);
    }

    /**
     * The message of these bytes. Bits of protocols that are not known are ignored.
     *
     * @param known those that are
     * @param body exactly the message's bytes between position and limit, without the length before them; consumed
     * @throws WireException if they are no such message
     */
    public static HandshakeMsg decode(ByteBuffer body, KnownProtocols known) {
        BcsReader in = new BcsReader(body, known);
        HandshakeMsg message = new HandshakeMsg(readProtocols(in), in.u8("chain_id"), readNetworkId(in));
        in.finish();
        return message;
    }

    /**
     * What this end, having sent this message, and its peer have in common: the protocols of the highest version in which
     * they share any. Checks the chain first, then the network, the version, the protocols, as AptosNet does.
     *
     * @param peer what the peer sent
     * @return at least one protocol
     * @throws HandshakeException with the first check that fails, and the values of both ends
     */
    public ProtocolIdSet negotiate(HandshakeMsg peer) {
        if (peer.chainId != chainId) {
            throw refused(Failure.INVALID_CHAIN_ID, "chain id", peer.chainId, chainId);
        }
        if (!peer.networkId.equals(networkId)) {
            throw refused(Failure.INVALID_NETWORK_ID, "network id", peer.networkId, networkId);
        }
        NavigableMap<Integer, Set<ProtocolId>> common = new TreeMap<>(supportedProtocols);
        common.keySet().retainAll(peer.supportedProtocols.keySet());
        if (common.isEmpty()) {
            throw refused(
                    Failure.NO_COMMON_VERSION,
                    "versions",
                    peer.supportedProtocols.keySet(),
                    "one of " + supportedProtocols.keySet());
        }
        for (var offer : common.descendingMap().entrySet()) {
            Set<ProtocolId> theirs = peer.supportedProtocols.getOrDefault(offer.getKey(), Set.of());
            ProtocolIdSet shared = ProtocolIdSet.of(offer.getValue()).common(theirs);
            if (!shared.isEmpty()) {
                return shared;
            }
        }
        throw refused(
                Failure.NO_COMMON_PROTOCOLS,
                "protocols",
                peer.protocolsOfAllVersions(),
                "one of " + protocolsOfAllVersions());
    }

    private Set<ProtocolId> protocolsOfAllVersions() {
        Set<ProtocolId> all = new TreeSet<>();
        supportedProtocols.values().forEach(all::addAll);
        return all;
    }

    private void write(BcsWriter out) {
        out.uleb128(supportedProtocols.size());
        supportedProtocols.forEach((version, protocols) -> {
            out.variant(version);
            ProtocolIdSet.of(protocols).write(out);
        });
        out.u8(chainId);
        out.variant(NETWORK_KINDS.indexOf(networkId.kind()));
        if (networkId.kind() == Kind.PRIVATE) {
            out.string(networkId.name());
        }
    }

    private static Map<Integer, Set<ProtocolId>> readProtocols(BcsReader in) {
        NavigableMap<Integer, Set<ProtocolId>> protocols = new TreeMap<>();
        long count = in.uleb128("supported_protocols");
        for (long i = 0; i < count; i++) {
            int version = in.variant("MessagingProtocolVersion", MAX_VERSION + 1);
            if (!protocols.isEmpty() && version <= protocols.lastKey()) {
                throw new WireException("supported_protocols: version " + version + " after " + protocols.lastKey()
                        + " (expected: ascending versions)");
            }
            protocols.put(version, ProtocolIdSet.read(in));
        }
        return protocols;
    }

    private static NetworkId readNetworkId(BcsReader in) {
        Kind kind = NETWORK_KINDS.get(in.variant("NetworkId", NETWORK_KINDS.size()));
        if (kind != Kind.PRIVATE) {
            return new NetworkId(kind, "");
        }
        String name = in.string("network name");
        if (name.isEmpty()) {
            throw new WireException("network name: \"\" (expected: a name for a private network)");
        }
        return NetworkId.privateNetwork(name);
    }

    private static HandshakeException refused(Failure failure, String what, Object theirs, Object ours) {
        return new HandshakeException(
                failure, "peer's " + what + ": " + PeerText.of(theirs) + " (expected: " + ours + ")");
    }
}
