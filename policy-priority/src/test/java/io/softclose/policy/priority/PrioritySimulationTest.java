/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.testkit.sim.Simulation;
import io.softclose.net.testkit.sim.SimulationReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Random runs of whole nodes: among much else, no message starts before one of a more urgent class at a close. */
class PrioritySimulationTest {
    @Test
    void consensusPriorityKeepsTheRules() {
        check("consensusPriorityKeepsTheRules", simulation().run(1_500));
    }

    @Test
    void consensusPriorityKeepsTheRulesOverTls() {
        check("consensusPriorityKeepsTheRulesOverTls", simulation().withTls().run(20));
    }

    private static Simulation simulation() {
        return Simulation.of(
                "PrioritySimulationTest",
                chance -> ConsensusPriorityPolicy.builder()
                        .critical(lane -> lane.withMaxMessages(1 + chance.nextInt(200)))
                        .stallTimeout(Duration.ofMillis(1 + chance.nextInt(5_000)))
                        .build());
    }

    private static void check(String test, SimulationReport report) {
        System.out.println(test + ": " + report.summary());
        assertTrue(report.closes() > 0);
    }
}
