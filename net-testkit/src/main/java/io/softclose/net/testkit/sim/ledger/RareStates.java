/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.sim.kernel.LingeringEnd;
import io.softclose.net.testkit.sim.kernel.SocketHistory;
import io.softclose.net.testkit.sim.kernel.SocketHistory.ResetCause;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.world.LinkEnd;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often each rare state was reached: once at most by each end of a connection. */
public final class RareStates {
    private final Map<RareState, Long> counts = new EnumMap<>(RareState.class);
    private final boolean layered;

    /**
     * None so far.
     *
     * @param layered whether links have layers over them
     */
    public RareStates(boolean layered) {
        this.layered = layered;
    }

    void reached(RareState state) {
        counts.merge(state, 1L, Long::sum);
    }

    private void reachedIf(boolean so, RareState state) {
        if (so) {
            reached(state);
        }
    }

    /** Counts in the order of the states, zeros included. */
    public Map<String, Long> counts() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (RareState state : RareState.values()) {
            if (state.possible(layered)) {
                all.put(state.toString(), counts.getOrDefault(state, 0L));
            }
        }
        return all;
    }

    /** Looks at one end of a connection after everything is over. */
    public void look(LedgerSide side, @Nullable LedgerSide peer) {
        CloseReport report = side.report();
        if (report == null) {
            return;
        }
        SocketHistory here = side.history();
        CloseEnding ending = report.ending();
        lookAtEnds(side, here);
        lookAtLinger(here);
        reachedIf(here.bridged() >= stallTimeout(side, report) && ending != CloseEnding.STALL, RareState.STALL_AVERTED);
        reachedIf(here.resetCause() == ResetCause.INPUT_UNREAD, RareState.RESET_FOR_INPUT);
        reachedIf(ending == CloseEnding.DEADLINE && here.leftInput(), RareState.DEADLINE_OVER_INPUT);
        reachedIf(here.hadDeadLoop(), RareState.LOOP_DIED);
        reachedIf(side.gaveUpReading(), RareState.INPUT_GIVEN_UP);
        reachedIf(peer == null, RareState.GIVEN_UP_EARLY);
        reachedIf(ending == CloseEnding.CUT_OFF, RareState.CUT_OFF);
        reachedIf(
                ending == CloseEnding.CLEAN
                        && peer != null
                        && !peer.mayLeaveAtOnce()
                        && !side.sent().writtenAndNotHandled().isEmpty(),
                RareState.LOST_BEHIND_CROSSED_ENDS);
        reachedIf(report.account().count(Outcome.UNCERTAIN) > 0, RareState.UNCERTAIN);
        reachedIf(
                side.link().output().buffers().refusals() > 0
                        && report.account().count(Outcome.WRITTEN) > 0,
                RareState.MEMORY_SHORT);
        side.rare().forEach(this::reached);
    }

    private void lookAtEnds(LedgerSide side, SocketHistory here) {
        LinkEnd other = side.link().peer();
        if (other != null) {
            SocketHistory there = other.socket().history();
            boolean sentBoth = here.finSentAt() < SocketHistory.NEVER && there.finSentAt() < SocketHistory.NEVER;
            boolean crossed = here.finQueuedAt() < here.finReceivedAt() && there.finQueuedAt() < there.finReceivedAt();
            reachedIf(sentBoth && crossed, RareState.ENDS_CROSSED);
        }
        reachedIf(side.stream().endHeldBack(), RareState.END_HELD_BACK);
    }

    private void lookAtLinger(SocketHistory here) {
        if (here.lingered()) {
            boolean endedThen = here.finQueuedAt() != SocketHistory.NEVER && here.finQueuedAt() > here.leftAt();
            reachedIf(endedThen && here.resetCause() == ResetCause.NONE, RareState.LINGERED_QUIETLY);
            reachedIf(here.resetCause() == ResetCause.LINGERED, RareState.LINGER_DISCARDED);
            reachedIf(
                    here.resetCause() == ResetCause.LINGERED
                            && here.resetSentAt() - here.leftAt() >= LingeringEnd.SILENT.toNanos(),
                    RareState.LINGERED_TO_THE_LAST);
        }
    }

    private static long stallTimeout(LedgerSide side, CloseReport report) {
        return Ledger.nanos(side.planned(report.reason()).stallTimeout());
    }
}
