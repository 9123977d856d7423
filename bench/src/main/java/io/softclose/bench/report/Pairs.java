/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report;

import io.softclose.bench.TextTable;
import io.softclose.bench.jmh.Ratio;
import io.softclose.bench.report.data.BadResultException;
import io.softclose.bench.report.data.Result;
import io.softclose.bench.report.data.ResultReader;
import io.softclose.bench.report.data.TestnetResult;
import io.softclose.bench.report.data.TestnetResult.Figures;
import io.softclose.bench.report.data.TestnetResult.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What several results of the test network say together. Each file is of a seed of its own, with the same settings and
 * the same runs; runs of one file are pairs, for the same goes wrong at the same time in each.
 */
public final class Pairs {
    /** Conditions that differ from one to the next. */
    private static final List<String> OWN = List.of("at", "seed");

    private static final List<String> NAMES = List.of("policy", "hand-over");

    private final Map<Key, List<Figures>> runs;

    private record Key(String policy, boolean handOver) {
        static Key of(Run run) {
            return new Key(run.policy(), run.handOver());
        }

        List<String> names() {
            return List.of(policy, handOver ? "on" : "off");
        }

        @Override
        public String toString() {
            return policy + (handOver ? " with" : " without") + " hand-over";
        }
    }

    private record Column(String heading, ToDoubleFunction<Figures> figure) {}

    private Pairs(Map<Key, List<Figures>> runs) {
        this.runs = runs;
    }

    /**
     * Reads files.
     *
     * @param files two or more
     * @throws BadResultException for the first that is no whole result of a test network, or none that can be paired with
     *     the first file
     */
    public static Pairs of(List<Path> files) throws BadResultException {
        Map<Key, List<Figures>> runs = new LinkedHashMap<>();
        Map<String, String> seeds = new HashMap<>();
        TestnetResult first = null;
        for (Path file : files) {
            TestnetResult result = testnet(ResultReader.read(file));
            first = first == null ? result : first;
            requireSame(first, result);
            String seed = String.valueOf(result.facts().conditions().get("seed"));
            String other = seeds.put(seed, result.file());
            if (other != null) {
                throw new BadResultException(
                        result.file(), "seed " + seed + " (expected: another than in " + other + ")");
            }
            add(result, runs, seeds.size());
        }
        return new Pairs(runs);
    }

    private static TestnetResult testnet(Result result) throws BadResultException {
        if (!(result instanceof TestnetResult testnet)) {
            throw new BadResultException(
                    result.file(), "no result of testnet (expected: what testnet --json has written)");
        }
        if (testnet.interrupted()) {
            throw new BadResultException(result.file(), "was interrupted (expected: all runs, each to its end)");
        }
        return testnet;
    }

    private static void requireSame(TestnetResult first, TestnetResult result) throws BadResultException {
        Map<String, String> expected = settings(first);
        Map<String, String> actual = settings(result);
        for (Map.Entry<String, String> setting : expected.entrySet()) {
            String value = actual.get(setting.getKey());
            if (!setting.getValue().equals(value)) {
                throw new BadResultException(
                        result.file(),
                        setting.getKey() + ": " + value + " (expected: " + setting.getValue() + ", as in "
                                + first.file() + ")");
            }
        }
    }

    private static Map<String, String> settings(TestnetResult result) {
        Map<String, String> settings = new LinkedHashMap<>(result.facts().conditions());
        settings.keySet().removeAll(OWN);
        return settings;
    }

    /** Adds a file's runs, which are to be those of the files before it. */
    private static void add(TestnetResult result, Map<Key, List<Figures>> runs, int files) throws BadResultException {
        Set<Key> own = new HashSet<>();
        for (Run run : result.runs()) {
            Key key = Key.of(run);
            Figures figures = run.figures()
                    .orElseThrow(() -> new BadResultException(
                            result.file(), key + ": did not come to its end (expected: figures of each run)"));
            List<Figures> known = runs.computeIfAbsent(key, unknown -> new ArrayList<>());
            known.add(figures);
            if (!own.add(key) || known.size() != files) {
                throw unlike(result, key + (known.size() > files ? ": more than once" : ": not in the files before"));
            }
        }
        for (Key key : runs.keySet()) {
            if (!own.contains(key)) {
                throw unlike(result, key + ": missing");
            }
        }
    }

    private static BadResultException unlike(TestnetResult result, String what) {
        return new BadResultException(result.file(), what + " (expected: each run once, and the same in all files)");
    }

    /** How the chains got on: medians, with the least and the most. */
    public List<String> chains() {
        return table(List.of(
                new Column("rounds/min", Figures::roundsPerMinute),
                new Column("p50 ms", f -> f.corrected().p50()),
                new Column("p99 ms", f -> f.corrected().p99()),
                new Column("missed proposals", Figures::missedProposals),
                new Column("timeouts", Figures::timeouts)));
    }

    /** What became of votes, and of all messages. */
    public List<String> votes() {
        return table(List.of(
                new Column("votes sent", f -> f.votes().sent()),
                new Column("refused", f -> f.votes().refused()),
                new Column("handed over", f -> count(f.votes().handedOver())),
                new Column("lost", f -> f.votes().lost()),
                new Column("silently", f -> count(f.votes().silent())),
                new Column("messages handed over", Figures::handedOver),
                new Column("reconnections", Figures::reconnections)));
    }

    /** The chains against those of the first run, seed by seed: how many times as much, with the least and the most. */
    public List<String> toTheFirst() {
        List<Column> columns = List.of(
                new Column("rounds/min", Figures::roundsPerMinute),
                new Column("p50", f -> f.corrected().p50()),
                new Column("p99", f -> f.corrected().p99()),
                new Column("missed proposals", Figures::missedProposals),
                new Column("timeouts", Figures::timeouts));
        List<Figures> baseline = runs.values().iterator().next();
        return table(columns, (figures, column) -> {
            Ratio ratio = Ratio.of(values(figures, column), values(baseline, column));
            return spread(ratio.median(), ratio.min(), ratio.max(), "%.2f");
        });
    }

    /** The run that the others are compared to, in words. */
    public String first() {
        return runs.keySet().iterator().next().toString();
    }

    private List<String> table(List<Column> columns) {
        return table(columns, (figures, column) -> {
            List<Double> values = values(figures, column);
            return spread(
                    Ratio.median(values),
                    values.stream().mapToDouble(value -> value).min().orElseThrow(),
                    values.stream().mapToDouble(value -> value).max().orElseThrow(),
                    "%,.0f");
        });
    }

    private interface Cell {
        String of(List<Figures> figures, Column column);
    }

    private List<String> table(List<Column> columns, Cell cell) {
        List<String> headings = new ArrayList<>(NAMES);
        columns.forEach(column -> headings.add(column.heading()));
        TextTable table = new TextTable(headings, NAMES.size(), 0);
        runs.forEach((key, figures) -> {
            List<String> row = new ArrayList<>(key.names());
            columns.forEach(column -> row.add(cell.of(figures, column)));
            table.add(row);
        });
        return table.render();
    }

    private static List<Double> values(List<Figures> figures, Column column) {
        return figures.stream().map(column.figure()::applyAsDouble).toList();
    }

    /** Nothing where a figure is not known, or is compared to none. */
    private static String spread(double median, double least, double most, String format) {
        Function<Double, String> words = value -> String.format(Locale.ROOT, format, value);
        boolean known = Double.isFinite(median) && Double.isFinite(least) && Double.isFinite(most);
        return known ? words.apply(median) + " (" + words.apply(least) + " to " + words.apply(most) + ")" : "";
    }

    private static double count(Optional<Long> count) {
        return count.map(Long::doubleValue).orElse(Double.NaN);
    }
}
