/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softclose.bench.ExitCode;
import io.softclose.bench.report.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several results of the test network say together, on the command line. */
class PairsCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void ofEachFigureTheMedianIsToldWithTheLeastAndTheMost() throws Exception {
        Invocation told = pairs(seed(1, 100, 50), seed(2, 120, 90), seed(3, 90, 45));

        assertEquals(ExitCode.OK.code(), told.exitCode(), told::toString);
        assertTrue(
                told.out().startsWith("3 seeds: the median of each figure, with the least and the most\n"), told.out());
        assertTrue(row(told, 0, "drop").contains("100 (90 to 120)"), told.out());
        assertTrue(row(told, 0, "graceful").contains("50 (45 to 90)"), told.out());
    }

    @Test
    void ratiosAreThoseOfTheSameSeed() throws Exception {
        // Of the medians it would be 1.40.
        Invocation told = pairs(seed(1, 100, 200), seed(2, 200, 140), seed(3, 50, 60));

        assertTrue(told.out().contains("Times as much as drop without hand-over with the same seed"), told.out());
        assertTrue(row(told, 2, "drop").contains("1.00 (1.00 to 1.00)"), told.out());
        assertTrue(row(told, 2, "graceful").contains("1.20 (0.70 to 2.00)"), told.out());
    }

    @Test
    void votesThatAnOldFileDoesNotCountAreLeftOpen() throws Exception {
        Path old = changed(1, root -> runs(root).forEach(run -> ((ObjectNode) run.get("votes")).remove("handedOver")));

        Invocation told = pairs(old, seed(2, 100, 100));

        assertEquals(ExitCode.OK.code(), told.exitCode(), told::toString);
    }

    @Test
    void filesThatAreNoPairsAreRefused() throws Exception {
        Path first = seed(1, 100, 100);
        Path again = Files.copy(first, directory.resolve("again.json"));
        Path longer = changed(2, root -> ((ObjectNode) root.get("settings")).put("durationMillis", 9000.0));
        Path fewer = changed(3, root -> runs(root).remove(1));
        Path twice = changed(6, root -> runs(root).add(runs(root).get(1)));
        Path ended = changed(4, root -> root.put("interrupted", true));
        Path failed = changed(5, root -> {
            ObjectNode run = (ObjectNode) runs(root).get(1);
            run.remove("rounds");
            run.putArray("faults").add("no block was committed");
        });

        assertUsageError("again.json: seed 1 (expected: another than in seed-1.json)", pairs(first, again));
        assertUsageError("seed-2.json: duration: 9000 ms (expected: 2000 ms, as in seed-1.json)", pairs(first, longer));
        assertUsageError("seed-3.json: drop with hand-over: missing (expected: each run once", pairs(first, fewer));
        assertUsageError(
                "seed-1.json: drop with hand-over: not in the files before (expected: each", pairs(fewer, first));
        assertUsageError("seed-6.json: drop with hand-over: more than once (expected: each", pairs(first, twice));
        assertUsageError("seed-4.json: was interrupted (expected: all runs, each to its end)", pairs(first, ended));
        assertUsageError("seed-5.json: drop with hand-over: did not come to its end", pairs(first, failed));
        assertUsageError("jmh.json: no result of testnet", pairs(first, Fixtures.JMH));
        assertUsageError("positional parameter at index 0..* (FILE) requires at least 2 values", pairs(first));
    }

    private static Invocation pairs(Path... files) throws Exception {
        return Invocation.of(
                Stream.concat(Stream.of("pairs"), Arrays.stream(files).map(Path::toString))
                        .toArray(String[]::new));
    }

    /** A result whose first runs of each policy certified so many rounds a minute. */
    private Path seed(int seed, double drop, double graceful) throws IOException {
        return changed(seed, root -> {
            for (int i = 0; i < runs(root).size(); i++) {
                ObjectNode run = (ObjectNode) runs(root).get(i);
                if (!run.get("handOver").asBoolean()) {
                    run.put("roundsPerMinute", run.get("policy").asText().equals("drop") ? drop : graceful);
                }
            }
        });
    }

    private Path changed(int seed, Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode) MAPPER.readTree(Fixtures.TESTNET.toFile());
        ((ObjectNode) root.get("settings")).put("seed", seed);
        change.accept(root);
        Path file = directory.resolve("seed-" + seed + ".json");
        MAPPER.writeValue(file.toFile(), root);
        return file;
    }

    private static ArrayNode runs(ObjectNode root) {
        return (ArrayNode) root.get("runs");
    }

    /** A policy's row, without hand-over, of one of the tables. */
    private static String row(Invocation told, int table, String policy) {
        return told.out()
                .lines()
                .filter(line -> line.matches(policy + " +off .*"))
                .skip(table)
                .findFirst()
                .orElseThrow();
    }

    private static void assertUsageError(String complaint, Invocation invocation) {
        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().startsWith(complaint), invocation.err());
        assertEquals(1, invocation.err().lines().count(), invocation.err());
    }
}
