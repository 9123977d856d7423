/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.ConnectionState;
import io.softclose.net.Outcome;
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
    /** The frame that began last without saying whose it is. */
    private Begun unknown = new Begun(Sent.UNKNOWN, 0, ConnectionState.OPEN, null);

    /**
     * What there was to be known when a frame began.
     *
     * @param at where it begins in its link's stream
     * @param time on the network's clock
     */
    private record Begun(
            long at,
            long time,
            ConnectionState state,
            @Nullable CloseDecision decision) {
        List<Integer> laneOrder() {
            return decision instanceof CloseDecision.Drain drain ? drain.laneOrder() : List.of();
        }
    }

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
    public void begins(long at) {
        unknown = begun(at);
    }

    @Override
    public void starts(int sender, int which, long at) {
        if (sender != side.number() || !sent.has(which)) {
            side.violated("a message on the wire that it was never offered: " + which + " of " + sender);
            return;
        }
        Sent one = sent.get(which);
        boolean late = unknown.at() == at;
        Begun then = late ? unknown : begun(at);
        boolean over = one.outcome != null && !(late && cutSince(then, one));
        if (!one.accepted || one.started() || over || one.neverSeen) {
            side.violated("starts without being accepted, or twice, or after its outcome: " + one);
        }
        if (one.expiresAt <= then.time()) {
            side.violated("starts after its time to live: " + one);
        }
        checkMayStart(one, then, late);
        order.starts(one);
        one.start = at;
    }

    /** Whether it was cut off as a stream once its first bytes had left, but before they said whose they are. */
    private static boolean cutSince(Begun then, Sent one) {
        return one.streamed && one.outcome == Outcome.UNSENT && one.endedAt >= then.time();
    }

    private Begun begun(long at) {
        return new Begun(at, side.now(), side.connection().state(), decision);
    }

    @Override
    public void ends(int sender, int which, long at) {
        if (sender == side.number() && sent.has(which)) {
            Sent one = sent.get(which);
            one.end = at;
            sent.onWire(one);
        }
    }

    private void checkMayStart(Sent one, Begun then, boolean late) {
        if (then.state().compareTo(ConnectionState.FINISHING) >= 0) {
            side.violated("starts in " + then.state() + ": " + one);
        }
        if (then.state() != ConnectionState.SEALING && then.state() != ConnectionState.DRAINING) {
            return;
        }
        if (!then.laneOrder().contains(one.lane)) {
            side.violated("starts although its policy decided " + then.decision() + ": " + one);
        }
        // What else waited then is not known any more if it is late.
        if (!late) {
            side.barrier().starts(one, then.laneOrder());
            if (orders.drainsSealed()) {
                order.checkUrgency(one, then.laneOrder());
            }
        }
    }
}
