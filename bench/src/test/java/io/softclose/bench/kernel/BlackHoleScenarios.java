/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.Conditions;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Peers that vanish, with nobody to tell of it: only health checks find out. */
interface BlackHoleScenarios extends Scenarios {
    /** For a busy machine. */
    Duration SLACK = Duration.ofSeconds(5);

    /** The time that docs/health-and-connectivity.md gives, and the close policy's for what is probably broken. */
    private static Duration mostUntilClosed() {
        Duration givenUp = KernelNode.HEALTH
                .interval()
                .multipliedBy(KernelNode.HEALTH.toleratedFailures() + 2L)
                .plus(KernelNode.HEALTH.timeout());
        return givenUp.plus(AnyPolicy.GRACEFUL
                .policy()
                .plan(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE)
                .deadline());
    }

    @Test
    default void anIdlePeerInABlackHoleIsGivenUpInTimeAndItsReturnIsAcceptedAtOnce() {
        lab().connect(Conditions.moderate(), AnyPolicy.GRACEFUL);
        vanishAndReturn();
    }

    @Test
    default void aPeerThatVanishesUnderTrafficIsGivenUpInTimeAndTheRestComesBack() {
        lab().connect(Conditions.moderate(), AnyPolicy.GRACEFUL);
        lab().alice().send(BACKLOG, SIZE);
        lab().bob().awaitHandled(UNDER_WAY);

        vanishAndReturn();

        CrossCheck check = lab().aliceToBob();
        assertTrue(check.count(Outcome.UNSENT) > 0, check::toString);
    }

    private void vanishAndReturn() {
        lab().alice().check();
        lab().bob().check();

        lab().testbed().blackHole();
        long began = System.nanoTime();
        assertEquals(
                DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE, lab().alice().awaitReason());
        assertEquals(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE, lab().bob().awaitReason());
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.compareTo(mostUntilClosed().plus(SLACK)) <= 0, () -> "closed after " + took);

        // Of bob's one place for those that come in, nothing is left to the old connection.
        lab().testbed().noBlackHole();
        lab().dial();
    }
}
