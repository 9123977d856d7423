/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

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
    private final ArrayDeque<ByteBuffer>[] free;
    // By identity: the equality of buffers is that of their content. It adds no allocation to a loan.
    private final Set<ByteBuffer> lent = Collections.newSetFromMap(new IdentityHashMap<>());
    private long freeBytes;

    /** A pool that keeps at most this many bytes while they are not lent. */
    public DirectBufferPool(long maxFreeBytes) {
        this.maxFreeBytes = maxFreeBytes;
        @SuppressWarnings({"unchecked", "rawtypes"})
        ArrayDeque<ByteBuffer>[] classes = new ArrayDeque[MAX_SHIFT - MIN_SHIFT + 1];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new ArrayDeque<>();
        }
        free = classes;
    }

    /** A cleared big-endian buffer of at least this capacity. */
    public ByteBuffer lend(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
        }
        int index = sizeClass(size);
        ByteBuffer buffer = index < free.length ? free[index].pollLast() : null;
        if (buffer != null) {
            freeBytes -= buffer.capacity();
        } else {
            buffer = ByteBuffer.allocateDirect(index < free.length ? 1 << (index + MIN_SHIFT) : size);
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
        if (index < free.length && freeBytes + capacity <= maxFreeBytes) {
            free[index].addLast(buffer);
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
