/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import io.softclose.net.spi.LosslessQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Direct buffers of one loop, in sizes of powers of two, lent and taken back. Allocating a direct buffer costs a system
 * call, a clearing and a cleaner, so the pool keeps a bounded number of bytes for the next borrower. Confined to the
 * loop.
 */
public final class DirectBufferPool {
    /** The smallest buffers, 4 KiB: less would not save a page. */
    private static final int MIN_SHIFT = 12;
    /** The largest pooled buffers, 4 MiB; larger ones are made for each loan. */
    private static final int MAX_SHIFT = 22;

    private final long maxFreeBytes;
    /** By size; what came back last is lent first, for it may be in a cache still. */
    private final List<LosslessQueue<ByteBuffer>> free = Stream.generate(LosslessQueue<ByteBuffer>::new)
            .limit(MAX_SHIFT - MIN_SHIFT + 1)
            .toList();

    // By identity: the equality of buffers is that of their content. It adds no allocation to a loan.
    private final Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());
    private long freeBytes;

    /** A pool that keeps at most this many bytes while they are not lent. */
    public DirectBufferPool(long maxFreeBytes) {
        this.maxFreeBytes = maxFreeBytes;
    }

    /** A cleared big-endian buffer of at least this capacity. */
    public ByteBuffer lend(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
        }
        int index = sizeClass(size);
        ByteBuffer buffer = index < free.size() ? free.get(index).poll() : null;
        if (buffer != null) {
            freeBytes -= buffer.capacity();
        } else {
            buffer = ByteBuffer.allocateDirect(index < free.size() ? 1 << (index + MIN_SHIFT) : size);
        }
        lent.add(buffer);
        return buffer.clear().order(ByteOrder.BIG_ENDIAN);
    }

    /**
     * Takes a buffer back.
     *
     * @throws IllegalArgumentException if it is not on loan: pooling it twice would lend it to two at a time
     */
    public void release(ByteBuffer buffer) {
        if (!lent.remove(buffer)) {
            throw new IllegalArgumentException("buffer: " + buffer + " (expected: one on loan from this loop)");
        }
        int capacity = buffer.capacity();
        int index = sizeClass(capacity);
        if (index < free.size() && freeBytes + capacity <= maxFreeBytes) {
            free.get(index).addFirst(buffer);
            freeBytes += capacity;
        }
    }

    public int lentBuffers() {
        return lent.size();
    }

    public long freeBytes() {
        return freeBytes;
    }

    /** The index of the smallest class that holds the size; one past the last if none does. */
    private static int sizeClass(int size) {
        int shift = size <= 1 << MIN_SHIFT ? MIN_SHIFT : Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
        return Math.min(shift, MAX_SHIFT + 1) - MIN_SHIFT;
    }
}
