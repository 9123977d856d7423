/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.testkit.sim.run.SimulationRun;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A seed is all that a run depends on. */
class SimulationRepeatsTest {
    @Test
    void theSameSeedIsTheSameRunByteForByte() {
        assertRepeats(20, false);
    }

    /** What is random about TLS changes bytes, and neither how many there are nor when. */
    @Test
    void theSameSeedIsTheSameRunOverTlsToo() {
        assertRepeats(5, true);
    }

    /** Nothing is shared by runs but what holds no state of theirs. */
    @Test
    void runsAtTheSameTimeAreTheSameRuns() {
        Simulation simulation = Simulation.of("SimulationRepeatsTest", AdversarialPolicies::any);
        SimulationReport alone = simulation.run(1, 10, 1);
        SimulationReport together = simulation.run(1, 10, 4);

        assertEquals(alone.events(), together.events());
        assertEquals(alone.closes(), together.closes());
        assertEquals(alone.endStates(), together.endStates());
        assertEquals(alone.rareStates(), together.rareStates());
    }

    private static void assertRepeats(int seeds, boolean layered) {
        for (long seed = 1; seed <= seeds; seed++) {
            SimulationRun one = run(seed, layered);
            SimulationRun other = run(seed, layered);
            one.world().trace().record();
            other.world().trace().record();

            assertEquals(one.run(), other.run());
            assertEquals(one.world().trace().lines(), other.world().trace().lines());
        }
    }

    private static SimulationRun run(long seed, boolean layered) {
        return new SimulationRun(seed, AdversarialPolicies::any, UnaryOperator.identity(), layered);
    }
}
