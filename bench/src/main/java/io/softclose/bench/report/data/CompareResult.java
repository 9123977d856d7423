/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code compare --json} wrote.
 *
 * @param interrupted whether it ended before all was run
 * @param cells its runs, in the order of the file
 */
public record CompareResult(String file, Facts facts, boolean interrupted, List<Cell> cells) implements Result {
    /** Copies the list. */
    public CompareResult {
        cells = List.copyOf(cells);
    }

    /**
     * One run.
     *
     * @param conditions of the run's path and close, by name, with the unit at the name's end as in the file; empty if it had
     *     none of its own
     * @param figures none if the run did not come to its end
     * @param faults what must not be
     */
    public record Cell(
            String transport,
            String policy,
            String scenario,
            String reader,
            Map<String, Double> conditions,
            Optional<Figures> figures,
            List<String> faults) {
        /** Copies the collections. */
        public Cell {
            conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
            faults = List.copyOf(faults);
        }

        /** Everything but the policy, in words: what runs have in common that stand beside each other. */
        public String surroundings() {
            return "reader " + reader + Conditions.inWords(conditions);
        }

        /** The same without one of the conditions. */
        public String surroundingsBut(String condition) {
            Map<String, Double> others = new LinkedHashMap<>(conditions);
            others.remove(condition);
            return "reader " + reader + Conditions.inWords(others);
        }
    }

    /**
     * What became of a run's messages.
     *
     * @param accepted messages that the connection accepted
     * @param delivered messages that the receiving handler had
     * @param outcomes as the sender was told
     * @param lost the accepted that the handler never had
     * @param silentlyLost those of the lost that the sender was told are WRITTEN or DELIVERED
     * @param lossless what the sender's report says
     * @param ending how the sender's close ended
     * @param closeMillis how long it took
     */
    public record Figures(
            long accepted,
            long delivered,
            Map<Outcome, Long> outcomes,
            long lost,
            long silentlyLost,
            boolean lossless,
            String ending,
            double closeMillis) {}

    static CompareResult of(Fields result) throws BadResultException {
        List<Cell> cells = new ArrayList<>();
        for (Fields cell : result.objects("cells")) {
            cells.add(cell(cell));
        }
        return new CompareResult(result.file(), Facts.of(result), result.flag("interrupted"), cells);
    }

    private static Cell cell(Fields cell) throws BadResultException {
        List<String> faults = cell.texts("faults");
        boolean failed = !cell.has("accepted") && !faults.isEmpty();
        return new Cell(
                cell.text("transport"),
                cell.text("policy"),
                cell.text("scenario"),
                cell.text("reader"),
                Conditions.of(cell),
                failed ? Optional.empty() : Optional.of(figures(cell)),
                faults);
    }

    private static Figures figures(Fields cell) throws BadResultException {
        return new Figures(
                cell.count("accepted"),
                cell.count("delivered"),
                Outcomes.of(cell),
                cell.count("lost"),
                cell.count("silentlyLost"),
                cell.flag("lossless"),
                cell.text("ending"),
                cell.amount("closeMillis"));
    }
}
