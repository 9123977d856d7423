/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.policy.ClosePolicyContract;
import org.junit.jupiter.api.Test;

/** The baseline keeps the contract of policies, and is chosen by name alone. */
class FixedTimerPolicyTest implements ClosePolicyContract {
    @Override
    public ClosePolicy createPolicy() {
        return new FixedTimerPolicy();
    }

    @Test
    void sealsWhateverTheReason() {
        for (DisconnectReason reason : DisconnectReason.values()) {
            assertEquals(Admission.SEAL, createPolicy().plan(reason).admission());
        }
    }

    @Test
    void itIsComparedOnlyIfItIsNamed() {
        assertFalse(TestnetPolicies.usual().contains("fixed-timer"));
        assertTrue(TestnetPolicies.all().contains("fixed-timer"));
        assertEquals("fixed-timer", TestnetPolicies.of("fixed-timer").name());
        assertEquals("graceful", TestnetPolicies.of("graceful").name());
    }
}
