/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that one link has lent. One that is given back has its used bytes overwritten, so that whoever still needs
 * them is found out; then it may be lent again, by any simulation, since direct memory is dear.
 */
public final class SimBuffers {
    private static final int POOLED_SIZE = 128 * 1024;
    private static final int MOST_POOLED = 64;
    private static final byte OVERWRITTEN = (byte) 0xA5;
    private static final Queue<ByteBuffer> POOL = new ArrayBlockingQueue<>(MOST_POOLED);
    private static final byte[] OVERWRITE = new byte[8 * 1024];

    static {
        Arrays.fill(OVERWRITE, OVERWRITTEN);
    }

    /** Each with the end of the bytes that were ever written from it. */
    private final IdentityHashMap<ByteBuffer, Integer> lent = new IdentityHashMap<>();

    private final SimMemory memory;
    private long refusals;

    public SimBuffers(SimMemory memory) {
        this.memory = memory;
    }

    public ByteBuffer lend(int size) {
        refusals++;
        memory.take();
        refusals--;
        ByteBuffer pooled = size == POOLED_SIZE ? POOL.poll() : null;
        ByteBuffer buffer = pooled == null ? ByteBuffer.allocateDirect(size) : pooled.clear();
        lent.put(buffer, 0);
        return buffer;
    }

    /** Bytes up to this index were written from a buffer, which need not be a lent one. */
    void used(ByteBuffer buffer, int end) {
        lent.computeIfPresent(buffer, (same, before) -> Math.max(before, end));
    }

    /** Takes a buffer back; false if it was not lent. */
    public boolean takeBack(ByteBuffer buffer) {
        @Nullable Integer used = lent.remove(buffer);
        if (used == null) {
            return false;
        }
        buffer.clear();
        for (int at = 0; at < used; at += OVERWRITE.length) {
            buffer.put(at, OVERWRITE, 0, Math.min(OVERWRITE.length, used - at));
        }
        if (buffer.capacity() == POOLED_SIZE) {
            POOL.offer(buffer);
        }
        return true;
    }

    /** How many loans were refused. */
    public long refusals() {
        return refusals;
    }

    public SimMemory memory() {
        return memory;
    }

    public int count() {
        return lent.size();
    }
}
