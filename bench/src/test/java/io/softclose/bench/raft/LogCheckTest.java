/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogCheckTest {
    private static final Operation.Append ONE = new Operation.Append(0, 0, 10);
    private static final Operation.Append TWO = new Operation.Append(1, 0, 10);
    private static final Journal.Entry LEADER = new Journal.Entry(1, new Operation.NewTerm());
    private static final Journal.Entry FIRST = new Journal.Entry(2, ONE);
    private static final Journal.Entry SECOND = new Journal.Entry(4, TWO);

    @Test
    void beginningsOfTheLongestAgree() {
        assertEquals(
                List.of(),
                LogCheck.faults(
                        List.of(List.of(LEADER), List.of(LEADER, FIRST, SECOND), List.of()), Map.of(ONE, 2L, TWO, 4L)));
    }

    @Test
    void twoOperationsAtOnePlaceAreAFault() {
        List<String> faults = LogCheck.faults(
                List.of(List.of(LEADER, new Journal.Entry(2, TWO)), List.of(LEADER, FIRST, SECOND)), Map.of());

        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.get(0).startsWith("node 0 committed Entry[index=2"), faults::toString);
    }

    @Test
    void oneOperationAtTwoPlacesIsAFault() {
        List<String> faults = LogCheck.faults(List.of(List.of(LEADER, FIRST, new Journal.Entry(3, ONE))), Map.of());

        assertEquals(List.of(ONE + " was committed twice, at 2 and 3"), faults);
    }

    @Test
    void whatAClientWasToldMustBeThere() {
        assertEquals(
                List.of(TWO + " was told to be committed at 4 and is at null"),
                LogCheck.faults(List.of(List.of(LEADER, FIRST), List.of(LEADER)), Map.of(ONE, 2L, TWO, 4L)));
        assertEquals(
                List.of(ONE + " was told to be committed at 3 and is at 2"),
                LogCheck.faults(List.of(List.of(LEADER, FIRST)), Map.of(ONE, 3L)));
    }

    @Test
    void indicesThatGoBackAreAFault() {
        assertEquals(
                List.of("index 2 was committed after index 4"),
                LogCheck.faults(List.of(List.of(LEADER, SECOND, FIRST)), Map.of()));
    }
}
