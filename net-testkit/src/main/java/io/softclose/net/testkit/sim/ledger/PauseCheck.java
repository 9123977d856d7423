/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;

/** When its owner has paused one end, and what became of its peer meanwhile. */
final class PauseCheck {
    private final LedgerSide side;
    private boolean paused;
    /** If it was open then. */
    private long pausedAt = Sent.NEVER;

    PauseCheck(LedgerSide side) {
        this.side = side;
    }

    /** Its owner pauses, or goes on. */
    void wanted(Reading wanted) {
        paused = wanted == Reading.PAUSED;
        if (paused) {
            pausedAt = side.connection().state() == ConnectionState.OPEN ? side.now() : Sent.NEVER;
            return;
        }
        if (pausedSince(side.history().finReceivedAt())) {
            side.rare().add(RareState.PEER_OF_PAUSED_ENDED);
        }
        if (pausedSince(side.history().brokenAt())) {
            side.rare().add(RareState.PAUSED_BROKE);
        }
    }

    private boolean pausedSince(long then) {
        return pausedAt <= then && then <= side.now();
    }

    boolean paused() {
        return paused;
    }
}
