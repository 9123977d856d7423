/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static io.softclose.bench.kernel.Scenarios.assertLostNothing;
import static io.softclose.bench.kernel.Scenarios.assertWhatWasWrittenArrived;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.Conditions;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import org.junit.jupiter.api.Test;

/** Peers whose process is killed or stopped in the midst of a close. */
interface PeerScenarios extends Scenarios {
    /** The peer's journal has what its handler had, and none of that may be safe to send again. */
    @Test
    default void aPeerThatIsKilledEndsTheCloseAndTheRestComesBack() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, Lab.NO_LIMIT);

        lab().bob().kill();

        lab().alice().awaitClosed();
        CrossCheck check = lab().aliceToBob();
        assertEquals(CloseEnding.ERROR, check.ending());
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
    }

    @Test
    default void aPeerThatIsStoppedForAWhileGetsEverything() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, Lab.NO_LIMIT);

        lab().bob().stop();
        lab().awaitStuck();
        lab().bob().resume();

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        assertLostNothing(lab().aliceToBob());
    }

    /** It finds what the kernels have kept for it, once. */
    @Test
    default void aPeerThatIsStoppedUntilAfterTheDeadlineIsNotWaitedFor() {
        closeWithBacklog(Conditions.moderate(), AnyPolicy.GRACEFUL, SHORT);

        lab().bob().stop();
        lab().alice().awaitClosed();
        lab().bob().resume();

        lab().bob().awaitClosed();
        CrossCheck check = lab().aliceToBob();
        assertEquals(CloseEnding.DEADLINE, check.ending());
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
        assertWhatWasWrittenArrived(check);
    }
}
