/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.Conditions;
import io.softclose.bench.lab.Side;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import org.junit.jupiter.api.Test;

/** Connections that somebody on the way resets in the midst of a close. */
interface ResetScenarios extends Scenarios {
    @Test
    default void aResetOfBothEndsEndsTheCloseAndTheRestComesBack() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, Lab.NO_LIMIT);

        // In this order, because bob only sends anything as long as he hears from alice.
        lab().testbed().resetWhatIsSentBy(Side.BOB);
        lab().bob().awaitClosed();
        lab().testbed().resetWhatIsSentBy(Side.ALICE);

        lab().alice().awaitClosed();
        assertEndedBy(CloseEnding.ERROR);
    }

    @Test
    default void aResetThatOnlyTheClosingEndSeesEndsTheCloseAndTheRestComesBack() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, Lab.NO_LIMIT);

        lab().testbed().resetWhatIsSentBy(Side.ALICE);

        lab().alice().awaitClosed();
        assertEndedBy(CloseEnding.ERROR);
    }

    /** The closing end talks to nobody, and only its deadline tells. */
    @Test
    default void aResetThatOnlyThePeerSeesEndsTheCloseAtItsDeadline() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, SHORT);

        lab().testbed().resetWhatIsSentBy(Side.BOB);

        lab().bob().awaitClosed();
        lab().alice().awaitClosed();
        assertEndedBy(CloseEnding.DEADLINE);
    }

    private void assertEndedBy(CloseEnding ending) {
        CrossCheck check = lab().aliceToBob();
        assertEquals(ending, check.ending());
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
    }
}
