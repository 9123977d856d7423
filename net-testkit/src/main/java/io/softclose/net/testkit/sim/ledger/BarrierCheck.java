/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.scenario.WatchedPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection at the barrier of its node's shutdown: it starts no message of a lower lane while another end of
 * that node has urgent ones, for half of its time. Says nothing of a close that began otherwise, nor under a policy that
 * accepts more or has kept urgent messages back.
 */
final class BarrierCheck {
    private static final int MOST_URGENT = 0;

    private final Ledger ledger;
    private final LedgerSide side;
    private final WatchedPolicy policy;
    private final OrderCheck order;

    /** Whether it was there when the shutdown was ordered, and accepts nothing since. */
    private boolean counted;
    /** Whether it was open then, so that the shutdown may be what closes it. */
    private boolean open;

    private long until;
    private @Nullable String suspicion;

    BarrierCheck(Ledger ledger, LedgerSide side, WatchedPolicy policy, OrderCheck order) {
        this.ledger = ledger;
        this.side = side;
        this.policy = policy;
        this.order = order;
    }

    /** Its node shuts down. */
    void shutDown(ClosePlan plan, boolean closing) {
        if (counted) {
            return;
        }
        counted = plan.admission() == ClosePlan.Admission.SEAL;
        open = counted && !closing;
        until = Sent.NEVER;
    }

    /** It is to close by then, for whatever reason; told after the shutdown. */
    void closeOrdered(long now, long by) {
        until = Math.min(until, now + Math.max(0, by - now) / 2);
    }

    /** A message starts while it closes, and its policy has named these lanes. */
    void starts(Sent one, List<Integer> laneOrder) {
        int urgentAt = laneOrder.indexOf(MOST_URGENT);
        boolean lower = urgentAt < 0 || laneOrder.indexOf(one.lane) > urgentAt;
        if (open && suspicion == null && lower && side.now() < until) {
            LedgerSide other = oneThatHoldsOthers();
            if (other != null) {
                suspicion =
                        "starts while " + other.link().name() + " has urgent messages and the node shuts down: " + one;
            }
        }
    }

    /** After each event on its loop. */
    void check() {
        if (!side.rare().contains(RareState.HELD_BACK) && waits()) {
            side.rare().add(RareState.HELD_BACK);
        }
    }

    private boolean waits() {
        return open
                && side.connection().state() == ConnectionState.DRAINING
                && order.unstarted(MOST_URGENT) == 0
                && order.unstarted() > 0
                && side.now() < until
                && oneThatHoldsOthers() != null;
    }

    /** Another end of its node that has urgent messages. */
    private @Nullable LedgerSide oneThatHoldsOthers() {
        return policy.everHeldUrgentBack()
                ? null
                : ledger.first(other ->
                        other != side && other.isOf(policy) && other.barrier().holdsOthers());
    }

    private boolean holdsOthers() {
        ConnectionState state = side.connection().state();
        boolean sends =
                state == ConnectionState.OPEN || state == ConnectionState.SEALING || state == ConnectionState.DRAINING;
        return counted && sends && !side.closed() && order.unstarted(MOST_URGENT) > 0;
    }

    /** Its report has come. */
    void closed(CloseReport report) {
        if (suspicion != null && report.reason() == DisconnectReason.NETWORK_SHUTDOWN) {
            side.violated(suspicion);
        }
    }
}
