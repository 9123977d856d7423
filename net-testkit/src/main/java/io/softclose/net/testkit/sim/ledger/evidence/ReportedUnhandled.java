/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger.evidence;

/**
 * What a close's report gives as unhandled, and how much of it is left later. An engine hears of a handler's end in a task of
 * its loop's, so what it reports may have ended already: of that nothing more is seen, though the engine counts it down later.
 *
 * @param reported how many messages and requests the report says were not handled
 * @param certain how many of them had certainly not been
 * @param unheard of how many ends the engine may not have heard when it made the report
 */
public record ReportedUnhandled(long reported, long certain, long unheard) {
    /** None, for there is no report. */
    public static final ReportedUnhandled NONE = new ReportedUnhandled(0, 0, 0);

    /**
     * The fewest that may be left.
     *
     * @param endedSince how many have been seen to end since the report
     */
    public long leastLeft(long endedSince) {
        return Math.max(0, reported - Math.min(unheard, reported - certain) - endedSince);
    }

    /** The most. */
    public long mostLeft() {
        return reported;
    }
}
