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
        for (long seed = 1; seed <= 20; seed++) {
            SimulationRun one = new SimulationRun(seed, AdversarialPolicies::any, UnaryOperator.identity());
            SimulationRun other = new SimulationRun(seed, AdversarialPolicies::any, UnaryOperator.identity());
            one.world().trace().record();
            other.world().trace().record();

            assertEquals(one.run(), other.run());
            assertEquals(one.world().trace().lines(), other.world().trace().lines());
        }
    }
}
