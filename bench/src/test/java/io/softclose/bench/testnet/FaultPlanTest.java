/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.FaultPlan.Reset;
import io.softclose.bench.testnet.FaultPlan.Step;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What goes wrong when. */
class FaultPlanTest {
    private static final Duration DURATION = Duration.ofSeconds(10);

    @Test
    void aSeedHasOnePlan() {
        assertEquals(plan(7, EnumSet.allOf(Fault.class)), plan(7, EnumSet.allOf(Fault.class)));
        assertNotEquals(plan(7, EnumSet.allOf(Fault.class)), plan(8, EnumSet.allOf(Fault.class)));
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = Mode.EXCLUDE, names = "RESETS")
    void aFaultBeginsAndEndsWithinTheRun(Fault fault) {
        List<Step> steps = plan(7, Set.of(fault)).steps();

        assertEquals(2, steps.size());
        Begin begin = (Begin) steps.get(0);
        End end = (End) steps.get(1);
        assertEquals(fault, begin.fault());
        assertEquals(begin.validator(), end.validator());
        assertTrue(begin.at().compareTo(end.at()) < 0);
        assertTrue(end.at().compareTo(DURATION) < 0);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void leavingAFaultOutChangesNoOther(Fault absent) {
        EnumSet<Fault> others = EnumSet.complementOf(EnumSet.of(absent));
        List<Step> expected = plan(7, EnumSet.allOf(Fault.class)).steps().stream()
                .filter(step -> faultOf(step) != absent)
                .toList();

        assertEquals(expected, plan(7, others).steps());
    }

    @Test
    void oneConnectionAfterTheOtherIsReset() {
        List<Step> steps = plan(7, Set.of(Fault.RESETS)).steps();

        assertEquals(9, steps.size());
        for (int each = 0; each < steps.size(); each++) {
            Reset reset = (Reset) steps.get(each);
            assertEquals(Duration.ofSeconds(each + 1), reset.at());
            assertTrue(0 <= reset.one() && reset.one() < reset.other() && reset.other() < 4, reset.toString());
        }
        assertTrue(steps.stream().map(step -> ((Reset) step).one()).distinct().count() > 1);
    }

    @Test
    void stepsAreInTheOrderOfTheirTimes() {
        List<Step> steps = plan(7, EnumSet.allOf(Fault.class)).steps();

        assertEquals(
                steps.stream().map(Step::at).sorted().toList(),
                steps.stream().map(Step::at).toList());
    }

    private static FaultPlan plan(long seed, Set<Fault> faults) {
        return FaultPlan.of(seed, faults, DURATION, Duration.ofSeconds(1), 4);
    }

    private static Fault faultOf(Step step) {
        if (step instanceof Begin begin) {
            return begin.fault();
        }
        return step instanceof End end ? end.fault() : Fault.RESETS;
    }
}
