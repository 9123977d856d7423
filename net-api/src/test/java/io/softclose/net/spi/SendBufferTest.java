/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How large a send buffer is to be, on paths that are reckoned: what leaves is the path's rate, or a buffer in each round trip. */
class SendBufferTest {
    private static final int UNSENT = 16 * 1024;
    private static final int SYSTEMS_OWN = 2 << 20;
    private static final double TEN_MEGABIT = 10e6 / 8;

    private final SendBuffer buffer = new SendBuffer(UNSENT);
    private long now = Long.MAX_VALUE - 1000;

    private double bytesPerSecond = TEN_MEGABIT;
    private double roundTripSeconds = 0.001;
    private double idleSeconds;
    private int granted = Integer.MAX_VALUE;
    private long asked;
    private long flushed;

    /** Bytes that the socket holds: twice what it was asked to. */
    private double held() {
        return buffer.size() == 0 ? SYSTEMS_OWN : 2.0 * Math.min(buffer.size(), granted);
    }

    private double rate() {
        return Math.min(bytesPerSecond, held() / roundTripSeconds);
    }

    /** For so many seconds there is always more to write: a third leaves, the writer is told, and fills the buffer. */
    private void busyFor(double seconds) {
        long until = now + nanos(seconds);
        while (now - until < 0) {
            double third = held() / 3;
            now += nanos(third / rate());
            buffer.room(now);
            now += nanos(idleSeconds);
            flushed += (long) third;
            asked += buffer.full(flushed, now) > 0 ? 1 : 0;
        }
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aSlowPathOfAShortRoundTripHoldsHalfOfWhatMayBeUnsent() {
        busyFor(5);

        assertEquals(UNSENT / 2, held());
        assertEquals(TEN_MEGABIT, rate());
    }

    @Test
    void aSlowPathOfALongRoundTripIsNotMadeSlower() {
        roundTripSeconds = 0.1; // 125 000 bytes are on their way

        busyFor(5);

        assertTrue(rate() >= 0.9 * TEN_MEGABIT, () -> "rate " + rate());
        assertTrue(held() <= 4 * 125_000, () -> "held " + held());
    }

    @Test
    void whatIsHeldStaysNearWhatIsNeeded() {
        roundTripSeconds = 0.05; // 62 500 bytes are on their way
        busyFor(5);

        for (int i = 0; i < 120; i++) {
            busyFor(1);
            assertTrue(rate() >= 0.6 * TEN_MEGABIT, () -> "rate " + rate());
            assertTrue(held() <= 2.5 * 62_500, () -> "held " + held());
        }
    }

    @Test
    void aRoundTripThatBecomesLongerHasALargerBuffer() {
        busyFor(5);
        roundTripSeconds = 0.1;

        busyFor(60);

        assertTrue(rate() >= 0.8 * TEN_MEGABIT, () -> "rate " + rate());
    }

    @Test
    void aRoundTripThatBecomesShorterHasASmallerBuffer() {
        roundTripSeconds = 0.1;
        busyFor(5);
        roundTripSeconds = 0.01;

        busyFor(180);

        assertTrue(held() <= 64_000, () -> "held " + held());
    }

    @Test
    void aFastPathIsLeftAlone() {
        bytesPerSecond = 10 * TEN_MEGABIT;

        busyFor(60);

        assertEquals(0, asked);
    }

    @Test
    void aWriterThatPausesSaysNothingOfThePath() {
        bytesPerSecond = 100 * TEN_MEGABIT;
        idleSeconds = 1;

        busyFor(60);

        assertEquals(0, asked);
    }

    @Test
    void aPathThatBecomesFasterHasWhatItNeeds() {
        roundTripSeconds = 0.05;
        busyFor(5);
        bytesPerSecond = 5 * TEN_MEGABIT; // 312 500 bytes are on their way

        busyFor(60);

        assertTrue(rate() >= 0.8 * bytesPerSecond, () -> "rate " + rate());
    }

    @Test
    void aPathThatBecomesFasterThanTheSystemGrantsHasAboutWhatItGrants() {
        granted = 200 * 1024;
        roundTripSeconds = 0.1;
        busyFor(5);
        bytesPerSecond = 100 * TEN_MEGABIT;

        busyFor(60);

        assertTrue(held() >= 0.7 * 2 * granted, () -> "held " + held());
    }

    @Test
    void thereIsAMost() {
        roundTripSeconds = 0.5;
        busyFor(10);
        bytesPerSecond = 100 * TEN_MEGABIT;

        busyFor(100);

        assertEquals(SendBuffer.MOST_BYTES, buffer.size());
    }

    @Test
    void aPeerThatPausesIsNoSlowPath() {
        bytesPerSecond = 100 * TEN_MEGABIT;
        for (int pause = 0; pause < 20; pause++) {
            busyFor(1);
            now += nanos(3);
        }

        assertEquals(0, asked);
    }

    @Test
    void norIsOneWhoseWriterPausesAfterEachPauseOfThePeer() {
        buffer.full(0, now);
        for (int pause = 0; pause < 20; pause++) {
            now += nanos(3);
            flushed += 1000;
            asked += buffer.full(flushed, now);
            buffer.room(now);
            now += nanos(1);
            flushed += 1000;
            asked += buffer.full(flushed, now);
        }

        assertEquals(0, asked);
    }

    @Test
    void aVerySlowPathHasTheLeast() {
        bytesPerSecond = 1_000;

        busyFor(10_000);

        assertTrue(held() <= 1.25 * UNSENT / 2, () -> "held " + held());
    }

    @Test
    void whatIsWantedHasALeastOfItsOwn() {
        SendBuffer tiny = new SendBuffer(1);
        tiny.full(1, 0);
        tiny.full(2, TimeUnit.SECONDS.toNanos(1));

        assertEquals(SendBuffer.LEAST_BYTES, tiny.full(3, TimeUnit.SECONDS.toNanos(2)));
    }

    /** What a relay, or a system that finds a larger buffer yet, takes at first is no path's rate. */
    @Test
    void aFirstRateThatWasTooHighIsForgotten() {
        buffer.full(0, now);
        for (int period = 0; period < SendBuffer.SLOW_PERIODS; period++) {
            now += nanos(0.5);
            flushed += (long) (0.5 * 1.3 * TEN_MEGABIT);
            buffer.full(flushed, now);
        }

        busyFor(5);

        assertEquals(UNSENT / 2, held());
    }

    @Test
    void aSizeThatWasFoundIsLeftAlone() {
        busyFor(5);
        long before = asked;

        busyFor(9);

        assertEquals(before, asked);
    }
}
