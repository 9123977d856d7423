/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import java.time.Duration;

/** Durations as nanoseconds on a monotonic clock. */
public final class Nanos {
    /** Longest span that may be added to a clock's reading: about 146 years. */
    public static final long MOST = Long.MAX_VALUE / 2;

    private Nanos() {}

    /** The duration in nanoseconds, at most 146 years and at least zero. */
    public static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(MOST)) > 0 ? MOST : duration.toNanos();
    }

    /** Which of two moments of one clock comes first. */
    public static long earliest(long one, long other) {
        return other - one < 0 ? other : one;
    }

    /** Which of two moments of one clock comes later. */
    public static long latest(long one, long other) {
        return other - one > 0 ? other : one;
    }
}
