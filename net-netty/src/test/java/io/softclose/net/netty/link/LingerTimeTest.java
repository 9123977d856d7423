/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.netty.socket.Sockets;
import org.junit.jupiter.api.Test;

/** From the last sign of life, and in all. */
final class LingerTimeTest {
    private static final long BEGAN = -3;

    private final LingerTime time = new LingerTime(5, 30, BEGAN);

    @Test
    void itIsOverOnceNothingHasHappenedForAWhile() {
        assertEquals(5, time.left(BEGAN));
        assertEquals(1, time.left(BEGAN + 4));
        assertEquals(0, time.left(BEGAN + 5));
        assertEquals(0, time.left(BEGAN + 6));
    }

    @Test
    void eachSignOfLifeLetsItGoOn() {
        for (int i = 4; i <= 24; i += 4) {
            assertEquals(1, time.left(BEGAN + i));
            time.sign(BEGAN + i);
            assertEquals(5, time.left(BEGAN + i));
        }
    }

    @Test
    void itIsOverInTheEndWhateverHappens() {
        for (int i = 0; i <= 40; i++) {
            time.sign(BEGAN + i);
            assertEquals(Math.max(0, Math.min(5, 30 - i)), time.left(BEGAN + i));
        }
    }

    @Test
    void aSignOfLongAgoSaysNothing() {
        time.sign(BEGAN + 4);
        time.sign(BEGAN + 2);
        time.sign(BEGAN - Sockets.NEVER);

        assertEquals(5, time.left(BEGAN + 4));
    }

    @Test
    void itMayTakeForEver() {
        LingerTime patient = new LingerTime(Long.MAX_VALUE, Long.MAX_VALUE, BEGAN);

        assertEquals(Long.MAX_VALUE - 1000, patient.left(BEGAN + 1000));
    }
}
