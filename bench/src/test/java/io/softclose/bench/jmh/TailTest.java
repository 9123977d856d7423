/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.jmh.Judgement.Series;
import io.softclose.bench.jmh.Profile.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/** A tail is told if enough samples are in it, and else left out. */
class TailTest {
    private static final Series OURS = series("ours");
    private static final Series THEIRS = series("theirs");
    private static final Judgement JUDGEMENT =
            new Judgement("ping-pong p99.9", "nio", 256, OURS, Optional.of(THEIRS), OptionalDouble.of(1.5));

    @Test
    void aTailRestsOnTenSamples() {
        assertEquals(9_991, Metric.tail(upTo(10_000), 1_000), 1);
        assertTrue(Double.isNaN(Metric.tail(upTo(9_999), 1_000)));
        assertEquals(990, Metric.tail(upTo(1_000), 100), 1);
    }

    @Test
    void aRoundWithTooFewSamplesLeavesTheRowWithoutAVerdict() {
        Row told = Row.of(JUDGEMENT, Map.of(OURS, List.of(150.0, 160.0), THEIRS, List.of(100.0, 100.0)));
        Row untold = Row.of(JUDGEMENT, Map.of(OURS, List.of(150.0, Double.NaN), THEIRS, List.of(100.0, 100.0)));

        assertEquals(List.of("155.0", "100.0", "1.55", "1.50", "1.60", "<= 1.50", "MISSED"), figures(told));
        assertEquals(List.of("", "100.0", "", "", "", "<= 1.50", "too few samples"), figures(untold));
    }

    private static List<String> figures(Row row) {
        return row.cells().subList(5, row.cells().size());
    }

    private static Series series(String name) {
        return new Series(new Experiment("PingPongBenchmark." + name, Map.of()), Metric.P999);
    }

    private static Statistics upTo(int samples) {
        return new ListStatistics(
                DoubleStream.iterate(1, next -> next + 1).limit(samples).toArray());
    }
}
