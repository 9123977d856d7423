/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How long rounds took, to three digits. Zero if there was none.
 *
 * @param distribution from short to long, finer towards the end
 */
public record RoundTimes(Duration median, Duration p99, Duration longest, List<Share> distribution) {
    private static final int TICKS_PER_HALF = 10;

    /** Copies the list. */
    public RoundTimes {
        distribution = List.copyOf(distribution);
    }

    /** So many in a hundred took at most so long. */
    public record Share(double percent, Duration atMost) {}

    /** Those of a histogram of microseconds. */
    public static RoundTimes of(Histogram micros) {
        return new RoundTimes(at(micros, 50), at(micros, 99), at(micros, 100), distribution(micros));
    }

    private static List<Share> distribution(Histogram micros) {
        List<Share> shares = new ArrayList<>();
        if (micros.getTotalCount() > 0) {
            long last = -1;
            for (HistogramIterationValue step : micros.percentiles(TICKS_PER_HALF)) {
                if (step.getValueIteratedTo() > last) {
                    last = step.getValueIteratedTo();
                    shares.add(new Share(step.getPercentile(), Duration.of(last, ChronoUnit.MICROS)));
                }
            }
        }
        return shares;
    }

    private static Duration at(Histogram micros, double percentile) {
        return Duration.of(micros.getValueAtPercentile(percentile), ChronoUnit.MICROS);
    }
}
