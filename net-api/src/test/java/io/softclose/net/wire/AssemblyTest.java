/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.assertSameBytes;
import static io.softclose.net.wire.Bytes.filled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class AssemblyTest {
    private static final int LEAST_ROOM = 64;

    @Test
    void itHoldsAtMostTwiceWhatHasArrivedHoweverMuchIsAnnounced() {
        for (int arrived = 0; arrived < 5000; arrived += 7) {
            Assembly assembly = new Assembly();
            ByteBuffer data = filled(arrived);
            while (data.hasRemaining()) {
                int step = Math.min(data.remaining(), 1 + data.position() / 3);
                ByteBuffer piece = data.slice(data.position(), step);
                assertFalse(assembly.take(piece, Integer.MAX_VALUE));
                data.position(data.position() + step);
            }
            int room = assembly.release().capacity();
            assertTrue(room <= Math.max(LEAST_ROOM, 2 * arrived), room + " for " + arrived);
        }
    }

    @Test
    void theLastGrowthIsToExactlyTheWhole() {
        Assembly assembly = new Assembly();

        assertFalse(assembly.take(filled(60), 100));
        assertTrue(assembly.take(filled(40), 100));
        assertEquals(100, assembly.release().capacity());
    }

    @Test
    void onceHalfHasArrivedThereIsRoomForAll() {
        Assembly assembly = new Assembly();

        assertFalse(assembly.take(filled(500), 1000));
        assertEquals(1000, assembly.release().array().length);

        assertFalse(assembly.take(filled(499), 1000));
        assertEquals(499, assembly.release().array().length);
    }

    @Test
    void itTakesNoMoreThanIsMissing() {
        Assembly assembly = new Assembly();
        ByteBuffer data = filled(10);

        assertTrue(assembly.take(data, 4));
        assertEquals(4, data.position());
        assertSameBytes(filled(4), assembly.release());
    }

    @Test
    void itHoldsNothingWhileItIsEmpty() {
        Assembly assembly = new Assembly();
        assertFalse(assembly.take(filled(0), 1000));
        assertEquals(0, assembly.release().capacity());

        assertTrue(assembly.take(filled(100), 100));
        assembly.release();

        assertEquals(0, assembly.count());
        assertEquals(0, assembly.release().capacity());
    }
}
