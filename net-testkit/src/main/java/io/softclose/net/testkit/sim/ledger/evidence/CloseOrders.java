/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger.evidence;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.spi.ClosePlan;
import java.util.function.Consumer;

/** What was ordered of one end's close, or began by itself: from when on nothing is accepted, and when it must be over. */
public final class CloseOrders {
    private static final long NEVER = Long.MAX_VALUE;

    private final Consumer<String> violated;
    private boolean any;
    private boolean sealed;
    private boolean drainsSealed;
    /** The deadline is at this time at the earliest. */
    private long dueFrom = NEVER;

    private long dueAt = NEVER;

    public CloseOrders(Consumer<String> violated) {
        this.violated = violated;
    }

    /**
     * A close was ordered. The plan of the first order counts, and the earliest deadline.
     *
     * @param from the earliest that its deadline may be, if that is not exactly known
     * @param by when it must be over
     */
    public void closed(ClosePlan plan, long from, long by) {
        drainsSealed |= !any && plan.admission() == ClosePlan.Admission.SEAL;
        sealed |= drainsSealed;
        any = true;
        dueFrom = Math.min(dueFrom, from);
        dueAt = Math.min(dueAt, by);
    }

    /** A close of its own accord begins, whose deadline is then. */
    public void mayBeOver(long from) {
        dueFrom = Math.min(dueFrom, from);
    }

    /** An abort was ordered. */
    public void aborted(long now) {
        sealed = true;
        any = true;
        dueFrom = Math.min(dueFrom, now);
        dueAt = Math.min(dueAt, now);
    }

    /** It has come to this state. */
    public void entered(ConnectionState state) {
        drainsSealed |= state == ConnectionState.SEALING;
        sealed |= state.closing() && state != ConnectionState.DRAINING;
    }

    /** Whether there was one. */
    public boolean any() {
        return any;
    }

    /** Whether nothing may be accepted any more. */
    public boolean sealed() {
        return sealed;
    }

    /**
     * Whether nothing was accepted since it began to drain. An abort seals as well, in the middle of a close that accepts more:
     * what came during that may wait behind what is on its way.
     */
    public boolean drainsSealed() {
        return drainsSealed;
    }

    /** Whether it must be over now. */
    public boolean due(long now) {
        return dueAt <= now;
    }

    /** Whether it may be over now because an order says so, whatever it still holds. */
    public boolean mayBeDue(long now) {
        return dueFrom <= now;
    }

    /** Whether it should have been over before. */
    public boolean late(long now) {
        return now > dueAt;
    }

    /**
     * Its report has come.
     *
     * @param mayBeLate whether its loop was busy, or its host stopped
     */
    public void check(CloseReport report, long now, boolean mayBeLate) {
        if (report.ending() == CloseEnding.DEADLINE && dueFrom > now) {
            violated.accept("ended by a deadline before it: " + report.detail());
        }
        if (late(now) && !mayBeLate) {
            violated.accept("closed " + (now - dueAt) + " ns after its deadline");
        }
    }
}
