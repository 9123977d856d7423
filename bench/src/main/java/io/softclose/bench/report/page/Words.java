/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.BarChart.Bar;
import io.softclose.bench.report.chart.BarChart.Part;
import io.softclose.bench.report.chart.Numbers;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What several sections say and draw in the same way. */
final class Words {
    private Words() {}

    /** {@code 95 of 100 (95 %)}. */
    static String share(long part, long whole) {
        return Numbers.count(part) + " of " + Numbers.count(whole) + " (" + Numbers.percent(part, whole) + ")";
    }

    static String millis(double millis) {
        return Numbers.rounded(millis) + " ms";
    }

    /** As in the tables on the command line. */
    static String handOver(boolean on) {
        return on ? "with hand-over" : "without hand-over";
    }

    /** The outcomes that there were, with their counts. */
    static String told(Map<Outcome, Long> outcomes) {
        String told = Arrays.stream(Outcome.values())
                .filter(outcome -> outcomes.getOrDefault(outcome, 0L) > 0)
                .map(outcome -> Numbers.count(outcomes.getOrDefault(outcome, 0L)) + " " + outcome)
                .collect(Collectors.joining(", "));
        return told.isEmpty() ? "none" : told;
    }

    /** A bar of outcomes, one piece for each of these that there was. */
    static Bar outcomes(String label, String value, Map<Outcome, Long> outcomes, List<Outcome> shown) {
        List<Part> parts = new ArrayList<>();
        for (Outcome outcome : shown) {
            parts.add(new Part(outcome.name(), outcomes.getOrDefault(outcome, 0L), look(outcome)));
        }
        return new Bar(label, value, parts, Optional.empty());
    }

    /** Those that say that a message did not go, or not for certain. */
    static List<Outcome> losses() {
        return Arrays.stream(Outcome.values()).filter(Outcome::lost).toList();
    }

    private static int look(Outcome outcome) {
        return switch (outcome) {
            case WRITTEN -> 0;
            case UNSENT -> 1;
            case HANDED_OVER -> 2;
            case DISCARDED -> 3;
            case EXPIRED -> 4;
            case UNCERTAIN -> 5;
            case DELIVERED -> 6;
        };
    }
}
