/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.BarChart;
import io.softclose.bench.report.chart.BarChart.Bar;
import io.softclose.bench.report.chart.BarChart.Group;
import io.softclose.bench.report.chart.BarChart.Part;
import io.softclose.bench.report.chart.Numbers;
import io.softclose.bench.report.data.JmhResult;
import io.softclose.bench.report.data.JmhResult.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** What JMH measured: scores with their errors. */
final class JmhSection {
    private final JmhResult result;

    JmhSection(JmhResult result) {
        this.result = result;
    }

    void write(Sheet sheet, String id) {
        sheet.begin(id, "JMH", result.file());
        sheet.words(
                "Scores with the half width of their confidence interval of 99.9 %, where JMH knows one. The machine is not "
                        + "told in its file; figures of different runs are not to be compared.");
        sheet.facts("JMH does not write its command line. Measured again by", result.facts());
        sheet.beginFigures();
        result.scores().stream()
                .filter(score -> score.metric().isEmpty())
                .collect(Collectors.groupingBy(
                        score -> score.benchmark() + ", " + score.mode() + ", " + score.unit(),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .forEach((title, scores) -> sheet.figure(
                        new BarChart(
                                title,
                                List.of(new Group(
                                        "", scores.stream().map(JmhSection::bar).toList()))),
                        scores.get(0).mode().equals("thrpt") ? "Longer is better." : "Shorter is better.",
                        result.facts()));
        sheet.endFigures();
        sheet.table(
                "Table: scores",
                List.of("benchmark", "parameters", "metric", "mode", "iterations", "score", "error", "unit"),
                3,
                result.scores().stream()
                        .map(score -> List.of(
                                score.benchmark(),
                                parameters(score),
                                score.metric().isEmpty() ? "score" : score.metric(),
                                score.mode(),
                                Numbers.count(score.samples()),
                                Numbers.rounded(score.score()),
                                error(score),
                                score.unit()))
                        .toList());
        sheet.end();
    }

    private static Bar bar(Score score) {
        String error = score.error().isPresent() ? " ± " + error(score) : "";
        return new Bar(
                parameters(score),
                Numbers.rounded(score.score()) + error,
                List.of(new Part("", Math.max(0, score.score()), 0)),
                score.error());
    }

    private static String error(Score score) {
        return score.error().map(Numbers::rounded).orElse("unknown");
    }

    private static String parameters(Score score) {
        String parameters = score.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + " " + parameter.getValue())
                .collect(Collectors.joining(", "));
        return parameters.isEmpty() ? "no parameters" : parameters;
    }
}
