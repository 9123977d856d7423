/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import java.util.ArrayList;
import java.util.List;

/**
 * How each message of one end has ended: as its listener was told, or as the report says, once, and so as the link can have
 * it. The report returns those that did not go, and no others.
 */
public final class OutcomeCheck {
    private final LedgerSide side;
    private final SentMessages sent;
    private final AccountCheck account;
    private final OrderCheck order;
    private final StateCheck states;

    OutcomeCheck(LedgerSide side, SentMessages sent, AccountCheck account, OrderCheck order, StateCheck states) {
        this.side = side;
        this.sent = sent;
        this.account = account;
        this.order = order;
        this.states = states;
    }

    /** A listener was told. */
    public void told(Sent one, Message message, Outcome outcome) {
        if (message != one.message || !one.accepted || one.outcome != null || side.closed()) {
            side.violated("told " + outcome + " of another message, or again, or too late: " + one);
            return;
        }
        account.told(one, outcome);
        conclude(one, outcome);
    }

    /** The report has come; what has no outcome even so. */
    List<Sent> closed(CloseReport made) {
        ReturnedCheck returned = new ReturnedCheck(side::violated);
        made.returned().forEach(one -> {
            Sent which = sent.find(one.message());
            if (returned.check(one, which) && which != null && !which.listened) {
                conclude(which, one.outcome());
            }
        });
        List<Sent> missing = new ArrayList<>();
        for (Sent one : sent.all()) {
            if (!one.plain()) {
                one.outcome = one.shown(side.stream());
            } else if (one.accepted && one.outcome == null && !one.listened) {
                conclude(one, Outcome.WRITTEN);
            }
            if (one.accepted && one.outcome == null) {
                missing.add(one);
            } else if (one.accepted && one.returned != ReturnedCheck.expected(one)) {
                side.violated((one.returned ? "returned: " : "not returned: ") + one);
            }
        }
        return missing;
    }

    private void conclude(Sent one, Outcome outcome) {
        OwnStream stream = side.stream();
        one.outcome = outcome;
        one.endedAt = side.now();
        one.endedWhileClosing = side.connection().state().closing();
        if (outcome == Outcome.EXPIRED
                && states.state() == ConnectionState.OPEN
                && side.loop().runsTimer()) {
            side.rare().add(RareState.EXPIRED_BY_TIMER);
        }
        if (one.streamed && one.started() && outcome == Outcome.UNSENT) {
            side.rare().add(RareState.STREAM_CUT);
        }
        if (!one.started()) {
            order.endsUnstarted(one);
        }
        if (!one.mayEndAs(outcome, stream, side.now())) {
            side.violated("cannot end so, with " + stream.taken() + " bytes taken and " + stream.flushed()
                    + " flushed: " + one);
        }
    }
}
