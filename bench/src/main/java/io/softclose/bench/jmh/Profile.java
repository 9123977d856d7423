/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.jmh.Experiment.Effort;
import io.softclose.bench.jmh.Judgement.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/**
 * A selection of the benchmarks, run with their baselines and judged by ratios. It runs in rounds: in each, every
 * experiment is run once, in a JVM of its own, one after another; so what slows the machine for a while slows both sides
 * of a ratio, and the spread over the rounds shows what is left of it.
 */
public final class Profile {
    private static final Duration QUICK_BUDGET = Duration.ofMinutes(10);

    private final List<Judgement> judgements;
    private final Effort effort;
    private final int rounds;
    private final Duration budget;

    private Profile(List<Judgement> judgements, Effort effort, int rounds, Duration budget) {
        this.judgements = judgements;
        this.effort = effort;
        this.rounds = rounds;
        this.budget = budget;
    }

    /** Three short rounds, or as many as end within ten minutes, but at least one. */
    public static Profile quick(List<String> transports) {
        return new Profile(judgements(transports, List.of(256, 16384)), new Effort(2, 3), 3, QUICK_BUDGET);
    }

    /** Seven longer rounds with every payload size. */
    public static Profile full(List<String> transports) {
        return new Profile(judgements(transports, List.of(64, 256, 16384)), new Effort(3, 5), 7, Duration.ofDays(1));
    }

    /** Seven rounds of requests, and of messages beside handlers that block. */
    public static Profile handlers(List<String> transports) {
        List<Judgement> judgements = transports.stream()
                .flatMap(transport -> Judgements.ofHandlers(transport).stream())
                .toList();
        return new Profile(judgements, new Effort(3, 5), 7, Duration.ofDays(1));
    }

    private static List<Judgement> judgements(List<String> transports, List<Integer> sizes) {
        return transports.stream()
                .flatMap(transport -> Judgements.of(transport, sizes).stream())
                .toList();
    }

    /** Everything that a round runs, in order. */
    Set<Experiment> experiments() {
        return judgements.stream()
                .flatMap(Judgement::series)
                .map(Series::experiment)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Runs it.
     *
     * @param progress told what runs, in words
     * @return one row for each comparison
     * @throws RunnerException if a benchmark fails
     */
    public List<Row> run(Consumer<String> progress) throws RunnerException {
        Map<Series, List<Double>> figures = new LinkedHashMap<>();
        long start = System.nanoTime();
        int round = 0;
        int done = 0;
        Set<Experiment> experiments = experiments();
        do {
            round++;
            for (Experiment experiment : experiments) {
                progress.accept(progress(done, rounds * experiments.size(), System.nanoTime() - start, experiment));
                collect(experiment, experiment.run(effort), figures);
                done++;
            }
        } while (round < rounds && roundFits(System.nanoTime() - start, round, progress));
        return judgements.stream().map(judgement -> Row.of(judgement, figures)).toList();
    }

    /**
     * Which experiment is run, of how many, and how long the rest takes if it goes on so.
     *
     * @param done how many have been run
     * @param all how many there are at most
     * @param elapsedNanos how long those took that have been run
     */
    static String progress(int done, int all, long elapsedNanos, Object what) {
        String left = "";
        if (done > 0) {
            Duration rest = Duration.ofNanos(elapsedNanos / done * (all - done));
            left = ", about " + rest.plusSeconds(30).toMinutes() + " min left";
        }
        return "[" + (done + 1) + "/" + all + left + "] " + what;
    }

    private boolean roundFits(long elapsedNanos, int done, Consumer<String> progress) {
        boolean fits = elapsedNanos / done * (done + 1) <= budget.toNanos();
        if (!fits) {
            progress.accept("no time for another round within " + budget.toMinutes() + " min");
        }
        return fits;
    }

    private void collect(Experiment experiment, RunResult result, Map<Series, List<Double>> figures) {
        judgements.stream()
                .flatMap(Judgement::series)
                .filter(series -> series.experiment().equals(experiment))
                .distinct()
                .forEach(series -> figures.computeIfAbsent(series, first -> new ArrayList<>())
                        .add(series.metric().of(result)));
    }

    /**
     * One line of the table.
     *
     * @param cells what, transport, payload, baseline, unit, ours, the baseline's, ratio, its minimum, its maximum, the
     *     goal and whether it was met; empty where there is nothing to say, or nothing to be said of so few samples
     */
    public record Row(List<String> cells) {
        static Row of(Judgement judgement, Map<Series, List<Double>> figures) {
            List<Double> ours = figures.getOrDefault(judgement.ours(), List.of());
            List<String> cells = new ArrayList<>(List.of(
                    judgement.what(),
                    judgement.transport(),
                    Integer.toString(judgement.payload()),
                    judgement.baseline().map(Row::name).orElse(""),
                    judgement.ours().metric().unit(),
                    figure(Ratio.median(ours))));
            Optional<Series> baseline = judgement.baseline();
            if (baseline.isPresent()) {
                List<Double> theirs = figures.getOrDefault(baseline.get(), List.of());
                cells.add(figure(Ratio.median(theirs)));
                addRatio(cells, Ratio.of(ours, theirs), judgement);
            }
            return new Row(cells);
        }

        private static String name(Series series) {
            String benchmark = series.experiment().benchmark();
            return benchmark.substring(benchmark.indexOf('.') + 1);
        }

        private static void addRatio(List<String> cells, Ratio ratio, Judgement judgement) {
            cells.add(ratio(ratio.median()));
            cells.add(ratio(ratio.min()));
            cells.add(ratio(ratio.max()));
            judgement.goal().ifPresent(goal -> {
                Metric metric = judgement.ours().metric();
                cells.add((metric.better() == Metric.Better.HIGHER ? ">= " : "<= ") + format("%.2f", goal));
                cells.add(verdict(ratio, goal, metric.better()));
            });
        }

        private static String verdict(Ratio ratio, double goal, Metric.Better better) {
            if (Double.isNaN(ratio.median())) {
                return "too few samples";
            }
            return ratio.meets(goal, better) ? "met" : "MISSED";
        }

        private static String ratio(double value) {
            return Double.isNaN(value) ? "" : format("%.2f", value);
        }

        private static String figure(double value) {
            if (Double.isNaN(value)) {
                return "";
            }
            return value < 1000 ? format("%.1f", value) : format("%,.0f", value);
        }

        private static String format(String pattern, double value) {
            return String.format(Locale.ROOT, pattern, value);
        }
    }
}
