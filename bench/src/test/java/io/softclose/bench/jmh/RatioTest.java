/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.jmh.Metric.Better;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void figuresAreComparedWithinTheirRound() {
        // The machine was ten times slower in the second round, for both.
        Ratio ratio = Ratio.of(List.of(50.0, 6.0, 80.0), List.of(100.0, 10.0, 100.0));

        assertEquals(new Ratio(0.6, 0.5, 0.8), ratio);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertEquals(2.5, Ratio.median(List.of(4.0, 1.0, 3.0, 2.0)));
    }

    @Test
    void aGoalIsALeastOrAMost() {
        Ratio ratio = new Ratio(0.9, 0.5, 1.5);

        assertTrue(ratio.meets(0.9, Better.HIGHER));
        assertFalse(ratio.meets(0.91, Better.HIGHER));
        assertTrue(ratio.meets(0.9, Better.LOWER));
        assertFalse(ratio.meets(0.89, Better.LOWER));
    }

    @Test
    void aRoundWithoutItsBaselineIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Ratio.of(List.of(1.0, 2.0), List.of(1.0)));

        assertEquals("rounds: 2 and 1 (expected: as many, at least one)", refused.getMessage());
    }
}
