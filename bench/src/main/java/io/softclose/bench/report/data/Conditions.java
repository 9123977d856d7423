/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run of {@code compare} closed under, by name, the unit at the name's end as in the file. */
final class Conditions {
    private Conditions() {}

    /** The object {@code conditions}; empty if there is none. */
    static Map<String, Double> of(Fields run) throws BadResultException {
        Map<String, Double> conditions = new LinkedHashMap<>();
        if (run.has("conditions")) {
            Fields given = run.object("conditions");
            for (String name : given.names()) {
                conditions.put(name, given.amount(name));
            }
        }
        return conditions;
    }

    /** Each after a comma: {@code , deadline 500 ms}. */
    static String inWords(Map<String, Double> conditions) {
        return conditions.entrySet().stream()
                .map(condition -> {
                    Quantity quantity = Quantity.of(condition.getKey());
                    return ", " + quantity.name() + " " + quantity.with(exact(condition.getValue()));
                })
                .collect(Collectors.joining());
    }

    private static String exact(double value) {
        return value == Math.rint(value) && value < 1e15
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : Double.toString(value);
    }
}
