/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Random runs under policies that no application would want. */
class SimulationTest {
    @Test
    void theEngineKeepsItsPromiseUnderEveryPolicy() {
        SimulationReport report =
                Simulation.of("SimulationTest", AdversarialPolicies::any).run(1_500);

        System.out.println("SimulationTest: " + report.summary());
        assertTrue(report.closes() > 0);
    }

    @Test
    void theSameSeedIsTheSameRunByteForByte() {
        for (long seed = 1; seed <= 20; seed++) {
            SimulationRun one = new SimulationRun(seed, AdversarialPolicies::any);
            SimulationRun other = new SimulationRun(seed, AdversarialPolicies::any);
            one.network().record();
            other.network().record();

            assertEquals(one.run(), other.run());
            assertEquals(one.network().recorded(), other.network().recorded());
        }
    }
}
