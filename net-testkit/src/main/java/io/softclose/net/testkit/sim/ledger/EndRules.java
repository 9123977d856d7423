/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.sim.kernel.LingeringEnd;
import io.softclose.net.testkit.sim.kernel.SocketHistory;
import io.softclose.net.testkit.sim.kernel.SocketHistory.ResetCause;
import io.softclose.net.testkit.sim.world.LinkEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of how one end of a connection ended, judged by what the two kernels did and by what the peer's
 * handlers had. Nothing here asks the links that the engine asked.
 */
final class EndRules {
    private final LedgerSide side;
    /** The other end; null if that never opened. */
    private final @Nullable LedgerSide peer;

    private final SocketHistory here;
    private final OwnStream stream;
    private final boolean hasOther;
    private final @Nullable OwnStream there;

    EndRules(Ledger ledger, LedgerSide side, @Nullable LedgerSide peer) {
        this.side = side;
        this.peer = peer;
        here = side.history();
        stream = side.stream();
        LinkEnd other = side.link().peer();
        hasOther = other != null;
        there = other == null ? null : ledger.streamOf(other);
    }

    /** When its report comes. */
    static void checkStall(LedgerSide side, CloseReport report) {
        if (report.ending() == CloseEnding.STALL) {
            SocketHistory here = side.history();
            long limit = Ledger.nanos(side.planned(report.reason()).stallTimeout());
            long quiet = here.leftAt() - here.progressBeforeLeft();
            // Where a reset came in between, an attempt to write found no room though there had been some.
            boolean whole = here.brokenAt() > here.leftAt();
            if (whole && here.progressBeforeLeft() >= 0 && quiet < limit) {
                side.violated("ended as STALL though the peer's kernel took bytes " + quiet + " ns before, of "
                        + Duration.ofNanos(limit));
            }
        }
    }

    /** When its report comes: what failed unexpectedly was made to, and says so. */
    static void checkFailure(LedgerSide side, CloseReport report) {
        String cause = String.valueOf(report.error().orElse(null));
        if (report.detail().contains("an unexpected failure") && !cause.contains("on purpose")) {
            side.violated("its engine failed: " + report);
        }
    }

    /** When everything is over. */
    void check() {
        CloseReport report = side.report();
        if (report == null) {
            return;
        }
        checkEnd();
        checkReset(report.ending());
        if (peer != null && peer.stream().toldEnd() && peer.stream().endedAt() != Sent.NEVER) {
            // Its engine may have held something back; then it must not leave as one that has handled everything.
            // What it gave up after its own end says nothing of what came behind that.
            boolean gaveUp = peer.gaveUpReading() || peer.handlers().gaveUpSome();
            long all = gaveUp ? peer.stream().receivedBeforeEnd() : Long.MAX_VALUE;
            for (Sent lost : side.sent().writtenAndNotHandled()) {
                if (lost.within(all)) {
                    side.violated("lost, although the peer has read on until our end, and sent its own: " + lost);
                }
            }
        }
        if (report.ending() == CloseEnding.CLEAN) {
            checkClean(report);
        }
    }

    /** Our end says that what had come before it was handled. */
    private void checkEnd() {
        if (here.finQueuedAt() != SocketHistory.NEVER && here.unreadAtFin() > 0) {
            side.violated("sent its end with " + here.unreadAtFin() + " bytes unread");
        }
        if (stream.unreadAtEnd() > 0) {
            side.violated("said its end with " + stream.unreadAtEnd() + " bytes unread");
        }
        if (stream.endedAfterCut()) {
            side.violated("said its end although its peer had been cut off");
        }
        if (stream.toldEnd() && !stream.peerSaidEnd()) {
            side.violated("was told of an end that its peer never said");
        }
    }

    /** A reset destroys what the peer has not read. */
    private void checkReset(CloseEnding ending) {
        ResetCause cause = here.resetCause();
        if (cause == ResetCause.NONE) {
            return;
        }
        Duration after = Duration.ofNanos(here.resetSentAt() - here.leftAt());
        boolean outOfTime = ending == CloseEnding.DEADLINE || ending == CloseEnding.STALL;
        if (outOfTime && !lingeredInFull(after)) {
            side.violated("ended as " + ending + ", and reset its peer " + after + " later: " + cause);
        }
        boolean may = cause == ResetCause.ABORTED || here.lingered() || side.mayLeaveAtOnce();
        if (here.finQueuedAt() < here.resetSentAt() && !may) {
            side.violated("sent its end, and then a reset: " + cause);
        }
    }

    private boolean lingeredInFull(Duration after) {
        long heard = Math.max(here.leftAt(), here.lastArrivalAt());
        long ended = here.finReceivedAt() <= here.resetSentAt() ? here.finReceivedAt() : heard;
        long silent = here.resetSentAt() - Math.max(heard, ended);
        return silent >= LingeringEnd.SILENT.toNanos() || after.compareTo(LingeringEnd.LONGEST) >= 0;
    }

    /**
     * What was WRITTEN by a CLEAN close was handled. Only what arrived after the peer had ended, too, may be lost: the
     * ends had crossed. And only if the peer's own report says that it did not come to the end of it.
     */
    private void checkClean(CloseReport report) {
        if (report.account().count(Outcome.UNCERTAIN) > 0) {
            side.violated("clean with " + report.account());
        }
        boolean cutOff = side.link().input().toldEnd();
        if (!stream.peerSaidEnd() && (cutOff || side.sent().anyWritten())) {
            side.violated("clean although the peer never said its end" + (cutOff ? ", and its link had read one" : ""));
        }
        if (stream.peerEndedAt() < stream.endedAt() && side.sent().anyWritten()) {
            side.violated("clean although the peer's end had come " + (stream.endedAt() - stream.peerEndedAt())
                    + " ns before ours");
        }
        if (!hasOther || (peer != null && peer.mayLeaveAtOnce())) {
            return;
        }
        // A peer that never opened was refused, which is its word that it handled nothing.
        boolean peerFailed = peer == null || (peer.report() != null && !leftPolitely(peer));
        long before = there == null ? 0 : there.receivedBeforeEnd();
        for (Sent lost : side.sent().writtenAndNotHandled()) {
            if (!peerFailed || lost.end <= before) {
                side.violated("lost by a clean close, of whose stream " + before
                        + " bytes had arrived when the peer ended: " + lost);
                return;
            }
        }
    }

    /** Whether an end, going by its own report and policy, left only after it had read its peer's end. */
    private static boolean leftPolitely(LedgerSide end) {
        CloseReport made = end.report();
        return made != null
                && !end.mayLeaveAtOnce()
                && (made.ending() == CloseEnding.CLEAN || made.ending() == CloseEnding.UNCONFIRMED);
    }
}
