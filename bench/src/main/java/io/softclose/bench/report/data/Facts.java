/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where results come from.
 *
 * @param command what was run, as it would be typed
 * @param conditions what it was run on and with: names and values in words, in the order in which they are told
 */
public record Facts(String command, Map<String, String> conditions) {
    /** As our own commands write them. */
    private static final List<String> ORIGIN = List.of("at", "java", "os", "arch");

    /** Copies the map. */
    public Facts {
        conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    }

    /** Those that our own commands write. */
    static Facts of(Fields result) throws BadResultException {
        Map<String, String> conditions = new LinkedHashMap<>();
        for (String name : ORIGIN) {
            conditions.put(name, result.text(name));
        }
        conditions.put("processors", Long.toString(result.count("processors")));
        if (result.has("settings")) {
            result.object("settings").inWords().forEach((name, value) -> {
                Quantity quantity = Quantity.of(name);
                String amount = value.endsWith(".0") ? value.substring(0, value.length() - 2) : value;
                conditions.put(quantity.name(), quantity.unit().isEmpty() ? value : quantity.with(amount));
            });
        }
        return new Facts(result.text("command"), conditions);
    }
}
