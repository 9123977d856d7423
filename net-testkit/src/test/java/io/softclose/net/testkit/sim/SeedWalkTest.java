/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.testkit.Waiting;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Seeds run on several threads, and which of them is to blame. */
class SeedWalkTest {
    @Test
    void eachSeedIsDoneOnce() {
        Set<Long> done = new ConcurrentSkipListSet<>();

        SeedWalk.each(5, 100, 3, seed -> assertTrue(done.add(seed)));

        assertEquals(LongStream.range(5, 105).boxed().collect(Collectors.toCollection(TreeSet::new)), done);
    }

    /** Whoever repeats it starts from the first seed that fails, as a run on one thread would. */
    @Test
    void theLowestSeedThatFailsIsToldThoughAHigherOneFailsFirst() {
        CountDownLatch higherHasFailed = new CountDownLatch(1);

        AssertionError told = assertThrows(
                AssertionError.class,
                () -> SeedWalk.each(1, 2, 2, seed -> {
                    if (seed == 1) {
                        Waiting.await(higherHasFailed, "the failure of the higher seed");
                    } else {
                        higherHasFailed.countDown();
                    }
                    throw new AssertionError("seed " + seed);
                }));

        assertEquals("seed 1", told.getMessage());
    }

    @Test
    void noSeedIsTakenAfterAFailure() {
        Set<Long> taken = new ConcurrentSkipListSet<>();

        assertThrows(
                AssertionError.class,
                () -> SeedWalk.each(1, 1_000_000, 2, seed -> {
                    taken.add(seed);
                    throw new AssertionError("seed " + seed);
                }));

        assertTrue(taken.size() <= 2, () -> "taken: " + taken.size() + " (expected: no more than there are threads)");
    }
}
