/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How large a send buffer is to be. */
class SendBufferTest {
    private static final long START = Long.MAX_VALUE - 1000;

    private final SendBuffer buffer = new SendBuffer();
    private long now = START;

    /** The buffer is full again after so many milliseconds, in which so many bytes were taken. */
    private int fullAfter(long millis, long taken) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        return buffer.full(taken, now);
    }

    @Test
    void whatIsTakenBeforeItIsFullSaysNothing() {
        assertEquals(0, fullAfter(0, 4 << 20));
    }

    @Test
    void aSlowPathHasWhatLeavesInAQuarterOfASecond() {
        fullAfter(0, 4 << 20);

        // 1.25 MB a second, 10 Mbit/s, of which Linux holds twice the size that is asked for.
        assertEquals(156_250, fullAfter(1_000, 1_250_000));
    }

    @Test
    void aFastPathIsLeftAlone() {
        fullAfter(0, 4 << 20);

        assertEquals(0, fullAfter(1_000, 12_500_000));
        assertEquals(0, fullAfter(250, 3_000_000));
    }

    @Test
    void aVerySlowPathHasTheLeast() {
        fullAfter(0, 4 << 20);

        assertEquals(SendBuffer.LEAST_BYTES, fullAfter(10_000, 10));
    }

    @Test
    void lessThanAQuarterOfASecondIsTooShortToTell() {
        fullAfter(0, 4 << 20);

        assertEquals(0, fullAfter(100, 10_000));
        assertEquals(0, fullAfter(100, 10_000));
        // 400 000 bytes in 300 ms.
        assertEquals(166_666, fullAfter(100, 380_000));
    }

    @Test
    void aPathThatBecomesFasterHasTheMostThatSystemsGrant() {
        fullAfter(0, 4 << 20);
        fullAfter(1_000, 500_000);

        assertEquals(SendBuffer.MOST_BYTES, fullAfter(1_000, 100_000_000));
        assertEquals(0, fullAfter(1_000, 100_000_000));
    }

    @Test
    void aLittleMoreOrLessIsNotWorthTelling() {
        fullAfter(0, 4 << 20);
        fullAfter(1_000, 1_250_000);

        assertEquals(0, fullAfter(1_000, 1_050_000));
        assertEquals(112_500, fullAfter(1_000, 900_000));
    }
}
