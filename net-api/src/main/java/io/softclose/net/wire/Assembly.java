/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects a known number of bytes that arrive in pieces. Its room grows with what has arrived, to at most twice
 * that or 64 bytes, never with what was announced; it holds nothing while it is empty.
 */
final class Assembly {
    private static final byte[] NOTHING = new byte[0];
    /** Room to start with, in bytes, so that a trickle of single bytes does not grow it each time. */
    private static final int LEAST_ROOM = 64;

    private byte[] bytes = NOTHING;
    private int count;

    /** How many bytes have been collected. */
    int count() {
        return count;
    }

    /**
     * Takes as many bytes as are there and as are missing.
     *
     * @param whole how many bytes there will be in all
     * @return whether all are there
     */
    boolean take(ByteBuffer data, int whole) {
        int taken = Math.min(data.remaining(), whole - count);
        makeRoom(count + taken, whole);
        data.get(bytes, count, taken);
        count += taken;
        return count == whole;
    }

    /** Gives away what was collected and is empty again. */
    ByteBuffer release() {
        ByteBuffer collected = ByteBuffer.wrap(bytes, 0, count);
        bytes = NOTHING;
        count = 0;
        return collected;
    }

    private void makeRoom(int needed, int whole) {
        if (needed > bytes.length) {
            // All of it as soon as that is no more than twice what has arrived: to grow is to move it.
            long room = 2L * needed >= whole ? whole : Math.max(needed, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(whole, Math.max(LEAST_ROOM, room)));
        }
    }
}
