/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.DisconnectReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainBudgetTest {
    private static final DrainBudget BUDGET = new DrainBudget(Duration.ofSeconds(10), Duration.ofSeconds(20));

    @ParameterizedTest
    @CsvSource({
        // elapsed, remaining, may start for so much longer
        "0,    30,   10",
        "0,    60,   10",
        "4,    26,   6",
        "10,   20,   0",
        "25,   5,    0",
        // Less than the plan asked for: a quarter is kept, and the drain is never longer than it would have been.
        "0,    20,   10",
        "0,    12,   9",
        "3,    9,    6",
        "9,    3,    0",
        "0,    0,    0"
    })
    void aPartOfTheTimeIsKeptForTheEnd(long elapsed, long remaining, long left) {
        CloseSnapshot snapshot = new CloseSnapshot(
                DisconnectReason.NETWORK_SHUTDOWN,
                Duration.ofSeconds(elapsed),
                Duration.ofSeconds(remaining),
                true,
                Duration.ZERO,
                List.of(),
                0,
                0,
                Duration.ZERO,
                false,
                0,
                0);

        assertEquals(Duration.ofSeconds(left), BUDGET.drainLeft(snapshot));
    }
}
