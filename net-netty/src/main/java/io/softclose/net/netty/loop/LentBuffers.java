/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that links of one loop have lent, each with the buffer of Netty's whose bytes it shows. Netty pools them.
 * Confined to the loop.
 */
public final class LentBuffers {
    private final ByteBufAllocator allocator;
    // By identity: the equality of buffers is that of their content.
    private final IdentityHashMap<ByteBuffer, ByteBuf> lent = new IdentityHashMap<>();

    LentBuffers(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** A big-endian buffer of at least this capacity, at position 0. */
    public ByteBuffer lend(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
        }
        // Netty has one buffer of no bytes for everybody.
        ByteBuf memory = allocator.directBuffer(Math.max(1, size));
        ByteBuffer buffer = memory.nioBuffer(0, memory.capacity()).order(ByteOrder.BIG_ENDIAN);
        lent.put(buffer, memory);
        return buffer;
    }

    /**
     * Takes a buffer back; writes that are still on their way keep its memory.
     *
     * @throws IllegalArgumentException if it is not on loan: freeing it twice would free another's
     */
    public void release(ByteBuffer buffer) {
        ByteBuf memory = lent.remove(buffer);
        if (memory == null) {
            throw new IllegalArgumentException("buffer: " + buffer + " (expected: one on loan from this loop)");
        }
        memory.release();
    }

    /** The memory that this buffer shows, index for index; null if it is not on loan from here. */
    @Nullable
    public ByteBuf memoryOf(ByteBuffer buffer) {
        return lent.get(buffer);
    }

    /** Memory for bytes that are copied. */
    public ByteBuf allocate(int size) {
        return allocator.directBuffer(size, size);
    }

    /** How many are on loan. For tests. */
    int count() {
        return lent.size();
    }
}
