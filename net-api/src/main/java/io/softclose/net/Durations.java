/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;

/** Durations as nanosecond counts. */
final class Durations {
    private Durations() {}

    /** The duration in nanoseconds, or {@link Long#MAX_VALUE} (292 years) if it is longer than that. */
    static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
