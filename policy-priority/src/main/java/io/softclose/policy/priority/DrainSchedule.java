/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.DrainBudget;
import java.time.Duration;

/**
 * How the time of one close is divided: how long each class may start messages, and what is kept for the rest.
 *
 * @param lanes with the drain timeouts of a close that has all the time it wants
 * @param drain the most that critical messages may be started for; the other classes' timeouts shrink with it
 * @param finish the most that flushing and waiting for the peer's end may take then
 */
record DrainSchedule(ClassLanes lanes, Duration drain, Duration finish) {
    /** The time of the whole close. */
    Duration total() {
        return budget().total();
    }

    /** How long this close may still start messages of a class; zero when that is over. */
    Duration timeLeft(MessageClass messageClass, CloseSnapshot snapshot) {
        Duration left = limit(messageClass, snapshot).minus(snapshot.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Duration limit(MessageClass messageClass, CloseSnapshot snapshot) {
        Duration planned = drainTimeout(MessageClass.CRITICAL);
        Duration longest = budget().drainLimit(snapshot);
        return longest.equals(planned)
                ? drainTimeout(messageClass)
                : scaled(longest, drainTimeout(messageClass), planned);
    }

    private DrainBudget budget() {
        return new DrainBudget(drain, finish);
    }

    private Duration drainTimeout(MessageClass messageClass) {
        return lanes.of(messageClass).drainTimeout();
    }

    /** A duration times a part of a whole, in floating point: the product of two durations fits no integer. */
    private static Duration scaled(Duration duration, Duration part, Duration whole) {
        return Duration.ofNanos(Math.round(duration.toNanos() * (seconds(part) / seconds(whole))));
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() * 1e-9;
    }
}
