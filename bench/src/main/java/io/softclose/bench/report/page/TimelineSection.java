/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.BarChart;
import io.softclose.bench.report.chart.BarChart.Bar;
import io.softclose.bench.report.chart.BarChart.Group;
import io.softclose.bench.report.chart.LineChart;
import io.softclose.bench.report.chart.LineChart.Dimension;
import io.softclose.bench.report.chart.LineChart.Line;
import io.softclose.bench.report.chart.LineChart.Point;
import io.softclose.bench.report.chart.LineChart.Shape;
import io.softclose.bench.report.chart.Numbers;
import io.softclose.bench.report.data.TimelineResult;
import io.softclose.bench.report.data.TimelineResult.Lane;
import io.softclose.bench.report.data.TimelineResult.Moment;
import io.softclose.bench.report.data.TimelineResult.Step;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** One close, from its call to its end: its states, and what each lane did. */
final class TimelineSection {
    private final TimelineResult result;

    TimelineSection(TimelineResult result) {
        this.result = result;
    }

    void write(Sheet sheet, String id) {
        sheet.begin(id, "One close", result.file());
        sheet.words("What became of a connection's messages from the call of close to its end: " + result.run()
                + ". It took " + Words.millis(result.millis()) + " and ended " + result.ending() + ".");
        sheet.facts("Made by", result.facts());
        sheet.beginFigures();
        sheet.figure(
                moments("States, and how long they lasted, ms", result.states()),
                "Each from when it was first seen.",
                result.facts());
        sheet.figure(
                moments("What the policy decided, and for how long, ms", result.decisions()),
                "It is asked at each event; only decisions that differ from the one before are shown.",
                result.facts());
        sheet.figure(
                lines("Waiting, by lane", "messages without an outcome", Step::pending),
                "Accepted messages that had no outcome yet.",
                result.facts());
        sheet.figure(
                lines("Written since the call, by lane", "messages written", Step::written),
                "Messages whose every byte the operating system took, counted from the call of close.",
                result.facts());
        sheet.figure(
                outcomes("How messages ended, by lane", Arrays.asList(Outcome.values())),
                "Over the connection's whole life; what is not WRITTEN was returned, with its outcome.",
                result.facts());
        sheet.endFigures();
        tables(sheet);
        sheet.end();
    }

    private BarChart moments(String title, List<Moment> moments) {
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            double until = i + 1 < moments.size() ? moments.get(i + 1).atMillis() : result.millis();
            double lasted = Math.max(0, until - moment.atMillis());
            String from = "from " + Words.millis(moment.atMillis());
            bars.add(Bar.of(
                    moment.what(), lasted > 0 ? from + ", for " + Words.millis(lasted) : from + " on", lasted, 0));
        }
        return new BarChart(title, List.of(new Group("", bars)));
    }

    private LineChart lines(String title, String up, ToLongFunction<Step> value) {
        List<Line> lines = new ArrayList<>();
        for (Lane lane : result.lanes()) {
            lines.add(new Line(
                    lane.name(),
                    lines.size(),
                    lane.course().stream()
                            .map(step -> new Point(step.atMillis(), value.applyAsLong(step)))
                            .toList()));
        }
        return new LineChart(
                title,
                new Dimension("ms since the call of close", result.millis()),
                Dimension.of(up),
                Shape.STEPS,
                lines,
                result.states().stream()
                        .map(state -> new LineChart.Moment(state.atMillis(), state.what()))
                        .toList());
    }

    private BarChart outcomes(String title, List<Outcome> shown) {
        return new BarChart(
                title,
                List.of(new Group(
                        "",
                        result.lanes().stream()
                                .map(lane -> Words.outcomes(
                                        lane.name(), Words.told(lane.outcomes()), lane.outcomes(), shown))
                                .toList())));
    }

    private void tables(Sheet sheet) {
        List<List<String>> moments = new ArrayList<>();
        result.states()
                .forEach(state -> moments.add(List.of("state", state.what(), Numbers.rounded(state.atMillis()))));
        result.decisions()
                .forEach(decision ->
                        moments.add(List.of("the policy", decision.what(), Numbers.rounded(decision.atMillis()))));
        sheet.table("Table: states and decisions", List.of("what", "is or says", "from, ms"), 2, moments);
        List<List<String>> steps = new ArrayList<>();
        List<List<String>> lanes = new ArrayList<>();
        for (Lane lane : result.lanes()) {
            lane.course()
                    .forEach(step -> steps.add(List.of(
                            lane.name(),
                            Numbers.rounded(step.atMillis()),
                            Numbers.count(step.written()),
                            Numbers.count(step.pending()))));
            List<String> row = new ArrayList<>(List.of(lane.name(), Numbers.count(lane.accepted())));
            lane.outcomes().values().forEach(count -> row.add(Numbers.count(count)));
            lanes.add(row);
        }
        List<String> headings = new ArrayList<>(List.of("lane", "accepted"));
        Arrays.stream(Outcome.values()).map(Outcome::name).forEach(headings::add);
        sheet.table("Table: outcomes by lane", headings, 1, lanes);
        sheet.table("Table: lanes over time", List.of("lane", "at, ms", "written since the call", "waiting"), 1, steps);
    }
}
