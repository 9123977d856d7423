/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes BCS (Binary Canonical Serialization) values into a buffer. Every method advances the buffer's position, returns
 * this writer, and throws {@link java.nio.BufferOverflowException} if the buffer is too small. Works in either byte order
 * of the buffer.
 */
public final class BcsWriter {
    private final ByteBuffer out;

    /**
     * A writer from the buffer's position on.
     *
     * @param out shared
     */
    public BcsWriter(ByteBuffer out) {
        this.out = requireNonNull(out, "out");
    }

    /** One byte, of a value of 0 to 255. */
    public BcsWriter u8(int value) {
        Unsigned.requireU8("u8", value);
        out.put((byte) value);
        return this;
    }

    /** Four bytes, least significant first, of a value of 0 to 2^32 - 1. */
    public BcsWriter u32(long value) {
        putU32(out, value);
        return this;
    }

    /** The shortest form of a value of 0 to 2^32 - 1, seven bits a byte, least significant first. */
    public BcsWriter uleb128(long value) {
        putUleb128(out, value);
        return this;
    }

    /** The index of an enum's variant. */
    public BcsWriter variant(int index) {
        return uleb128(index);
    }

    /**
     * A byte string.
     *
     * @param bytes the bytes between position and limit, which stay where they are
     */
    public BcsWriter bytes(ByteBuffer bytes) {
        uleb128(bytes.remaining());
        out.put(bytes.duplicate());
        return this;
    }

    /** A string, as a byte string of UTF-8. */
    public BcsWriter string(String value) {
        return bytes(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** The one byte of an application protocol. */
    public BcsWriter protocolId(ProtocolId protocol) {
        return u8(protocol.id());
    }

    static void putU32(ByteBuffer out, long value) {
        Unsigned.requireU32("u32", value);
        out.putInt(out.order() == ByteOrder.LITTLE_ENDIAN ? (int) value : Integer.reverseBytes((int) value));
    }

    static void putUleb128(ByteBuffer out, long value) {
        Unsigned.requireU32("uleb128", value);
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** How many bytes a value of 0 to 2^31 - 1 takes as ULEB128. */
    static int uleb128Size(int value) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(value | 1);
        return (bits + 6) / 7;
    }
}
