/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import io.softclose.net.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts of outcomes in a result file. */
final class Outcomes {
    private Outcomes() {}

    /** The object {@code outcomes}: a count for each outcome that it names, and zero for the others. */
    static Map<Outcome, Long> of(Fields parent) throws BadResultException {
        Fields fields = parent.object("outcomes");
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, 0L);
        }
        for (String name : fields.names()) {
            Outcome outcome = Arrays.stream(Outcome.values())
                    .filter(each -> each.name().equals(name))
                    .findAny()
                    .orElseThrow(() -> fields.bad(
                            name,
                            "no outcome (expected: one of "
                                    + Arrays.stream(Outcome.values())
                                            .map(Outcome::name)
                                            .collect(Collectors.joining(", "))
                                    + ")"));
            counts.put(outcome, fields.count(name));
        }
        return Collections.unmodifiableMap(counts);
    }
}
