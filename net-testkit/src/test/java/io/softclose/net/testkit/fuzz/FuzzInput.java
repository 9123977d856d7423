/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A fuzzer's bytes, read as choices, first to last. Behind the last byte every choice is 0, so that every input means
 * something and a shorter one means less. {@link FuzzScript} writes what this reads.
 */
final class FuzzInput {
    private final byte[] bytes;
    private int at;

    FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether nothing is left to choose from. */
    boolean exhausted() {
        return at >= bytes.length;
    }

    /** 0 to 255. */
    int u8() {
        return exhausted() ? 0 : bytes[at++] & 0xff;
    }

    /** 0 to 65 535. */
    int u16() {
        return u8() << Byte.SIZE | u8();
    }

    /** Any int. */
    int i32() {
        return u16() << Short.SIZE | u16();
    }

    /** Bit {@code index} of a byte that was read. */
    static boolean bit(int value, int index) {
        return (value >> index & 1) != 0;
    }

    /** One of these. */
    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[u8() % choices.length];
    }

    /** The next bytes, fewer if fewer are left. */
    byte[] bytes(int count) {
        byte[] next = Arrays.copyOfRange(bytes, Math.min(at, bytes.length), Math.min(at + count, bytes.length));
        at += next.length;
        return next;
    }

    /** All that is left. */
    byte[] rest() {
        return bytes(bytes.length - at);
    }

    /** This many bytes that differ from their neighbours, so that one in the wrong place is noticed. */
    static byte[] filler(int size, int start) {
        ByteBuffer filler = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            filler.put((byte) (start + i * 31 + i / 251));
        }
        return filler.array();
    }
}
