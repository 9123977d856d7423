/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static io.softclose.bench.kernel.Scenarios.assertLostNothing;
import static io.softclose.bench.kernel.Scenarios.assertWhatWasWrittenArrived;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.Conditions;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Closing across a wire that is too slow, or interrupted. */
interface LinkScenarios extends Scenarios {
    @Test
    default void theDeadlineHoldsOnASlowWireAndTheRestComesBack() {
        closeShortOfTime(AnyPolicy.GRACEFUL);
    }

    @Test
    default void theUrgentGoFirstOnASlowWireAndTheRestComesBack() {
        CrossCheck check = closeShortOfTime(AnyPolicy.CONSENSUS_PRIORITY);
        assertEquals(List.of(), urgentUnsent(check), "urgent ones that did not go");
    }

    /** Policies keep a quarter of the time for the end, which on a faster wire may be enough for what the kernels hold. */
    private CrossCheck closeShortOfTime(AnyPolicy policy) {
        closeWithBacklog(Conditions.crawling(), policy, SHORT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        CrossCheck check = lab().aliceToBob();
        assertEquals(CloseEnding.DEADLINE, check.ending());
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
        assertWhatWasWrittenArrived(check);
        return check;
    }

    private static List<Integer> urgentUnsent(CrossCheck check) {
        return check.outcomes().entrySet().stream()
                .filter(ended -> Cargo.urgent(ended.getKey()) && ended.getValue() == Outcome.UNSENT)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** It stops starting messages after half a second, and then takes what it needs to end in good order. */
    @Test
    default void aTimedDrainOnASlowWireReturnsTheRestAndIsClean() {
        closeWithBacklog(Conditions.slow(), AnyPolicy.TIMED_DRAIN, Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        CrossCheck check = lab().aliceToBob();
        assertEquals(CloseEnding.CLEAN, check.ending());
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
    }

    @Test
    default void aLinkThatIsDownDuringTheDrainAndComesBackLosesNothing() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, Lab.NO_LIMIT);

        lab().testbed().linkDown();
        lab().awaitStuck();
        lab().testbed().linkUp();

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        assertLostNothing(lab().aliceToBob());
    }

    /** What alice's kernel had goes on once the link is back, though her connection is closed. */
    @Test
    default void aLinkThatIsDownUntilAfterTheDeadlineIsNotWaitedFor() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, SHORT);

        lab().testbed().linkDown();
        lab().alice().awaitClosed();
        lab().testbed().linkUp();

        lab().bob().awaitClosed();
        CrossCheck check = lab().aliceToBob();
        assertEquals(CloseEnding.DEADLINE, check.ending());
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
        assertWhatWasWrittenArrived(check);
    }
}
