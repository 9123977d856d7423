/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.BarChart;
import io.softclose.bench.report.chart.BarChart.Bar;
import io.softclose.bench.report.chart.BarChart.Group;
import io.softclose.bench.report.chart.BarChart.Part;
import io.softclose.bench.report.chart.Numbers;
import io.softclose.bench.report.data.CompareResult;
import io.softclose.bench.report.data.CompareResult.Cell;
import io.softclose.bench.report.data.CompareResult.Figures;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** What {@code compare} counted: policies beside each other, for each transport, scenario and reader. */
final class CompareSection {
    /** Groups of bars in one drawing: more are a drawing more. */
    private static final int MOST_GROUPS = 4;

    private final CompareResult result;

    CompareSection(CompareResult result) {
        this.result = result;
    }

    void write(Sheet sheet, String id) {
        sheet.begin(id, "Closes compared", result.file());
        sheet.words(
                "Connections are closed with messages still queued. What arrived is counted at the receiving handler; what the "
                        + "sender was told, at the sender. Lost is what was accepted and never arrived; silently lost is what of that the sender "
                        + "was told is WRITTEN or DELIVERED.");
        sheet.facts("Made by", result.facts());
        sheet.warnings(warnings());
        Map<String, List<Cell>> families = result.cells().stream()
                .collect(Collectors.groupingBy(
                        cell -> cell.scenario() + " over " + cell.transport(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        families.forEach((family, cells) -> {
            sheet.heading(family);
            sheet.beginFigures();
            LossCurves curves = new LossCurves(cells);
            curves.charts().forEach(chart -> sheet.figure(chart, "", result.facts()));
            if (curves.charts().isEmpty()) {
                figures(
                        sheet,
                        new Kind("Messages lost, in % of those accepted", 100, "The whole width is 100 %."),
                        cells,
                        this::losses);
            }
            figures(sheet, new Kind("Time to close, ms", 0, "From the call to the report."), cells, this::closeTime);
            figures(
                    sheet,
                    new Kind("What the sender was told", 0, "All accepted messages by outcome."),
                    cells,
                    this::outcomes);
            sheet.endFigures();
            table(sheet, family, cells);
        });
        sheet.end();
    }

    /** What is drawn, to what scale, with what note. */
    private record Kind(String title, double greatest, String note) {}

    private void figures(Sheet sheet, Kind kind, List<Cell> cells, BiFunction<Cell, Figures, Bar> bar) {
        List<Group> groups = new ArrayList<>();
        cells.stream()
                .collect(Collectors.groupingBy(Cell::surroundings, LinkedHashMap::new, Collectors.toList()))
                .forEach((surroundings, beside) -> groups.add(new Group(
                        surroundings,
                        beside.stream()
                                .flatMap(cell -> cell.figures().map(f -> bar.apply(cell, f)).stream())
                                .toList())));
        for (int from = 0; from < groups.size(); from += MOST_GROUPS) {
            List<Group> shown = groups.subList(from, Math.min(groups.size(), from + MOST_GROUPS));
            sheet.figure(new BarChart(kind.title(), kind.greatest(), shown), kind.note(), result.facts());
        }
    }

    private Bar losses(Cell cell, Figures figures) {
        double percent = 100.0 / Math.max(1, figures.accepted());
        return new Bar(
                cell.policy(),
                Words.share(figures.lost(), figures.accepted())
                        + (figures.silentlyLost() > 0
                                ? ", " + Numbers.count(figures.silentlyLost()) + " silently"
                                : ""),
                List.of(
                        new Part("lost, and told", (figures.lost() - figures.silentlyLost()) * percent, 3),
                        new Part("lost silently", figures.silentlyLost() * percent, 5)),
                Optional.empty());
    }

    private Bar closeTime(Cell cell, Figures figures) {
        return Bar.of(
                cell.policy(), Words.millis(figures.closeMillis()) + ", " + figures.ending(), figures.closeMillis(), 0);
    }

    private Bar outcomes(Cell cell, Figures figures) {
        return Words.outcomes(
                cell.policy(),
                Numbers.count(figures.accepted()) + " accepted",
                figures.outcomes(),
                Arrays.asList(Outcome.values()));
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (result.interrupted()) {
            warnings.add("It was interrupted: not all runs were made.");
        }
        for (Cell cell : result.cells()) {
            cell.faults()
                    .forEach(fault -> warnings.add(cell.transport() + ", " + cell.scenario() + ", "
                            + cell.surroundings() + ", " + cell.policy() + ": " + fault));
        }
        return warnings;
    }

    private static void table(Sheet sheet, String family, List<Cell> cells) {
        List<String> headings = new ArrayList<>(List.of(
                "reader and path",
                "policy",
                "accepted",
                "arrived",
                "lost",
                "silently lost",
                "lossless",
                "time to close, ms",
                "ending"));
        Arrays.stream(Outcome.values()).map(Outcome::name).forEach(headings::add);
        List<List<String>> rows = new ArrayList<>();
        for (Cell cell : cells) {
            List<String> row = new ArrayList<>(List.of(cell.surroundings(), cell.policy()));
            row.addAll(cell.figures().map(CompareSection::figures).orElse(List.of("FAILED")));
            rows.add(row);
        }
        sheet.table("Table: " + family, headings, 2, rows);
    }

    private static List<String> figures(Figures figures) {
        List<String> cells = new ArrayList<>(List.of(
                Numbers.count(figures.accepted()),
                Numbers.count(figures.delivered()),
                Numbers.count(figures.lost()),
                Numbers.count(figures.silentlyLost()),
                figures.lossless() ? "yes" : "no",
                Numbers.rounded(figures.closeMillis()),
                figures.ending()));
        figures.outcomes().values().forEach(count -> cells.add(Numbers.count(count)));
        return cells;
    }
}
