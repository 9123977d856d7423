/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.EventLoop;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class KnownLoopsTest {
    private final ToldLoop kept = new ToldLoop(() -> false);

    @Test
    void aThreadThatIsAKnownLoopMustNotWait() {
        ToldLoop loop = new ToldLoop(() -> true);
        assertDoesNotThrow(KnownLoopsTest::refuseToWait, "nobody knows it yet");

        KnownLoops.add(loop);
        try {
            assertThrows(IllegalStateException.class, KnownLoopsTest::refuseToWait);
        } finally {
            loop.here = () -> false;
        }

        assertDoesNotThrow(KnownLoopsTest::refuseToWait);
    }

    @Test
    void aLoopThatCannotSayWhetherItIsThisThreadKeepsNobodyFromWaiting() {
        ToldLoop broken = new ToldLoop(() -> {
            throw new IllegalStateException("deliberate");
        });
        KnownLoops.add(broken);

        assertDoesNotThrow(KnownLoopsTest::refuseToWait);
        broken.here = () -> false;
    }

    @Test
    void aLoopIsKnownOnceHoweverOftenItIsMet() {
        KnownLoops.add(kept);
        int before = KnownLoops.count();

        KnownLoops.add(kept);

        assertTrue(KnownLoops.count() <= before, "known twice");
    }

    /** A test's or a transport's loops go when it goes: ten thousand of them are not kept. */
    @Test
    void aLoopThatNobodyKeepsIsForgotten() {
        for (int i = 0; i < 10_000; i++) {
            KnownLoops.add(new ToldLoop(() -> false));
        }

        for (int tries = 0; tries < 100 && KnownLoops.count() > 1_000; tries++) {
            System.gc();
            KnownLoops.add(kept);
        }

        assertTrue(KnownLoops.count() <= 1_000, () -> KnownLoops.count() + " loops are kept");
    }

    private static void refuseToWait() {
        KnownLoops.refuseToWait("it", "something else");
    }

    /** A loop that is told whether the calling thread is it, and does nothing else. */
    private static final class ToldLoop implements EventLoop {
        private volatile BooleanSupplier here;

        ToldLoop(BooleanSupplier here) {
            this.here = here;
        }

        @Override
        public boolean inEventLoop() {
            return here.getAsBoolean();
        }

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    }
}
