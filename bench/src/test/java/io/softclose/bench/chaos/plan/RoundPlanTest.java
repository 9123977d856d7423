/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.Message;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundPlanTest {
    private static final List<AnyTransport> ALL = List.of(AnyTransport.values());

    @Test
    void theSameSeedAndNumberMakeTheSamePlan() {
        assertEquals(RoundPlan.of(7, 3, ALL), RoundPlan.of(7, 3, ALL));
        assertNotEquals(RoundPlan.of(7, 3, ALL), RoundPlan.of(7, 4, ALL));
        assertNotEquals(RoundPlan.of(7, 3, ALL), RoundPlan.of(8, 3, ALL));
    }

    @Test
    void everyPlanCanBeCarriedOut() {
        for (int round = 0; round < 2_000; round++) {
            RoundPlan plan = RoundPlan.of(1, round, ALL);
            for (CellPlan cell : plan.cells()) {
                for (End end : End.values()) {
                    assertEquals(1, Math.min(1, cell.of(end).handler().every()));
                    assertTrue(cell.of(end).policy().policy().name().length() > 1);
                }
            }
        }
    }

    @Test
    void everythingThereIsHappens() {
        List<CellPlan> cells = IntStream.range(0, 2_000)
                .mapToObj(round -> RoundPlan.of(1, round, ALL))
                .flatMap(plan -> plan.cells().stream())
                .toList();
        Set<EndPlan> ends = cells.stream().map(CellPlan::alice).collect(Collectors.toSet());

        assertEquals(
                EnumSet.allOf(AnyTransport.class),
                ends.stream().map(end -> end.transport().kind()).collect(Collectors.toSet()));
        assertEquals(
                EnumSet.allOf(PolicyPlan.Kind.class),
                ends.stream().map(end -> end.policy().kind()).collect(Collectors.toSet()));
        assertEquals(
                EnumSet.allOf(HandlerPlan.Manner.class),
                ends.stream().map(end -> end.handler().manner()).collect(Collectors.toSet()));
        assertEquals(
                EnumSet.allOf(CloseStep.Manner.class),
                ends.stream()
                        .flatMap(end -> end.close().stream())
                        .map(CloseStep::manner)
                        .collect(Collectors.toSet()));
        assertTrue(cells.stream()
                .allMatch(cell ->
                        cell.alice().close().isPresent() || cell.bob().close().isPresent()));
    }

    @Test
    void aMessageIsRecognisedByWhoExpectsItAlone() {
        Cargo cargo = new Cargo(12, 100, 300, 1, 0, 30);
        Message message = cargo.message(42);

        assertEquals(OptionalInt.of(42), cargo.recognise(message));
        assertEquals(OptionalInt.empty(), new Cargo(13, 100, 300, 1, 0, 30).recognise(message));
        assertEquals(OptionalInt.empty(), new Cargo(12, 42, 300, 1, 0, 30).recognise(message));
        byte[] damaged = new byte[message.size()];
        message.payload().get(damaged);
        damaged[damaged.length - 1]++;
        assertEquals(OptionalInt.empty(), cargo.recognise(Message.of(Cargo.PROTOCOL, 0, damaged)));
    }

    @Test
    void oftenBothEndsWaitForEachOtherAndOneIsInAHurry() {
        List<CellPlan> cells = IntStream.range(0, 500)
                .mapToObj(round -> RoundPlan.of(1, round, ALL))
                .flatMap(plan -> plan.cells().stream())
                .toList();
        long crossing = cells.stream()
                .filter(cell -> crosses(cell.alice(), cell.bob()) || crosses(cell.bob(), cell.alice()))
                .count();

        assertTrue(crossing > cells.size() / 5, crossing + " of " + cells.size());
    }

    private static boolean crosses(EndPlan patient, EndPlan hurried) {
        return patient.close().filter(RoundPlanTest::takesItsTime).isPresent()
                && hurried.close().filter(RoundPlanTest::isShortOfTime).isPresent()
                && hurried.handler().manner() != HandlerPlan.Manner.QUICK;
    }

    private static boolean takesItsTime(CloseStep step) {
        return step.moment() == CloseStep.Moment.SENT && step.manner() == CloseStep.Manner.FULL;
    }

    private static boolean isShortOfTime(CloseStep step) {
        return step.manner() == CloseStep.Manner.WITHIN && step.deadlineMillis() > 0;
    }
}
