/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a field of a result file measures, by its name: {@code latencyMillis} is a latency in milliseconds.
 *
 * @param name in words
 * @param unit empty for a plain number or text
 */
public record Quantity(String name, String unit) {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    /** Ends of names, the more particular first. */
    private static final List<Quantity> ENDS = List.of(
            new Quantity("Millis", "ms"),
            new Quantity("BytesPerSecond", "B/s"),
            new Quantity("bytesPerSecond", "B/s"),
            new Quantity("Bytes", "B"));

    /** What a field measures. */
    public static Quantity of(String field) {
        for (Quantity end : ENDS) {
            if (field.endsWith(end.name())) {
                String name = field.substring(0, field.length() - end.name().length());
                return new Quantity(name.isEmpty() ? "rate" : words(name), end.unit());
            }
        }
        return new Quantity(words(field), "");
    }

    /** A value of it with its unit. */
    public String with(String value) {
        return unit.isEmpty() ? value : value + " " + unit;
    }

    /** Its name with its unit, for an axis or a column. */
    public String inWords() {
        return unit.isEmpty() ? name : name + ", " + unit;
    }

    /** {@code resetEvery} is {@code reset every}. */
    private static String words(String name) {
        return HUMP.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
    }
}
