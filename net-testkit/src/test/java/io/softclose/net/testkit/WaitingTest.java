/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long tests wait for what does not come is a setting. */
class WaitingTest {
    @Test
    void theSettingIsInSeconds() {
        assertEquals(Duration.ofSeconds(2), Waiting.safetyNet(2));
        assertEquals(Integer.getInteger(Waiting.SAFETY_NET_PROPERTY, 30), (int) Waiting.SAFETY_NET.toSeconds());
    }

    @Test
    void noTimeAtAllIsRefusedByName() {
        assertEquals(
                "softclose.testkit.waitSeconds: 0 (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> Waiting.safetyNet(0))
                        .getMessage());
    }
}
