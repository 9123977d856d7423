/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much is told one by one, whatever the clock says when it starts. */
class AllowanceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Allowance allowance = new Allowance(3, 2);

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, Long.MAX_VALUE, -1})
    void allowsSoManyAtOnceAndSoManyASecondAfterThat(long start) {
        assertEquals(3, takes(start, 10));
        assertEquals(0, takes(start + SECOND / 2 - 1, 10));
        assertEquals(1, takes(start + SECOND / 2, 10));
        assertEquals(2, takes(start + SECOND + SECOND / 2, 10));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5})
    void aRestBringsBackNoMoreThanWhatIsAllowedAtOnce(long start) {
        assertEquals(3, takes(start, 10));

        assertEquals(3, takes(start + 1_000 * SECOND, 10));
    }

    @ParameterizedTest
    @ValueSource(longs = 0)
    void whatWasLeftOutIsCountedOnce(long now) {
        takes(now, 10);

        assertEquals(7, allowance.takeLeftOut());
        assertEquals(0, allowance.takeLeftOut());
        assertFalse(allowance.take(now));
        assertTrue(allowance.take(now + SECOND));
        assertEquals(1, allowance.takeLeftOut());
    }

    private int takes(long now, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += allowance.take(now) ? 1 : 0;
        }
        return taken;
    }
}
