/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.CloseSnapshot;
import java.time.Duration;

/**
 * How the time of one close is divided: first for starting messages, then for flushing and for the peer's end.
 *
 * @param drain the most that messages may be started for
 * @param finish the most that the rest may take then
 */
record DrainBudget(Duration drain, Duration finish) {
    /** The time of the whole close. */
    Duration total() {
        return drain.plus(finish);
    }

    /**
     * How long this close may still start messages; zero when that is over. A close that was given less time than its
     * plan asked for keeps a quarter of it for finishing: what is cut off by the deadline is aborted, and that would
     * put at risk even what was sent in time.
     */
    Duration drainLeft(CloseSnapshot snapshot) {
        Duration granted = snapshot.elapsed().plus(snapshot.remaining());
        Duration limit = drain;
        if (granted.compareTo(total()) < 0) {
            Duration share = granted.minus(granted.dividedBy(4));
            limit = share.compareTo(drain) < 0 ? share : drain;
        }
        Duration left = limit.minus(snapshot.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Checks a setting of this name. */
    static void requirePositive(String name, Duration value) {
        requireNonNull(value, name);
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
