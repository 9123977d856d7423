/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.policy.drain.DropPolicy;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;

/**
 * One connection at one of its ends, when it has closed.
 *
 * @param number within its node, over all its starts
 * @param remote where its peer is, as it sees it; of an inbound one that tells connections apart
 * @param from when it had opened, or was dialled, by the clock that both nodes share
 * @param until when it had closed
 * @param written what was WRITTEN to it
 */
record Ended(
        long number,
        Direction direction,
        SocketAddress remote,
        long from,
        long until,
        Summary summary,
        List<Sent> written) {
    /** No connection's number. */
    static final long NONE = -1;

    /** What of its report is looked at in the end; reports themselves hold what came back. */
    record Summary(CloseEnding ending, String policy, String text) {
        static Summary of(CloseReport report) {
            return new Summary(report.ending(), report.policy(), report.toString());
        }
    }

    /** The number of a connection within its node: each start of a node counts its own from 1. */
    static long number(int start, long id) {
        return ((long) start << Integer.SIZE) + id;
    }

    boolean clean() {
        return summary.ending == CloseEnding.CLEAN;
    }

    /** Whether somebody between has said it an end, of these that came from there. */
    boolean isAmong(Set<SocketAddress> cuts) {
        return direction == Direction.INBOUND && cuts.contains(remote);
    }

    /** Whether it could be the same connection's other end. */
    boolean mayBe(Ended other) {
        return direction != other.direction && from <= other.until && other.from <= until;
    }

    /**
     * Whether it may have lost input after its end had gone out, as only its own report says: it ran out of time, failed, or
     * its policy closes at once.
     */
    boolean mayHaveLostInput() {
        return switch (summary.ending) {
            case DEADLINE, STALL, ERROR, CUT_OFF -> true;
            case CLEAN, UNCONFIRMED -> summary.policy.equals(DropPolicy.NAME);
        };
    }

    @Override
    public String toString() {
        return "connection " + (number >>> Integer.SIZE) + "/" + (int) number + " " + direction + ", " + summary.text;
    }
}
