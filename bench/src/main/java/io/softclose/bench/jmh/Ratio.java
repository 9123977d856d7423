/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.jmh.Metric.Better;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ours divided by the baseline's, over the rounds.
 *
 * @param median of the rounds' ratios
 * @param min the least of them
 * @param max the greatest of them
 */
public record Ratio(double median, double min, double max) {
    /**
     * Pairs the figures of each round. If one of them is not a number, nothing is.
     *
     * @param ours one a round
     * @param baseline as many
     */
    public static Ratio of(List<Double> ours, List<Double> baseline) {
        if (ours.isEmpty() || ours.size() != baseline.size()) {
            throw new IllegalArgumentException(
                    "rounds: " + ours.size() + " and " + baseline.size() + " (expected: as many, at least one)");
        }
        double[] ratios = IntStream.range(0, ours.size())
                .mapToDouble(round -> ours.get(round) / baseline.get(round))
                .sorted()
                .toArray();
        // They are sorted behind all numbers.
        if (Double.isNaN(ratios[ratios.length - 1])) {
            return new Ratio(Double.NaN, Double.NaN, Double.NaN);
        }
        return new Ratio(median(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    /** The median of figures in any order; not a number if one of them is not. */
    public static double median(List<Double> figures) {
        if (figures.contains(Double.NaN)) {
            return Double.NaN;
        }
        return median(figures.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether the median reaches a goal. */
    boolean meets(double goal, Better better) {
        return better == Better.HIGHER ? median >= goal : median <= goal;
    }
}
