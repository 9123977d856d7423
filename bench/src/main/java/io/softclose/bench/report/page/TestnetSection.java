/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.BarChart;
import io.softclose.bench.report.chart.BarChart.Bar;
import io.softclose.bench.report.chart.BarChart.Group;
import io.softclose.bench.report.chart.BarChart.Part;
import io.softclose.bench.report.chart.LineChart;
import io.softclose.bench.report.chart.LineChart.Dimension;
import io.softclose.bench.report.chart.LineChart.Line;
import io.softclose.bench.report.chart.LineChart.Point;
import io.softclose.bench.report.chart.LineChart.Shape;
import io.softclose.bench.report.chart.Numbers;
import io.softclose.bench.report.data.TestnetResult;
import io.softclose.bench.report.data.TestnetResult.Figures;
import io.softclose.bench.report.data.TestnetResult.Run;
import io.softclose.bench.report.data.TestnetResult.Votes;
import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What {@code testnet} measured: how the chain got on under each policy, with and without hand-over. */
final class TestnetSection {
    private static final int REASON_LOOKS = 6;

    private final TestnetResult result;

    TestnetSection(TestnetResult result) {
        this.result = result;
    }

    void write(Sheet sheet, String id) {
        sheet.begin(id, "Test network", result.file());
        sheet.words(
                "Validators agree on blocks while their connections are reset, closed as stale and closed by health checks. "
                        + "Each run has one close policy; with hand-over, a message that its connection could not send waits for the next one.");
        sheet.facts("Made by", result.facts());
        sheet.warnings(warnings());
        sheet.beginFigures();
        sheet.figure(roundsPerMinute(), "Rounds that a quorum certified. Longer is better.", result.facts());
        sheet.figure(
                bars(
                        "Round time, median, ms",
                        f -> f.corrected().p50(),
                        f -> Words.millis(f.corrected().p50())),
                "From one certified round to the next, with the rounds that would have waited while the chain stood still. "
                        + "Shorter is better.",
                result.facts());
        sheet.figure(
                bars(
                        "Round time, 99th percentile, ms",
                        f -> f.corrected().p99(),
                        f -> Words.millis(f.corrected().p99())),
                "The same; one round in a hundred took longer.",
                result.facts());
        for (Map.Entry<String, List<Run>> policy : byPolicy().entrySet()) {
            sheet.figure(
                    distribution(policy.getKey(), policy.getValue()), "Further to the left is better.", result.facts());
        }
        sheet.figure(missedProposals(), "Rounds that a validator left without their block.", result.facts());
        sheet.figure(
                bars("Timeouts", Figures::timeouts, f -> Numbers.count(f.timeouts())),
                "Rounds that a validator gave up.",
                result.facts());
        sheet.figure(
                votes(),
                "Votes, order votes, commit votes and timeouts: lost ones were accepted and did not go, or not for certain; "
                        + "silently lost ones, behind the plus, were written, and did not arrive; refused ones found no connection, or no room.",
                result.facts());
        sheet.figure(
                chart("All messages by outcome", f -> Numbers.count(f.accepted()) + " accepted", Outcomes.ALL),
                "As their senders were told.",
                result.facts());
        sheet.figure(
                chart(
                        "Of those, what did not go for certain",
                        f -> Words.share(lost(f), f.accepted()),
                        Outcomes.LOSSES),
                "The same without WRITTEN, on a scale of its own.",
                result.facts());
        sheet.figure(
                bars(
                        "Votes handed over",
                        f -> f.votes().handedOver().orElse(0L),
                        f -> f.votes().handedOver().map(Numbers::count).orElse("not known")),
                "Votes that went on from a connection that closed to the next one, each counted once.",
                result.facts());
        sheet.figure(
                bars("Handed over, times", Figures::handedOver, f -> Numbers.count(f.handedOver())),
                "How often a message, vote or other, left its connection and waited for the next.",
                result.facts());
        sheet.figure(
                bars("Reconnections", Figures::reconnections, f -> Numbers.count(f.reconnections())),
                "Connections that opened while it was measured.",
                result.facts());
        sheet.figure(closes(), "Counted at both ends.", result.facts());
        sheet.endFigures();
        tables(sheet);
        sheet.end();
    }

    BarChart roundsPerMinute() {
        return bars(
                "Rounds per minute", Figures::roundsPerMinute, f -> Numbers.rounded(f.roundsPerMinute()) + " per min");
    }

    BarChart missedProposals() {
        return bars("Missed proposals", Figures::missedProposals, f -> Numbers.count(f.missedProposals()));
    }

    BarChart votes() {
        return groups(
                "Votes lost or refused",
                run -> figures -> new Bar(
                        label(run),
                        inWords(figures.votes()),
                        List.of(
                                new Part("lost", figures.votes().lost(), 5),
                                new Part(
                                        "silently lost",
                                        figures.votes().silent().orElse(0L),
                                        3),
                                new Part("refused", figures.votes().refused(), 4)),
                        Optional.empty()));
    }

    /** Lost, and silently lost. */
    private static String inWords(Votes votes) {
        String silent =
                votes.silent().map(count -> " + " + Numbers.count(count)).orElse("");
        return Numbers.count(votes.lost()) + silent + " lost of " + Numbers.count(votes.sent()) + ", "
                + Numbers.count(votes.refused()) + " refused";
    }

    private enum Outcomes {
        ALL,
        LOSSES;

        List<Outcome> shown() {
            return this == ALL ? Arrays.asList(Outcome.values()) : Words.losses();
        }
    }

    private BarChart chart(String title, Function<Figures, String> value, Outcomes outcomes) {
        return groups(
                title,
                run -> figures ->
                        Words.outcomes(label(run), value.apply(figures), figures.outcomes(), outcomes.shown()));
    }

    private static long lost(Figures figures) {
        return Words.losses().stream()
                .mapToLong(outcome -> figures.outcomes().getOrDefault(outcome, 0L))
                .sum();
    }

    private BarChart closes() {
        Set<String> reasons = new LinkedHashSet<>();
        result.runs()
                .forEach(run ->
                        run.figures().ifPresent(f -> reasons.addAll(f.closes().keySet())));
        List<String> order = List.copyOf(reasons);
        return groups("Closes by reason", run -> figures -> {
            List<Part> parts = new ArrayList<>();
            figures.closes()
                    .forEach((reason, count) ->
                            parts.add(new Part(reason, count, order.indexOf(reason) % (REASON_LOOKS + 1))));
            long all = figures.closes().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            return new Bar(label(run), Numbers.count(all), parts, Optional.empty());
        });
    }

    private BarChart bars(String title, ToDoubleFunction<Figures> length, Function<Figures, String> value) {
        return groups(
                title,
                run -> figures -> Bar.of(
                        label(run), value.apply(figures), length.applyAsDouble(figures), run.handOver() ? 0 : 1));
    }

    /** A group for each policy, of the runs that came to their end. */
    private BarChart groups(String title, Function<Run, Function<Figures, Bar>> bar) {
        List<Group> groups = new ArrayList<>();
        byPolicy()
                .forEach((policy, runs) -> groups.add(new Group(
                        policy,
                        runs.stream()
                                .flatMap(run -> run.figures().map(bar.apply(run)).stream())
                                .toList())));
        return new BarChart(title, groups);
    }

    private LineChart distribution(String policy, List<Run> runs) {
        List<Line> lines = new ArrayList<>();
        for (Run run : runs) {
            run.figures()
                    .ifPresent(figures -> lines.add(new Line(
                            label(run),
                            run.handOver() ? 0 : 1,
                            figures.corrected().distribution().stream()
                                    .map(share -> new Point(share.millis(), share.percent()))
                                    .toList())));
        }
        return new LineChart(
                "Round times under " + policy,
                Dimension.of("round time of at most, ms"),
                new Dimension("% of rounds", 100),
                Shape.STEPS,
                lines,
                List.of());
    }

    private Map<String, List<Run>> byPolicy() {
        Map<String, List<Run>> runs = new LinkedHashMap<>();
        result.runs()
                .forEach(run -> runs.computeIfAbsent(run.policy(), first -> new ArrayList<>())
                        .add(run));
        return runs;
    }

    private static String label(Run run) {
        return Words.handOver(run.handOver());
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (result.interrupted()) {
            warnings.add("It was interrupted: not all runs were played.");
        }
        for (Run run : result.runs()) {
            run.faults().forEach(fault -> warnings.add(run.policy() + " " + label(run) + ": " + fault));
        }
        return warnings;
    }

    private void tables(Sheet sheet) {
        sheet.table(
                "Table: the chain",
                List.of(
                        "policy",
                        "hand-over",
                        "measured, ms",
                        "rounds",
                        "rounds per minute",
                        "commits",
                        "p50, ms",
                        "p99, ms",
                        "longest, ms",
                        "plain p50, ms",
                        "plain p99, ms",
                        "missed proposals",
                        "timeouts",
                        "votes sent",
                        "refused",
                        "votes handed over",
                        "lost",
                        "silently",
                        "safe"),
                2,
                rows((run, f) -> List.of(
                        Numbers.rounded(f.measuredMillis()),
                        Numbers.count(f.rounds()),
                        Numbers.rounded(f.roundsPerMinute()),
                        Numbers.count(f.commits()),
                        Numbers.rounded(f.corrected().p50()),
                        Numbers.rounded(f.corrected().p99()),
                        Numbers.rounded(f.corrected().longest()),
                        Numbers.rounded(f.plain().p50()),
                        Numbers.rounded(f.plain().p99()),
                        Numbers.count(f.missedProposals()),
                        Numbers.count(f.timeouts()),
                        Numbers.count(f.votes().sent()),
                        Numbers.count(f.votes().refused()),
                        f.votes().handedOver().map(Numbers::count).orElse("?"),
                        Numbers.count(f.votes().lost()),
                        f.votes().silent().map(Numbers::count).orElse("?"),
                        f.safe() ? "yes" : "no")));
        List<String> headings = new ArrayList<>(
                List.of("policy", "hand-over", "messages", "handed over", "reconnections", "closes by reason"));
        Arrays.stream(Outcome.values()).map(Outcome::name).forEach(headings::add);
        sheet.table("Table: messages and connections", headings, 2, rows((run, f) -> {
            List<String> cells = new ArrayList<>(List.of(
                    Numbers.count(f.accepted()),
                    Numbers.count(f.handedOver()),
                    Numbers.count(f.reconnections()),
                    String.join(
                            ", ",
                            f.closes().entrySet().stream()
                                    .map(close -> Numbers.count(close.getValue()) + " " + close.getKey())
                                    .toList())));
            f.outcomes().values().forEach(count -> cells.add(Numbers.count(count)));
            return cells;
        }));
        sheet.table(
                "Table: distribution of round times, ms",
                List.of("policy", "hand-over", "% of rounds", "at most, ms"),
                2,
                shares());
    }

    private List<List<String>> shares() {
        List<List<String>> rows = new ArrayList<>();
        for (Run run : result.runs()) {
            run.figures()
                    .ifPresent(figures -> figures.corrected()
                            .distribution()
                            .forEach(share -> rows.add(List.of(
                                    run.policy(),
                                    run.handOver() ? "on" : "off",
                                    Numbers.rounded(share.percent()),
                                    Numbers.rounded(share.millis())))));
        }
        return rows;
    }

    private List<List<String>> rows(BiFunction<Run, Figures, List<String>> cells) {
        List<List<String>> rows = new ArrayList<>();
        for (Run run : result.runs()) {
            List<String> row = new ArrayList<>(List.of(run.policy(), run.handOver() ? "on" : "off"));
            row.addAll(run.figures().map(figures -> cells.apply(run, figures)).orElse(List.of("FAILED")));
            rows.add(row);
        }
        return rows;
    }
}
