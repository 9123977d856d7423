/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static io.softclose.bench.kernel.Scenarios.assertHasEverything;
import static io.softclose.bench.kernel.Scenarios.assertLostNothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.Conditions;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing across a wire that does nothing worse than take its time and lose a packet now and then. */
interface DistanceScenarios extends Scenarios {
    @ParameterizedTest
    @EnumSource(names = {"GRACEFUL", "TIMED_DRAIN", "CONSENSUS_PRIORITY"})
    default void aCloseAcrossADistanceLosesNothing(AnyPolicy policy) {
        lab().connect(Conditions.distant(), policy);
        lab().alice().send(200, SIZE);

        lab().alice().close(Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        assertLostNothing(lab().aliceToBob());
    }

    @Test
    default void aDropAcrossADistanceSaysWhatItDropped() {
        lab().connect(Conditions.distant(), AnyPolicy.DROP);
        lab().alice().send(BACKLOG, SIZE);

        lab().alice().close(Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        CrossCheck check = lab().aliceToBob();
        assertEquals(CloseEnding.UNCONFIRMED, check.ending());
        assertTrue(check.count(Outcome.DISCARDED) > 0, check::toString);
    }

    @ParameterizedTest
    @EnumSource(names = {"GRACEFUL", "CONSENSUS_PRIORITY"})
    default void aBacklogSurvivesDelayAndLossOnANarrowWire(AnyPolicy policy) {
        lab().connect(Conditions.lossy(), policy);
        lab().alice().send(3_000, 200);

        lab().alice().close(Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        assertLostNothing(lab().aliceToBob());
    }

    /** Whoever's end comes first, both have drained before. */
    @Test
    default void bothEndsThatCloseAtOnceHaveEverything() {
        lab().connect(Conditions.distant(), AnyPolicy.GRACEFUL);
        lab().alice().send(1_000, SIZE);
        lab().bob().send(1_000, SIZE);

        lab().alice().close(Lab.NO_LIMIT);
        lab().bob().close(Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        Set<CloseEnding> withoutError = Set.of(CloseEnding.CLEAN, CloseEnding.UNCONFIRMED);
        for (CrossCheck check : List.of(lab().aliceToBob(), lab().bobToAlice())) {
            assertTrue(withoutError.contains(check.ending()), check::toString);
            assertHasEverything(check);
        }
    }

    @Test
    default void aPeerThatKeepsTalkingGetsEverythingAndIsHeardToItsEnd() {
        lab().connect(Conditions.distant(), AnyPolicy.GRACEFUL);
        lab().bob().talk();
        lab().alice().send(2_000, SIZE);

        lab().alice().close(Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        assertLostNothing(lab().aliceToBob());
        assertHasEverything(lab().bobToAlice());
    }

    /** The contrast: our kernel answers what still comes with a reset. So nothing of this close may be called clean. */
    @Test
    default void aPeerThatKeepsTalkingToWhoDropsMayLoseMessagesButIsNotTakenForSafe() {
        lab().connect(Conditions.distant(), AnyPolicy.DROP);
        lab().bob().talk();
        lab().alice().send(2_000, SIZE);

        lab().alice().close(Lab.NO_LIMIT);

        lab().alice().awaitClosed();
        lab().bob().awaitClosed();
        assertEquals(CloseEnding.UNCONFIRMED, lab().aliceToBob().ending());
        assertTrue(lab().bobToAlice().ending() != CloseEnding.CLEAN);
    }
}
