/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Direction;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.Interleavings;
import io.softclose.net.engine.stream.BatchPool;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections leave a shutdown's barrier on their loops while others begin to wait at it. */
@Tag("races")
class BarrierRaceTest {
    @Test
    void whoeverFindsItStandingIsWokenOnce() {
        Interleavings.ofStory(Barriers.class);
    }

    @Test
    void whoeverFindsItStandingIsWokenOnceInRealThreads() {
        Interleavings.stressStory(Barriers.class);
    }

    /** Two connections that leave, one of them twice, and one that waits. */
    public static class Barriers {
        private final PeerConnection one = Interleavings.alone(() -> connection(1));
        private final PeerConnection other = Interleavings.alone(() -> connection(2));
        private final Barrier barrier = Interleavings.alone(() -> new Barrier(List.of(one, other)));
        private final AtomicInteger woken = new AtomicInteger();
        private volatile boolean waits;

        @Operation
        public void leaves() {
            barrier.leave(one);
            barrier.leave(one);
        }

        @Operation
        public void otherLeaves() {
            barrier.leave(other);
        }

        @Operation
        public void waiter() {
            waits = barrier.stands();
            if (waits) {
                barrier.whenLifted(woken::incrementAndGet);
            }
        }

        @Validate
        public void isLifted() {
            Interleavings.alone(() -> {
                assertFalse(barrier.stands());
                assertTrue(woken.get() == (waits ? 1 : 0), "woken " + woken + " times");
            });
        }

        private static PeerConnection connection(long id) {
            HandTransport transport = new HandTransport(new HandLoop());
            return new PeerConnection(
                    id,
                    Direction.OUTBOUND,
                    Optional.empty(),
                    new HandLink(new HandLoop()),
                    HandNetwork.settings(transport),
                    new BatchPool(),
                    HandNetwork.NO_REGISTRY);
        }
    }
}
