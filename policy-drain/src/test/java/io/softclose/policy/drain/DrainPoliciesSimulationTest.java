/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.sim.Simulation;
import io.softclose.net.testkit.sim.SimulationReport;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random runs of whole nodes under each policy, and under all of them against each other. */
class DrainPoliciesSimulationTest {
    private static final int SEEDS = 1_000;
    private static final int SEEDS_WITH_TLS = 30;

    @Test
    void dropKeepsTheRules() {
        run("dropKeepsTheRules", DrainPoliciesSimulationTest::drop);
    }

    @Test
    void timedDrainKeepsTheRules() {
        run("timedDrainKeepsTheRules", DrainPoliciesSimulationTest::timedDrain);
    }

    @Test
    void gracefulKeepsTheRules() {
        run("gracefulKeepsTheRules", DrainPoliciesSimulationTest::graceful);
    }

    @Test
    void eachKeepsTheRulesAgainstTheOthers() {
        run("eachKeepsTheRulesAgainstTheOthers", DrainPoliciesSimulationTest::any);
    }

    @Test
    void eachKeepsTheRulesOverTls() {
        String test = "eachKeepsTheRulesOverTls";

        check(test, simulation(test, DrainPoliciesSimulationTest::any).withTls().run(SEEDS_WITH_TLS));
    }

    private static void run(String test, Function<RandomGenerator, ClosePolicy> policies) {
        check(test, simulation(test, policies).run(SEEDS));
    }

    private static Simulation simulation(String test, Function<RandomGenerator, ClosePolicy> policies) {
        return Simulation.of("DrainPoliciesSimulationTest#" + test, policies);
    }

    private static void check(String test, SimulationReport report) {
        System.out.println(test + ": " + report.summary());
        assertTrue(report.closes() > 0);
    }

    private static ClosePolicy any(RandomGenerator chance) {
        return switch (chance.nextInt(3)) {
            case 0 -> drop(chance);
            case 1 -> timedDrain(chance);
            default -> graceful(chance);
        };
    }

    private static ClosePolicy drop(RandomGenerator chance) {
        return DropPolicy.builder().transportTimeout(upTo(chance, 30_000)).build();
    }

    private static ClosePolicy timedDrain(RandomGenerator chance) {
        return TimedDrainPolicy.builder()
                .drainTime(upTo(chance, 500))
                .quietTime(upTo(chance, 20))
                .finishTimeout(upTo(chance, 5_000))
                .build();
    }

    private static ClosePolicy graceful(RandomGenerator chance) {
        return GracefulPolicy.builder()
                .drainTimeout(upTo(chance, 10_000))
                .finishTimeout(upTo(chance, 20_000))
                .stallTimeout(upTo(chance, 5_000))
                .build();
    }

    private static Duration upTo(RandomGenerator chance, int mostMillis) {
        return Duration.ofMillis(1 + chance.nextInt(mostMillis));
    }
}
