/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

import java.nio.ByteBuffer;

/** Bytes in the order they came, in a ring that grows. */
final class ByteQueue {
    private byte[] ring = new byte[256];
    private int first;
    private int count;

    int size() {
        return count;
    }

    void clear() {
        count = 0;
    }

    /** Adds bytes from a buffer's position on, and advances the position. */
    void add(ByteBuffer source, int bytes) {
        reserve(bytes);
        int at = (first + count) & (ring.length - 1);
        int straight = Math.min(bytes, ring.length - at);
        source.get(ring, at, straight);
        source.get(ring, 0, bytes - straight);
        count += bytes;
    }

    /** Adds all of these bytes. */
    void add(byte[] bytes) {
        add(ByteBuffer.wrap(bytes), bytes.length);
    }

    /** Removes the first bytes, of which there must be as many. */
    byte[] take(int bytes) {
        byte[] taken = new byte[bytes];
        int straight = Math.min(bytes, ring.length - first);
        System.arraycopy(ring, first, taken, 0, straight);
        System.arraycopy(ring, 0, taken, straight, bytes - straight);
        first = (first + bytes) & (ring.length - 1);
        count -= bytes;
        return taken;
    }

    private void reserve(int bytes) {
        if (count + bytes <= ring.length) {
            return;
        }
        byte[] larger = new byte[Integer.highestOneBit(count + bytes - 1) << 1];
        int had = count;
        System.arraycopy(take(had), 0, larger, 0, had);
        ring = larger;
        first = 0;
        count = had;
    }
}
