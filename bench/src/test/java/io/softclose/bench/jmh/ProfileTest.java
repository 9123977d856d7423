/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class ProfileTest {
    static Stream<Experiment> experiments() {
        Profile full = Profile.full(List.of("nio", "netty"));
        Profile quick = Profile.quick(List.of("nio", "netty"));
        Profile handlers = Profile.handlers(List.of("nio", "netty"));
        return Stream.of(full, quick, handlers).flatMap(profile -> profile.experiments().stream());
    }

    @Test
    void progressSaysHowLongTheRestTakes() {
        assertEquals("[1/51] this", Profile.progress(0, 51, 0, "this"));
        assertEquals("[11/51, about 7 min left] that", Profile.progress(10, 51, 100_000_000_000L, "that"));
    }

    /** A misspelt name would be found only after minutes, and a misspelt parameter never: JMH ignores it. */
    @ParameterizedTest
    @MethodSource("experiments")
    void everyExperimentIsABenchmarkWithItsParameters(Experiment experiment) {
        SortedSet<BenchmarkListEntry> found = BenchmarkList.defaultList()
                .find(
                        OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                        List.of(experiment.pattern()),
                        List.of());

        assertEquals(1, found.size());
        Set<String> parameters = found.first().getParams().orElse(Map.of()).keySet();
        assertEquals(parameters, experiment.params().keySet());
    }
}
