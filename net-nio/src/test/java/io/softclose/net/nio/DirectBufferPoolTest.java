/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.nio.base.DirectBufferPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class DirectBufferPoolTest {
    private static final int KIB = 1024;

    private final DirectBufferPool pool = new DirectBufferPool(64 * KIB);

    @Test
    void aReleasedBufferIsLentAgainAsIfNew() {
        ByteBuffer first = pool.lend(5000);
        pool.release(first.order(ByteOrder.LITTLE_ENDIAN).position(3).limit(9));

        ByteBuffer second = pool.lend(8 * KIB);

        assertSame(first, second);
        assertEquals(0, second.position());
        assertEquals(8 * KIB, second.limit());
        assertEquals(ByteOrder.BIG_ENDIAN, second.order());
    }

    @Test
    void buffersAreAsLargeAsAskedAndLessThanTwice() {
        for (int size : new int[] {4 * KIB + 1, 8 * KIB - 1, 8 * KIB, 1 << 20, (1 << 22) - 1, 1 << 22}) {
            int capacity = pool.lend(size).capacity();
            assertTrue(capacity >= size && capacity < 2L * size, capacity + " for " + size);
        }
        assertEquals(4 * KIB, pool.lend(0).capacity());
        assertEquals((1 << 22) + 1, pool.lend((1 << 22) + 1).capacity());
    }

    @Test
    void noMoreIsKeptThanTheBound() {
        ByteBuffer[] lent = new ByteBuffer[10];
        for (int i = 0; i < lent.length; i++) {
            lent[i] = pool.lend(16 * KIB);
        }
        assertEquals(10, pool.lentBuffers());
        for (ByteBuffer buffer : lent) {
            pool.release(buffer);
        }

        assertEquals(0, pool.lentBuffers());
        assertEquals(64 * KIB, pool.freeBytes());
        pool.release(pool.lend(1 << 23));
        assertEquals(64 * KIB, pool.freeBytes());
    }

    @Test
    void aBufferIsReleasedOnce() {
        ByteBuffer buffer = pool.lend(100);
        pool.release(buffer);

        assertThrows(IllegalArgumentException.class, () -> pool.release(buffer));

        assertNotSame(pool.lend(100), pool.lend(100));
    }

    @Test
    void aBufferOfSomebodyElseIsRefused() {
        pool.lend(4 * KIB);

        assertThrows(IllegalArgumentException.class, () -> pool.release(ByteBuffer.allocateDirect(4 * KIB)));
        assertThrows(IllegalArgumentException.class, () -> pool.lend(-1));
    }
}
