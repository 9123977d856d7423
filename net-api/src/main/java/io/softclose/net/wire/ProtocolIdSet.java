/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * The wire form of a set of protocols: a bit vector of at most 256 bits, in which bit <i>i</i> is {@code 0x80 >> (i % 8)}
 * of byte {@code i / 8}.
 */
final class ProtocolIdSet {
    /** Longest vector, in bytes. */
    static final int MAX_BYTES = 32;

    private static final int FIRST_BIT = 0x80;

    private ProtocolIdSet() {}

    /** Writes the shortest vector that holds every protocol of the set. */
    static void write(BcsWriter out, Set<ProtocolId> protocols) {
        byte[] bits = new byte[MAX_BYTES];
        int length = 0;
        for (ProtocolId protocol : protocols) {
            int index = protocol.id() / Byte.SIZE;
            bits[index] |= (byte) bit(protocol);
            length = Math.max(length, index + 1);
        }
        out.bytes(ByteBuffer.wrap(bits, 0, length));
    }

    /** Reads a vector. Bits of protocols that AptosNet does not list are ignored. */
    static Set<ProtocolId> read(BcsReader in) {
        ByteBuffer bits = in.bytes("ProtocolIdSet");
        if (bits.limit() > MAX_BYTES) {
            throw new WireException("ProtocolIdSet: " + bits.limit() + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        Set<ProtocolId> protocols = EnumSet.noneOf(ProtocolId.class);
        for (ProtocolId protocol : ProtocolId.values()) {
            int index = protocol.id() / Byte.SIZE;
            if (index < bits.limit() && (bits.get(index) & bit(protocol)) != 0) {
                protocols.add(protocol);
            }
        }
        return protocols;
    }

    /** The bit of its byte. */
    private static int bit(ProtocolId protocol) {
        return FIRST_BIT >> (protocol.id() % Byte.SIZE);
    }
}
