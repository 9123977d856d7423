/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Limits;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;

/**
 * How fast an end with inbound limits reads: its handlers have no more messages than the limits let through. It may rest at any
 * time, for nobody else knows what it holds; all other rules hold for it as for any end: it writes, is judged and closes as if it read.
 */
final class PaceCheck {
    private final LedgerSide side;
    private final long messagesPerSecond;
    private final boolean limited;
    private final long openedAt;
    private long handled;
    private boolean rested;

    PaceCheck(LedgerSide side, Limits limits) {
        this.side = side;
        messagesPerSecond = limits.inboundMessagesPerSecond();
        limited = messagesPerSecond + limits.inboundBytesPerSecond() > 0;
        openedAt = side.now();
    }

    /** A handler has a message. What comes last is read at once: before the peer's end, or when the link is gone. */
    void handled() {
        handled++;
        double most = messagesPerSecond * (1 + (side.now() - openedAt) / 1e9) + 1;
        boolean goesOn = side.link().isOpen() && side.history().finReceivedAt() > side.now();
        if (messagesPerSecond > 0 && goesOn && handled > most) {
            side.violated("has handed on " + handled + " messages in " + (side.now() - openedAt) + " ns (expected: "
                    + messagesPerSecond + " a second, and as many at once)");
        }
    }

    /** When nothing is left to do at the present time; whether it may read nothing for the limits' sake. */
    boolean mayRest() {
        boolean reads = side.link().input().reads();
        if (rested && reads) {
            side.rare().add(RareState.RESTED_FOR_PACE);
        }
        rested = limited && !reads && !side.handlers().busy();
        return limited;
    }
}
