/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.time.Duration;

/**
 * How a policy divides the time of one close: first for starting messages, then for flushing and for the peer's end. A
 * message that is on its way when the deadline comes endangers even those that were sent in time, so the end always
 * gets a part: <b>a close that was given less time than its plan asks for keeps a quarter of it.</b>
 *
 * @param drain the most that messages may be started for; longer than zero
 * @param finish the most that the rest may take then; longer than zero
 */
public record DrainBudget(Duration drain, Duration finish) {
    /** A close that was given less than its plan asks for keeps one part in this many for the end. */
    private static final int PARTS = 4;

    /** Checks the times. */
    public DrainBudget {
        Require.positive("drain", drain);
        Require.positive("finish", finish);
    }

    /** The time of the whole close, for its plan. */
    public Duration total() {
        return drain.plus(finish);
    }

    /** How long this close may start messages in all: {@link #drain}, or what its time leaves for that. */
    public Duration drainLimit(CloseSnapshot snapshot) {
        Duration granted = snapshot.elapsed().plus(snapshot.remaining());
        if (granted.compareTo(total()) >= 0) {
            return drain;
        }
        Duration share = granted.minus(granted.dividedBy(PARTS));
        return share.compareTo(drain) < 0 ? share : drain;
    }

    /**
     * How long a close that has nothing else to do waits for answers, owed and awaited; zero if there are none.
     *
     * @param timeout the most that it waits for them, from its start
     * @param drainLeft how long it may still start messages, answers included
     */
    public static Duration answersLeft(CloseSnapshot snapshot, Duration timeout, Duration drainLeft) {
        Duration left = timeout.minus(snapshot.elapsed());
        if (snapshot.answered() || left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(drainLeft) < 0 ? left : drainLeft;
    }

    /** How long this close may still start messages; zero when that is over. */
    public Duration drainLeft(CloseSnapshot snapshot) {
        Duration left = drainLimit(snapshot).minus(snapshot.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
