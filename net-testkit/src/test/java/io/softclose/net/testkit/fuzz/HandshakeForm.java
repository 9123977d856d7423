/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The handshake's rules once more, by hand and without the codec, for comparison with it. */
final class HandshakeForm {
    private static final int LAST_VERSION = 127;
    private static final int MOST_SET_BYTES = 32;
    private static final int PRIVATE = 2;
    private static final int LAST_KIND = 4;

    private final ByteBuffer in;
    private final FuzzScript normal = new FuzzScript();

    private HandshakeForm(ByteBuffer in) {
        this.in = in;
    }

    /** Not a handshake. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The message's one form, in hexadecimal: without bits of protocols that nobody knows, each set as short as it can be;
     * null if these bytes are no message.
     */
    static @Nullable String normal(byte[] body) {
        HandshakeForm form = new HandshakeForm(ByteBuffer.wrap(body));
        try {
            form.read();
        } catch (Malformed refused) {
            return null;
        }
        return HexFormat.of().formatHex(form.normal.toBytes());
    }

    private void read() throws Malformed {
        long versions = number();
        put(versions);
        int last = -1;
        for (long i = 0; i < versions; i++) {
            int version = u8();
            require(version > last && version <= LAST_VERSION);
            normal.u8(version);
            last = version;
            byte[] known = set();
            put(known.length);
            normal.bytes(known);
        }
        normal.u8(u8());
        int kind = u8();
        require(kind <= LAST_KIND);
        normal.u8(kind);
        if (kind == PRIVATE) {
            name();
        }
        require(!in.hasRemaining());
    }

    private byte[] set() throws Malformed {
        byte[] bits = bytes();
        require(bits.length <= MOST_SET_BYTES);
        byte[] known = new byte[MOST_SET_BYTES];
        int used = 0;
        for (int i = 0; i < bits.length * Byte.SIZE; i++) {
            int bit = 0x80 >> i % Byte.SIZE;
            if ((bits[i / Byte.SIZE] & bit) != 0 && ProtocolId.ofId(i).isPresent()) {
                known[i / Byte.SIZE] |= (byte) bit;
                used = i / Byte.SIZE + 1;
            }
        }
        return Arrays.copyOf(known, used);
    }

    private void name() throws Malformed {
        byte[] name = bytes();
        require(name.length > 0);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
        } catch (CharacterCodingException e) {
            throw new Malformed();
        }
        put(name.length);
        normal.bytes(name);
    }

    private byte[] bytes() throws Malformed {
        long length = number();
        require(length <= in.remaining());
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    /** A ULEB128, of which only the shortest form of a u32 is one. */
    private long number() throws Malformed {
        long value = 0;
        for (int i = 0; i < 5; i++) {
            int next = u8();
            value += (next & 0x7fL) << (7 * i);
            if (next < 0x80) {
                require((i == 0 || next > 0) && value < 1L << Integer.SIZE);
                return value;
            }
        }
        throw new Malformed();
    }

    private void put(long number) {
        for (long rest = number; ; rest >>>= 7) {
            if (rest < 0x80) {
                normal.u8((int) rest);
                return;
            }
            normal.u8((int) ((rest & 0x7f) | 0x80));
        }
    }

    private int u8() throws Malformed {
        require(in.hasRemaining());
        return in.get() & 0xff;
    }

    private static void require(boolean condition) throws Malformed {
        if (!condition) {
            throw new Malformed();
        }
    }
}
