/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What JMH wrote with {@code -rf json}. It does not write its command line; the facts have one that measures the same again.
 *
 * @param scores in the order of the file
 */
public record JmhResult(String file, Facts facts, List<Score> scores) implements Result {
    /** What was the same for all, and may be given to an option: no time of single shots. */
    private static final Pattern AMOUNT = Pattern.compile("\\d+( (ns|us|ms|s|min|hr|day))?");

    /** JMH's options, by the fields that say what was given. */
    private static final Map<String, String> OPTIONS = options();

    /** Copies the list. */
    public JmhResult {
        scores = List.copyOf(scores);
    }

    /**
     * What was measured of one benchmark with one set of parameters.
     *
     * @param benchmark class and method, without the package
     * @param mode JMH's, such as {@code thrpt}
     * @param metric what of it: empty for the benchmark's own score, else the name of a further one
     * @param parameters by name, in the order of the file
     * @param error half of the confidence interval of 99.9 %; none if JMH knows none
     * @param samples how many iterations, over all forks
     */
    public record Score(
            String benchmark,
            String mode,
            String metric,
            Map<String, String> parameters,
            double score,
            Optional<Double> error,
            String unit,
            long samples) {
        /** Copies the map. */
        public Score {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    static JmhResult of(String file, JsonNode array) throws BadResultException {
        List<Score> scores = new ArrayList<>();
        Map<String, String> conditions = new LinkedHashMap<>();
        List<String> benchmarks = new ArrayList<>();
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (Fields run : Fields.objects(file, "", array)) {
            add(scores, run);
            note(conditions, "JDK", run.text("jdkVersion"));
            note(conditions, "JVM", run.text("vmName") + " " + run.text("vmVersion"));
            note(conditions, "JMH", run.text("jmhVersion"));
            for (String name : OPTIONS.values()) {
                String value = name.endsWith("Time") ? run.text(name) : Long.toString(run.count(name));
                note(conditions, Quantity.of(name).name(), value);
            }
            note(conditions, "threads", Long.toString(run.count("threads")));
            String benchmark = shortName(run.text("benchmark"));
            if (!benchmarks.contains(benchmark)) {
                benchmarks.add(benchmark);
            }
            parameters(run).forEach((name, value) -> {
                List<String> values = parameters.computeIfAbsent(name, first -> new ArrayList<>());
                if (!values.contains(value)) {
                    values.add(value);
                }
            });
        }
        StringBuilder command = new StringBuilder("java -jar benchmarks.jar");
        benchmarks.forEach(benchmark -> command.append(' ').append(benchmark));
        OPTIONS.forEach((option, field) -> {
            String value = conditions.getOrDefault(Quantity.of(field).name(), "");
            if (AMOUNT.matcher(value).matches()) {
                command.append(' ').append(option).append(' ').append(value.replace(" ", ""));
            }
        });
        parameters.forEach((name, values) ->
                command.append(" -p ").append(name).append('=').append(String.join(",", values)));
        command.append(" -rf json -rff ").append(file);
        return new JmhResult(file, new Facts(command.toString(), conditions), scores);
    }

    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("-f", "forks");
        options.put("-wi", "warmupIterations");
        options.put("-w", "warmupTime");
        options.put("-i", "measurementIterations");
        options.put("-r", "measurementTime");
        return options;
    }

    private static void add(List<Score> scores, Fields run) throws BadResultException {
        Fields primary = run.object("primaryMetric");
        scores.add(score(run, "", primary));
        if (run.text("mode").equals("sample")) {
            Fields percentiles = primary.object("scorePercentiles");
            for (String percent : List.of("50.0", "99.0")) {
                scores.add(new Score(
                        shortName(run.text("benchmark")),
                        "sample",
                        "p" + percent.replace(".0", ""),
                        parameters(run),
                        percentiles.number(percent),
                        Optional.empty(),
                        primary.text("scoreUnit"),
                        samples(run)));
            }
        }
        if (run.has("secondaryMetrics")) {
            Fields secondary = run.object("secondaryMetrics");
            for (String name : secondary.names()) {
                scores.add(score(run, name, secondary.object(name)));
            }
        }
    }

    private static Score score(Fields run, String metric, Fields measured) throws BadResultException {
        return new Score(
                shortName(run.text("benchmark")),
                run.text("mode"),
                metric,
                parameters(run),
                measured.number("score"),
                measured.numberOrNaN("scoreError"),
                measured.text("scoreUnit"),
                samples(run));
    }

    private static long samples(Fields run) throws BadResultException {
        return run.count("forks") * run.count("measurementIterations");
    }

    private static Map<String, String> parameters(Fields run) throws BadResultException {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (run.has("params")) {
            Fields given = run.object("params");
            for (String name : given.names()) {
                parameters.put(name, given.text(name));
            }
        }
        return parameters;
    }

    /** Values that differ from one benchmark to the next stand beside each other. */
    private static void note(Map<String, String> conditions, String name, String value) {
        conditions.merge(
                name, value, (before, now) -> List.of(before.split(", ")).contains(now) ? before : before + ", " + now);
    }

    private static String shortName(String benchmark) {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }
}
