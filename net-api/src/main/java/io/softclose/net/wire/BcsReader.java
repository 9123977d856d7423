/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads BCS (Binary Canonical Serialization) values from a buffer, strictly: of all byte strings that could stand for a
 * value, only the one that {@link BcsWriter} writes is taken. Nothing is allocated by a length before that many bytes
 * are there. Every method advances the buffer's position and throws {@link WireException} for bytes that are no such
 * value; each takes the name of the field, for that exception's message. Works in either byte order of the buffer.
 */
public final class BcsReader {
    private static final int ULEB128_MAX_BYTES = 5;

    private final ByteBuffer in;
    private final KnownProtocols known;
    private final boolean keeps;

    /**
     * A reader of the bytes between position and limit.
     *
     * @param in what is read of it is copied
     * @param known which protocol a byte stands for
     */
    public BcsReader(ByteBuffer in, KnownProtocols known) {
        this(in, known, false);
    }

    /**
     * As {@link #BcsReader(ByteBuffer, KnownProtocols)}.
     *
     * @param keeps whether byte strings share the buffer's bytes, which then stay as they are
     */
    BcsReader(ByteBuffer in, KnownProtocols known, boolean keeps) {
        this.in = requireNonNull(in, "in");
        this.known = requireNonNull(known, "known");
        this.keeps = keeps;
    }

    /** One byte, 0 to 255. */
    public int u8(String field) {
        requireLeft(field, Byte.BYTES);
        return in.get() & 0xff;
    }

    /** Four bytes, least significant first, 0 to 2^32 - 1. */
    public long u32(String field) {
        requireLeft(field, Integer.BYTES);
        int value = in.getInt();
        return Integer.toUnsignedLong(in.order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value));
    }

    /** A number of 1 to 5 bytes, seven bits each, least significant first; 0 to 2^32 - 1, without padding. */
    public long uleb128(String field) {
        long value = 0;
        for (int i = 0; i < ULEB128_MAX_BYTES; i++) {
            int next = u8(field);
            value |= (long) (next & 0x7f) << (7 * i);
            if (next < 0x80) {
                if (next == 0 && i > 0) {
                    throw new WireException(field + ": ULEB128 padded to " + (i + 1) + " bytes (expected: the shortest"
                            + " form of " + value + ")");
                }
                return requireU32(field, value);
            }
        }
        throw new WireException(field + ": ULEB128 of more than 5 bytes (expected: a u32)");
    }

    /**
     * The index of an enum's variant.
     *
     * @param variants how many variants the enum has
     */
    public int variant(String type, int variants) {
        long index = uleb128(type);
        if (index >= variants) {
            throw new WireException(type + ": variant " + index + " (expected: 0 to " + (variants - 1) + ")");
        }
        return (int) index;
    }

    /**
     * A byte string.
     *
     * @return a copy in an array of its own, or the buffer's bytes if they are kept, with position 0 and limit and capacity at
     *     its length
     */
    public ByteBuffer bytes(String field) {
        long length = uleb128(field);
        if (length > in.remaining()) {
            throw new WireException(
                    field + ": length " + length + " (expected: at most the " + in.remaining() + " bytes left)");
        }
        int size = (int) length;
        if (keeps) {
            ByteBuffer shared = in.slice(in.position(), size);
            in.position(in.position() + size);
            return shared;
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** A string: a byte string that is valid UTF-8. */
    public String string(String field) {
        ByteBuffer bytes = bytes(field);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new WireException(field + ": " + bytes.capacity() + " bytes that are no UTF-8 (expected: UTF-8)");
        }
    }

    /** The one byte of an application protocol that is known. */
    public ProtocolId protocolId() {
        int id = u8("protocol_id");
        ProtocolId protocol = known.at(id);
        if (protocol == null) {
            throw new WireException("protocol_id: " + id + " (expected: a known protocol)");
        }
        return protocol;
    }

    /** Which protocol a byte stands for. */
    KnownProtocols known() {
        return known;
    }

    /** Checks that no byte is left: BCS has no room for more than the value. */
    public void finish() {
        if (in.hasRemaining()) {
            throw new WireException(in.remaining() + " bytes after the value (expected: none)");
        }
    }

    private static long requireU32(String field, long value) {
        if (value > Unsigned.MAX_U32) {
            throw new WireException(field + ": ULEB128 " + value + " (expected: a u32)");
        }
        return value;
    }

    private void requireLeft(String field, int bytes) {
        if (in.remaining() < bytes) {
            throw new WireException(field + ": " + in.remaining() + " bytes left (expected: " + bytes + ")");
        }
    }
}
