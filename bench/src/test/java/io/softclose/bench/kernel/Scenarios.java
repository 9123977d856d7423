/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.lab.Conditions;
import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import java.time.Duration;

/** What all scenarios have. */
interface Scenarios {
    /** More than the kernels of both ends hold, and what a moderate wire carries takes longer than any fault to come. */
    int BACKLOG = 5_000;

    /** Bytes of a common message. */
    int SIZE = 1_000;

    /** So many messages are handled before something happens: it is under way. */
    int UNDER_WAY = 200;

    /** For closes that run out of time. */
    Duration SHORT = Duration.ofSeconds(3);

    Lab lab();

    /** Has alice send a backlog and close, and comes back in the midst of it. */
    default void closeWithBacklog(Conditions conditions, AnyPolicy policy, Duration limit) {
        lab().connect(conditions, policy);
        lab().alice().send(BACKLOG, SIZE);
        lab().alice().close(limit);
        lab().bob().awaitHandled(UNDER_WAY);
    }

    /** The close was clean, and the peer's handler had every message that was accepted. */
    static void assertLostNothing(CrossCheck check) {
        assertEquals(CloseEnding.CLEAN, check.ending());
        assertHasEverything(check);
    }

    /** The peer's handler had every message that was accepted. */
    static void assertHasEverything(CrossCheck check) {
        assertEquals(check.audit().accepted(), check.audit().delivered(), "handled");
        assertEquals(
                check.audit().accepted(),
                check.count(Outcome.WRITTEN) + check.count(Outcome.DELIVERED),
                "written or delivered");
    }

    /** The peer's handler had everything that it was said to have, as it does when only time ran out. */
    static void assertWhatWasWrittenArrived(CrossCheck check) {
        assertEquals(0, check.audit().silentlyLost(), "written, and not handled");
    }
}
