/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers in words, the same wherever they are made. */
public final class Numbers {
    private static final int DIGITS = 4;

    private Numbers() {}

    /** {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** To four digits, and to all of those before the point: {@code 12,345}, {@code 1.235}, {@code 0.0001235}. */
    public static String rounded(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded = Math.abs(value) >= 1_000
                ? exact.setScale(0, RoundingMode.HALF_UP)
                : exact.round(new MathContext(DIGITS, RoundingMode.HALF_UP));
        BigDecimal plain = rounded.stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(0, plain.scale()) + "f", plain);
    }

    /** A part of a whole, {@code 12.3 %}; what is not nothing and not all is never called so. */
    public static String percent(long part, long whole) {
        if (whole == 0) {
            return "none";
        }
        double percent = 100.0 * part / whole;
        if (part > 0 && percent < 0.05) {
            return "under 0.1 %";
        }
        if (part < whole && percent >= 99.95) {
            return "over 99.9 %";
        }
        return String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f %%" : "%.1f %%", percent);
    }

    /** A coordinate in a drawing. */
    static String at(double coordinate) {
        String text = String.format(Locale.ROOT, "%.2f", coordinate);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }
}
