/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.FaultPlan.Hold;
import io.softclose.bench.testnet.FaultPlan.Release;
import io.softclose.bench.testnet.FaultPlan.Reset;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans as people write them. */
class FaultScriptTest {
    private static final Duration DURATION = Duration.ofSeconds(18);

    private static FaultPlan parse(String... lines) {
        return FaultScript.parse(List.of(lines), DURATION, 4);
    }

    @Test
    void eachLineIsAFaultAndWhatEndsAtATimeEndsFirst() {
        FaultPlan plan = parse(
                "# a comment, and an empty line",
                "",
                "  5s..8s black-hole 2-1   # both ways",
                "5s reset 0-3",
                "500ms..5s\tremoved 3");

        assertEquals(
                List.of(
                        new Begin(Duration.ofMillis(500), Fault.REMOVED, 3),
                        new End(Duration.ofSeconds(5), Fault.REMOVED, 3),
                        new Reset(Duration.ofSeconds(5), 0, 3),
                        new Hold(Duration.ofSeconds(5), 1, 2),
                        new Release(Duration.ofSeconds(8), 1, 2)),
                plan.steps());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 26})
    void thePlanOfASeedIsTheSameWhenItIsReadAgain(long seed) {
        FaultPlan plan = FaultPlan.of(seed, EnumSet.allOf(Fault.class), DURATION, Duration.ofMillis(333), 4);

        assertEquals(plan, FaultScript.parse(FaultScript.lines(plan), DURATION, 4), "seed " + seed);
    }

    @Test
    void whatIsPrintedIsReadAgain() {
        FaultPlan plan = parse(
                "2s..5s stalled 0",
                "2s..5s slow 1",
                "5s..6s stalled 0",
                "1s..2s black-hole 0-1",
                "2s..3s black-hole 0-1");

        List<String> lines = FaultScript.lines(plan);

        assertEquals("1s..2s             black-hole 0-1", lines.get(0));
        assertEquals(5, lines.size());
        assertEquals(plan, parse(lines.toArray(String[]::new)));
    }

    @Test
    void differentValidatorsAndPathsMayHaveFaultsAtATime() {
        assertEquals(
                8,
                parse("1s..9s slow 0", "1s..9s killed 1", "1s..9s black-hole 0-1", "1s..9s black-hole 0-2")
                        .steps()
                        .size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1s reset|               2 words (expected: 3, when, what and to whom, as "2s..5s removed 3")
            1s reset 0-1 2|         4 words (expected: 3, when, what and to whom, as "2s..5s removed 3")
            1s rain 0|              what: "rain" (expected: one of reset, black-hole, removed, stalled, slow, killed)
            1s..2s reset 0-1|       when: "1s..2s" (expected: one time, for a reset is over at once)
            1s removed 0|           when: "1s" (expected: FROM..UNTIL, as 2s..5s)
            2s..2s removed 0|       when: "2s..2s" (expected: an end after the beginning)
            2s..1s killed 0|        when: "2s..1s" (expected: an end after the beginning)
            soon reset 0-1|         duration: "soon" (expected: for example 500ms, 2s, 1m, 1h or PT0.5S; 0 to 24 h)
            1s.. killed 0|          duration: "" (expected: for example 500ms, 2s, 1m, 1h or PT0.5S; 0 to 24 h)
            17s..19s killed 0|      when: 19s (expected: at most the run's duration, 18s)
            1s..2s killed 4|        whom: 4 (expected: 0 to 3)
            1s..2s killed 0-1|      whom: "0-1" (expected: one validator, as 3)
            1s reset 0|             whom: "0" (expected: two validators, as 0-2)
            1s reset 1-1|           whom: "1-1" (expected: two different validators)
            1s reset 0-4|           whom: 4 (expected: 0 to 3)
            """)
    void aLineThatIsNoFaultIsRefused(String line, String complaint) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> parse("# one before it", line));

        assertEquals("line 2: \"" + line + "\": " + complaint, refusal.getMessage());
    }

    @Test
    void aValidatorHasOneFaultAtATimeAndAPathOneBlackHole() {
        assertEquals(
                "line 2: \"4s..6s stalled 0\": while \"1s..5s removed 0\" (expected: one of these at a time)",
                assertThrows(IllegalArgumentException.class, () -> parse("1s..5s removed 0", "4s..6s stalled 0"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> parse("1s..5s black-hole 0-1", "2s..3s black-hole 1-0"));
    }

    @Test
    void aTextThatIsNoScriptIsNotReadToItsEnd() {
        List<String> lines = Collections.nCopies(10_001, "");

        assertEquals(
                "lines: 10001 (expected: at most 10000)",
                assertThrows(IllegalArgumentException.class, () -> FaultScript.parse(lines, DURATION, 4))
                        .getMessage());
    }
}
