/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Random runs under policies that no application would want. */
class SimulationTest {
    @Test
    void theEngineKeepsItsPromiseUnderEveryPolicy() {
        SimulationReport report =
                Simulation.of("SimulationTest", AdversarialPolicies::any).run(1_500);

        System.out.println("SimulationTest: " + report.summary());
        System.out.println(report.rareStatesTable());
        assertTrue(report.closes() > 0);
    }
}
