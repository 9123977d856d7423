/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static java.util.Objects.requireNonNull;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** A figure of a benchmark's result. */
enum Metric {
    /** Messages a second, the median of the iterations. */
    RATE("msg/s", Better.HIGHER) {
        @Override
        double of(RunResult result) {
            return percentile(result, 50);
        }
    },
    /** Messages a second while as many as a backlog has are carried, the median of the shots. */
    SHOT_RATE("msg/s", Better.HIGHER) {
        @Override
        double of(RunResult result) {
            double seconds = percentile(result, 50) / 1000;
            return Integer.parseInt(result.getParams().getParam("backlog")) / seconds;
        }
    },
    /** The median of a time. */
    P50("us", Better.LOWER) {
        @Override
        double of(RunResult result) {
            return percentile(result, 50);
        }
    },
    /** The time that one in a hundred exceeds. */
    P99("us", Better.LOWER) {
        @Override
        double of(RunResult result) {
            return percentile(result, 99);
        }
    },
    /** The time that one in a thousand exceeds; not a number if fewer than {@link #FEWEST_OF_A_TAIL} do. */
    P999("us", Better.LOWER) {
        @Override
        double of(RunResult result) {
            return tail(result.getPrimaryResult().getStatistics(), 1_000);
        }
    },
    /** What is allocated for a message. */
    ALLOCATION("B/msg", Better.LOWER) {
        @Override
        double of(RunResult result) {
            return requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"), "gc.alloc.rate.norm")
                    .getScore();
        }
    };

    /** Which way is better. */
    enum Better {
        HIGHER,
        LOWER
    }

    /** A percentile that rests on fewer samples beyond it is the luck of the run. */
    static final int FEWEST_OF_A_TAIL = 10;

    private final String unit;
    private final Better better;

    Metric(String unit, Better better) {
        this.unit = unit;
        this.better = better;
    }

    String unit() {
        return unit;
    }

    Better better() {
        return better;
    }

    /** The figure of one run. */
    abstract double of(RunResult result);

    /** What one sample in so many exceeds, if enough samples do; else not a number. */
    static double tail(Statistics samples, int oneIn) {
        return samples.getN() / oneIn < FEWEST_OF_A_TAIL ? Double.NaN : samples.getPercentile(100 - 100.0 / oneIn);
    }

    private static double percentile(RunResult result, double rank) {
        return result.getPrimaryResult().getStatistics().getPercentile(rank);
    }
}
