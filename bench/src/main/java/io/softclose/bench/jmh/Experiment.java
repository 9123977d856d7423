/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark with one value of each parameter that matters to it.
 *
 * @param benchmark class and method, for example {@code ThroughputBenchmark.connection}
 * @param params the parameters' values
 */
record Experiment(String benchmark, Map<String, String> params) {
    /** Copies the map. */
    Experiment {
        params = Map.copyOf(params);
    }

    /** Runs it once, in a JVM of its own. */
    RunResult run(Effort effort) throws RunnerException {
        return new Runner(options(effort)).runSingle();
    }

    private Options options(Effort effort) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(pattern())
                .forks(1)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        params.forEach(options::param);
        if (!benchmark.startsWith(CloseBenchmark.class.getSimpleName())) {
            // Shots, which a close is measured by, have no duration: they keep their own number.
            options.warmupIterations(effort.warmups())
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(effort.iterations())
                    .measurementTime(TimeValue.seconds(1));
        }
        return options.build();
    }

    /** Matches this benchmark alone. */
    String pattern() {
        return "^" + Pattern.quote(Experiment.class.getPackageName() + "." + benchmark) + "$";
    }

    /** The benchmark and its parameters, for progress. */
    @Override
    public String toString() {
        return benchmark + " " + params;
    }

    /**
     * How long a run is.
     *
     * @param warmups seconds before measuring
     * @param iterations seconds of measuring
     */
    record Effort(int warmups, int iterations) {}
}
