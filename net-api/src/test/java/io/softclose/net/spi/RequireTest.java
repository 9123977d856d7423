/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RequireTest {
    private static final Duration NEGATIVE = Duration.ofNanos(-1);

    @Test
    void whatHoldsIsAnswered() {
        assertEquals(Duration.ofNanos(1), Require.positive("time", Duration.ofNanos(1)));
        assertEquals(Duration.ZERO, Require.notNegative("time", Duration.ZERO));
        assertEquals(1, Require.positive("size", 1));
        assertEquals(0, Require.notNegative("size", 0));
        assertEquals(1, Require.within("size", 1, 1, 3));
        assertEquals(3, Require.within("size", 3, 1, 3));
    }

    @Test
    void whatDoesNotSaysWhatWasExpected() {
        assertRefused("time: PT0S (expected: > 0)", () -> Require.positive("time", Duration.ZERO));
        assertRefused("time: PT-0.000000001S (expected: > 0)", () -> Require.positive("time", NEGATIVE));
        assertRefused("time: PT-0.000000001S (expected: >= 0)", () -> Require.notNegative("time", NEGATIVE));
        assertRefused("size: 0 (expected: > 0)", () -> Require.positive("size", 0));
        assertRefused("size: -1 (expected: >= 0)", () -> Require.notNegative("size", -1));
        assertRefused("size: 0 (expected: 1 to 3)", () -> Require.within("size", 0, 1, 3));
        assertRefused("size: 4 (expected: 1 to 3)", () -> Require.within("size", 4, 1, 3));
    }

    private static void assertRefused(String message, Executable check) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, check).getMessage());
    }
}
