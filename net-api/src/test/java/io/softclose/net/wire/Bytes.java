/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Bytes for tests: written in hexadecimal, filled, joined, damaged. */
final class Bytes {
    private Bytes() {}

    /** The bytes of hexadecimal digits; spaces are for the reader. */
    static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    static String toHex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(toArray(bytes));
    }

    static byte[] toArray(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return array;
    }

    static ByteBuffer copyOf(ByteBuffer bytes) {
        return ByteBuffer.wrap(toArray(bytes));
    }

    static ByteBuffer directCopyOf(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes.duplicate())
                .flip();
    }

    /** Bytes that differ from their neighbours, so that one in the wrong place is noticed. */
    static ByteBuffer filled(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return ByteBuffer.wrap(bytes);
    }

    static ByteBuffer random(SplittableRandom random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    static ByteBuffer join(ByteBuffer... parts) {
        int size = 0;
        for (ByteBuffer part : parts) {
            size += part.remaining();
        }
        ByteBuffer joined = ByteBuffer.allocate(size);
        for (ByteBuffer part : parts) {
            joined.put(part.duplicate());
        }
        return joined.flip();
    }

    /** What a value's writer writes. */
    static ByteBuffer written(Consumer<BcsWriter> value) {
        ByteBuffer out = ByteBuffer.allocate(1024);
        value.accept(new BcsWriter(out));
        return out.flip();
    }

    /** The bytes with one to four random changes: a byte replaced, a bit turned, bytes cut off, taken out or put in. */
    static ByteBuffer damaged(SplittableRandom random, ByteBuffer bytes) {
        ByteBuffer result = copyOf(bytes);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            result = damagedOnce(random, result);
        }
        return result;
    }

    private static ByteBuffer damagedOnce(SplittableRandom random, ByteBuffer bytes) {
        int size = bytes.remaining();
        if (size == 0) {
            return random(random, 1);
        }
        int at = random.nextInt(size);
        return switch (random.nextInt(5)) {
            case 0 -> bytes.put(at, (byte) random.nextInt());
            case 1 -> bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
            case 2 -> copyOf(bytes.duplicate().limit(at));
            case 3 -> join(bytes.slice(0, at), bytes.slice(at + 1, size - at - 1));
            default -> join(bytes.slice(0, at), random(random, random.nextInt(1, 6)), bytes.slice(at, size - at));
        };
    }

    /** Compares byte by byte, and says the difference in hexadecimal. */
    static void assertSameBytes(ByteBuffer expected, ByteBuffer actual) {
        assertEquals(toHex(expected), toHex(actual));
    }
}
