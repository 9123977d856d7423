/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * From values to places, with round numbers to write beside.
 *
 * @param from the least value
 * @param to the greatest, more than the least
 * @param scale how values are spread
 */
record Axis(double from, double to, Scale scale) {
    private static final int MOST_TICKS = 5;
    private static final List<Double> STEPS = List.of(1.0, 2.0, 5.0, 10.0);

    /** How values are spread. */
    enum Scale {
        LINEAR,
        /** Each factor of ten as wide as the other; of values above zero. */
        LOGARITHMIC
    }

    /** From zero to a round number that is not less than this. */
    static Axis upTo(double greatest) {
        double step = step(Math.max(greatest, 1e-9));
        return new Axis(0, Math.ceil(greatest / step - 1e-9) * step + (greatest <= 0 ? step : 0), Scale.LINEAR);
    }

    /** Over these values: by factors if they are above zero and far apart, else from zero. */
    static Axis over(double least, double greatest) {
        return least > 0 && greatest >= 20 * least ? new Axis(least, greatest, Scale.LOGARITHMIC) : upTo(greatest);
    }

    /** Where a value is, from 0 to 1. */
    double place(double value) {
        return switch (scale) {
            case LINEAR -> (value - from) / (to - from);
            case LOGARITHMIC -> Math.log(value / from) / Math.log(to / from);
        };
    }

    /** Round numbers on it. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        switch (scale) {
            case LINEAR -> {
                double step = step(to - from);
                for (int i = (int) Math.ceil(from / step - 1e-9); i * step <= to * (1 + 1e-9); i++) {
                    ticks.add(i * step);
                }
            }
            case LOGARITHMIC -> {
                double decades = Math.log10(to / from);
                for (double power = Math.pow(10, Math.floor(Math.log10(from))); power <= to; power *= 10) {
                    for (double step : decades > 3 ? List.of(1.0) : List.of(1.0, 2.0, 5.0)) {
                        if (power * step >= from * (1 - 1e-9) && power * step <= to * (1 + 1e-9)) {
                            ticks.add(power * step);
                        }
                    }
                }
            }
        }
        return ticks;
    }

    private static double step(double range) {
        double rough = range / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        return STEPS.stream()
                .map(step -> step * power)
                .filter(step -> range / step <= MOST_TICKS + 1e-9)
                .findFirst()
                .orElse(10 * power);
    }
}
