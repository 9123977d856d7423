/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import java.time.Duration;

/** Durations as the loop's clock counts. */
public final class Nanos {
    /** The longest that is told apart: added to any reading of the clock, it is still later than that. */
    private static final long MOST = Long.MAX_VALUE / 2;

    private Nanos() {}

    /** The nanoseconds of a duration, or 146 years if it is longer. */
    public static long of(Duration duration) {
        try {
            return Math.min(duration.toNanos(), MOST);
        } catch (ArithmeticException tooLong) {
            return MOST;
        }
    }
}
