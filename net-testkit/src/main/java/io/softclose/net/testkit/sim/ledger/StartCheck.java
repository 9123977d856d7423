/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.ConnectionState;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.testkit.sim.ledger.evidence.CloseOrders;
import io.softclose.net.testkit.sim.ledger.evidence.WireTap;
import io.softclose.net.testkit.sim.scenario.WatchedPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one end puts on the wire. A message starts once, after it was accepted and before its outcome, within its time to
 * live; and during a close only if its lane is one that the policy's last decision lets go.
 */
final class StartCheck implements WireTap.Listener {
    private final LedgerSide side;
    private final SentMessages sent;
    private final OrderCheck order;
    private final CloseOrders orders;
    private final WatchedPolicy policy;
    /** What its policy decided when it was last asked for this connection, as far as that led to a write. */
    private @Nullable CloseDecision decision;

    StartCheck(LedgerSide side, SentMessages sent, OrderCheck order, CloseOrders orders, WatchedPolicy policy) {
        this.side = side;
        this.sent = sent;
        this.order = order;
        this.orders = orders;
        this.policy = policy;
    }

    /** Its link is offered bytes. */
    void writes() {
        if (policy.decidedNow()) {
            decision = policy.decision();
        }
    }

    @Override
    public void starts(int sender, int which, long at) {
        if (sender != side.number() || !sent.has(which)) {
            side.violated("a message on the wire that it was never offered: " + which + " of " + sender);
            return;
        }
        Sent one = sent.get(which);
        if (!one.accepted || one.started() || one.outcome != null || one.neverSeen) {
            side.violated("starts without being accepted, or twice, or after its outcome: " + one);
        }
        if (one.expiresAt <= side.now()) {
            side.violated("starts after its time to live: " + one);
        }
        checkMayStart(one);
        order.starts(one);
        one.start = at;
    }

    @Override
    public void ends(int sender, int which, long at) {
        if (sender == side.number() && sent.has(which)) {
            Sent one = sent.get(which);
            one.end = at;
            sent.onWire(one);
        }
    }

    private void checkMayStart(Sent one) {
        ConnectionState now = side.connection().state();
        if (now.compareTo(ConnectionState.FINISHING) >= 0) {
            side.violated("starts in " + now + ": " + one);
        }
        if (now != ConnectionState.SEALING && now != ConnectionState.DRAINING) {
            return;
        }
        List<Integer> laneOrder = decision instanceof CloseDecision.Drain drain ? drain.laneOrder() : List.of();
        if (!laneOrder.contains(one.lane)) {
            side.violated("starts although its policy decided " + decision + ": " + one);
        }
        side.barrier().starts(one, laneOrder);
        if (orders.sealed()) {
            order.checkUrgency(one, laneOrder);
        }
    }
}
