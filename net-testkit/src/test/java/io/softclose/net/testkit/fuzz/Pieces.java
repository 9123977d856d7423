/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** How a stream of bytes is cut into what arrives at once: the input decides, byte by byte, and so the fuzzer does. */
final class Pieces {
    private static final int MOST_CUTS = 16;
    private static final int MARGIN = 3;

    private final boolean direct;
    private final ByteOrder order;
    private final byte[] cuts;
    private int next;

    /** Reads a byte of flags, the number of cuts, and a byte for each. */
    Pieces(FuzzInput input) {
        int flags = input.u8();
        direct = FuzzInput.bit(flags, 0);
        order = FuzzInput.bit(flags, 1) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        cuts = input.bytes(input.u8() % MOST_CUTS);
    }

    /** The next piece of a stream from an index on: a buffer of its own, with bytes around that are nobody's. */
    ByteBuffer next(byte[] stream, int from) {
        int size = Math.min(size(), stream.length - from);
        int room = size + 2 * MARGIN;
        ByteBuffer piece = direct ? ByteBuffer.allocateDirect(room) : ByteBuffer.wrap(filled(room));
        piece.position(MARGIN).put(stream, from, size).flip().position(MARGIN);
        return piece.order(order);
    }

    /** Whether the piece that was cut last has its highest bit set, which is the target's to use. */
    boolean marked() {
        return cuts.length > 0 && cuts[(next + cuts.length - 1) % cuts.length] < 0;
    }

    private int size() {
        if (cuts.length == 0) {
            return Integer.MAX_VALUE;
        }
        int size = cuts[next] & 0x7f;
        next = (next + 1) % cuts.length;
        return Math.max(1, size);
    }

    private static byte[] filled(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 0xA5);
        return bytes;
    }
}
