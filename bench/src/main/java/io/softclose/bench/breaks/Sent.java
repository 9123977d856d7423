/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.net.Outcome;
import org.jspecify.annotations.Nullable;

/** One message that was addressed to a peer. Guarded by its {@link Ledger}. */
final class Sent {
    /** How many senders a node has. */
    static final int SENDERS = 2;

    static final int LANES = 3;
    /** Within one of them, a start's messages keep their order. */
    static final int FORMS = SENDERS * LANES * 2;

    final int number;
    /** Which start of its node has sent it. */
    final int start;

    final int form;
    boolean accepted;

    @Nullable
    Outcome outcome;

    int handled;
    /** The connection's number at its receiver, by which it came. */
    long cameBy = Ended.NONE;

    /**
     * A message that is about to be sent.
     *
     * @param sender which of its node's senders
     * @param lane 0, the most urgent, to 2
     * @param streamed whether it is longer than a frame
     */
    Sent(int number, int start, int sender, int lane, boolean streamed) {
        this.number = number;
        this.start = start;
        form = (sender * LANES + lane) * 2 + (streamed ? 1 : 0);
    }

    /** Whether it can have arrived, as its sender was told. */
    boolean mayHaveLeft() {
        return outcome == Outcome.WRITTEN || outcome == Outcome.UNCERTAIN;
    }

    @Override
    public String toString() {
        return "#" + number + " (start " + start + ", sender " + form / 2 / LANES + ", lane " + form / 2 % LANES
                + (form % 2 == 1 ? ", streamed" : "") + ", " + outcome + ", handled " + handled + ")";
    }
}
