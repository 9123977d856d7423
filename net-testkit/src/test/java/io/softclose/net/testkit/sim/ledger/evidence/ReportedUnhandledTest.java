/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How much of what a report gives as unhandled may be left when the network has shut down. */
class ReportedUnhandledTest {
    @Test
    void whatEndsAfterTheReportIsNotLeft() {
        assertEquals(2, new ReportedUnhandled(7, 7, 0).leastLeft(5));
    }

    /** Three answers and two failures came before the report, and their tasks after it. */
    @Test
    void whatHadEndedUnheardBeforeTheReportIsNotLeftEither() {
        assertEquals(2, new ReportedUnhandled(12, 7, 5).leastLeft(5));
    }

    /** An answer that is given too late is never accepted: whether the engine has heard of it is not known by that. */
    @Test
    void noMoreHadEndedUnheardThanAreReportedBesideTheCertain() {
        assertEquals(6, new ReportedUnhandled(7, 6, 5).leastLeft(0));
        assertEquals(4, new ReportedUnhandled(7, 6, 5).leastLeft(2));
    }

    @Test
    void noneIsLeftOfNone() {
        assertEquals(0, ReportedUnhandled.NONE.leastLeft(3));
        assertEquals(0, ReportedUnhandled.NONE.mostLeft());
    }
}
