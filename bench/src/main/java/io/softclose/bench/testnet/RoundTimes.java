/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.HdrHistogram.Histogram;

/** How long rounds took, to three digits. Zero if there was none. */
record RoundTimes(Duration median, Duration p99, Duration longest) {
    /** Those of a histogram of microseconds. */
    static RoundTimes of(Histogram micros) {
        return new RoundTimes(at(micros, 50), at(micros, 99), at(micros, 100));
    }

    private static Duration at(Histogram micros, double percentile) {
        return Duration.of(micros.getValueAtPercentile(percentile), ChronoUnit.MICROS);
    }
}
