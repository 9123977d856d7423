/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of protocols, in the order of their ids, with its wire form: a bit vector of at most 256 bits, in which bit
 * <i>i</i> is {@code 0x80 >> (i % 8)} of byte {@code i / 8}. To ask for a protocol costs a shift. Immutable.
 */
public final class ProtocolIdSet extends AbstractSet<ProtocolId> {
    /** The set of none. */
    public static final ProtocolIdSet NONE = new ProtocolIdSet(new ProtocolId[0]);

    /** Longest vector, in bytes. */
    static final int MAX_BYTES = 32;

    private static final int FIRST_BIT = 0x80;

    private final ProtocolId[] members;
    /** Bit <i>i</i> is bit {@code i % 64} of number {@code i / 64}. */
    private final long[] bits = new long[MAX_BYTES / Long.BYTES];

    private ProtocolIdSet(ProtocolId[] members) {
        this.members = members;
        for (ProtocolId member : members) {
            bits[member.id() / Long.SIZE] |= 1L << member.id();
        }
    }

    /** The set of these. */
    public static ProtocolIdSet of(Collection<ProtocolId> protocols) {
        return protocols instanceof ProtocolIdSet set
                ? set
                : new ProtocolIdSet(protocols.stream().distinct().sorted().toArray(ProtocolId[]::new));
    }

    /** Those of this set that the other one has, too; this very set if it has all. */
    ProtocolIdSet common(Set<ProtocolId> other) {
        if (other.containsAll(this)) {
            return this;
        }
        return new ProtocolIdSet(Arrays.stream(members).filter(other::contains).toArray(ProtocolId[]::new));
    }

    @Override
    public boolean contains(@Nullable Object protocol) {
        return protocol instanceof ProtocolId one && (bits[one.id() / Long.SIZE] >>> one.id() & 1) != 0;
    }

    @Override
    public Iterator<ProtocolId> iterator() {
        return Arrays.asList(members).iterator();
    }

    @Override
    public int size() {
        return members.length;
    }

    /** Writes the shortest vector that holds every protocol of the set. */
    void write(BcsWriter out) {
        byte[] vector = new byte[MAX_BYTES];
        int length = 0;
        for (ProtocolId member : members) {
            int index = member.id() / Byte.SIZE;
            vector[index] |= (byte) bit(member);
            length = Math.max(length, index + 1);
        }
        out.bytes(ByteBuffer.wrap(vector, 0, length));
    }

    /** Reads a vector. Bits of protocols that the reader does not know are ignored. */
    static ProtocolIdSet read(BcsReader in) {
        ByteBuffer vector = in.bytes("ProtocolIdSet");
        if (vector.limit() > MAX_BYTES) {
            throw new WireException(
                    "ProtocolIdSet: " + vector.limit() + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        return new ProtocolIdSet(in.known()
                .all()
                .filter(protocol -> {
                    int index = protocol.id() / Byte.SIZE;
                    return index < vector.limit() && (vector.get(index) & bit(protocol)) != 0;
                })
                .toArray(ProtocolId[]::new));
    }

    /** The bit of its byte. */
    private static int bit(ProtocolId protocol) {
        return FIRST_BIT >> (protocol.id() % Byte.SIZE);
    }
}
