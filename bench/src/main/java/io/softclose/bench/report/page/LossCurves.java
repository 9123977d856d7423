/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.LineChart;
import io.softclose.bench.report.chart.LineChart.Dimension;
import io.softclose.bench.report.chart.LineChart.Line;
import io.softclose.bench.report.chart.LineChart.Point;
import io.softclose.bench.report.chart.LineChart.Shape;
import io.softclose.bench.report.data.CompareResult.Cell;
import io.softclose.bench.report.data.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What runs of one transport and scenario lose over each condition that differs between them: a drawing for each such condition and
 * whatever else is fixed, a line for each policy.
 */
final class LossCurves {
    private static final double PERCENT = 100;

    private final List<Cell> cells;
    private final List<String> policies;

    LossCurves(List<Cell> cells) {
        this.cells = List.copyOf(cells);
        policies = cells.stream().map(Cell::policy).distinct().toList();
    }

    /** The drawings; none if no condition differs. */
    List<LineChart> charts() {
        Set<String> conditions = new LinkedHashSet<>();
        cells.forEach(cell -> conditions.addAll(cell.conditions().keySet()));
        List<LineChart> charts = new ArrayList<>();
        for (String condition : conditions) {
            cells.stream()
                    .filter(cell -> cell.conditions().containsKey(condition))
                    .collect(Collectors.groupingBy(
                            cell -> cell.surroundingsBut(condition), LinkedHashMap::new, Collectors.toList()))
                    .forEach((rest, family) -> {
                        long values = family.stream()
                                .map(cell -> cell.conditions().get(condition))
                                .distinct()
                                .count();
                        if (values > 1) {
                            charts.add(chart(condition, rest, family));
                        }
                    });
        }
        return charts;
    }

    private LineChart chart(String condition, String rest, List<Cell> family) {
        Map<String, List<Point>> lines = new LinkedHashMap<>();
        family.stream()
                .sorted(Comparator.comparing((Cell cell) -> cell.conditions().getOrDefault(condition, 0.0)))
                .forEach(cell -> cell.figures()
                        .ifPresent(figures -> lines.computeIfAbsent(cell.policy(), first -> new ArrayList<>())
                                .add(new Point(
                                        cell.conditions().getOrDefault(condition, 0.0),
                                        PERCENT * figures.lost() / Math.max(1, figures.accepted())))));
        Quantity quantity = Quantity.of(condition);
        return new LineChart(
                "Messages lost over " + quantity.name() + ", " + rest,
                Dimension.of(quantity.inWords()),
                new Dimension("% of accepted", PERCENT),
                Shape.STRAIGHT,
                policies.stream()
                        .filter(lines::containsKey)
                        .map(policy ->
                                new Line(policy, policies.indexOf(policy), lines.getOrDefault(policy, List.of())))
                        .toList(),
                List.of());
    }
}
