/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static java.util.Objects.requireNonNull;

import org.openjdk.jmh.results.RunResult;

/** A figure of a benchmark's result. */
enum Metric {
    /** Messages a second, the median of the iterations. */
    RATE("msg/s", Better.HIGHER) {
        @Override
        double of(RunResult result) {
            return percentile(result, 50);
        }
    },
    /** Messages a second while a close drains a backlog, the median of the shots. */
    DRAIN_RATE("msg/s", Better.HIGHER) {
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

    private static double percentile(RunResult result, double rank) {
        return result.getPrimaryResult().getStatistics().getPercentile(rank);
    }
}
