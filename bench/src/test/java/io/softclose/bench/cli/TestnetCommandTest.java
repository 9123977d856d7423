/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code testnet}, in small. */
@Timeout(120)
class TestnetCommandTest {
    @Test
    void eachVariantHasItsRowAndTheJsonHasTheSame(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("testnet.json");

        Invocation invocation = Invocation.of(
                "testnet",
                "--policy",
                "graceful,drop",
                "--duration",
                "1s",
                "--latency",
                "2ms",
                "--jitter",
                "0ms",
                "--reset-every",
                "200ms",
                "--faults",
                "resets,removed",
                "--seed",
                "3",
                "--json",
                file.toString());

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.out() + invocation.err());
        List<String> lines = invocation.out().lines().toList();
        assertTrue(lines.get(0).endsWith("seed 3"), invocation.out());
        List<String> expected = List.of("drop off", "drop on", "graceful off", "graceful on");
        assertEquals(expected, names(lines.subList(4, 8)));
        assertEquals(expected, names(lines.subList(11, 15)));
        assertEquals(
                4, invocation.err().lines().filter(line -> line.startsWith("[")).count());
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertTrue(json.get("passed").booleanValue());
        assertEquals(4, json.get("runs").size());
        assertTrue(json.get("runs").get(0).get("rounds").longValue() > 0, json.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    --policy=nice;        policy: "nice" (expected: one of drop, timed-drain, graceful, consensus-priority, fixed-timer, hiero)
                    --transport=pigeon;   Invalid value for option '--transport'
                    --faults=rain;        faults: "rain" (expected: one of resets, removed, stalled, slow, killed, none alone)
                    --faults=none,slow;   faults: "none" (expected: one of resets, removed, stalled, slow, killed, none alone)
                    --duration=0ms;       duration:
                    --reset-every=0ms;    resetEvery:
                    --health-interval=0ms; healthInterval:
                    --bandwidth=0;        bytesPerSecond: 0 (expected: > 0)
                    --load=-1;            load: -1.0 (expected: 0 to 10000 Mbit/s)
                    --handover=maybe;     Invalid value for option '--handover'
                    --metrics=70000;      metrics: 70000 (expected: 0 to 65535)
                    --metrics-host=::1;   metrics-host: ::1 (expected: with --metrics PORT)
                    --json=/;             json: "/" (expected: a file in a writable directory)
                    """)
    void aWrongOptionIsRefusedInOneLine(String option, String complaint) {
        Invocation invocation = Invocation.of("testnet", option);

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().startsWith(complaint), invocation.err());
        assertEquals(1, invocation.err().lines().count(), invocation.err());
    }

    @Test
    void validatorsMayBeProcessesAndMetricsAreNotTheirs(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("testnet.json");
        Invocation invocation = Invocation.of(
                "testnet",
                "--processes",
                "--policy=hiero",
                "--handover=off",
                "--duration=2s",
                "--latency=2ms",
                "--jitter=0ms",
                "--reset-every=200ms",
                "--faults=resets,killed",
                "--seed=3",
                "--json=" + file);

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.out() + invocation.err());
        List<String> lines = invocation.out().lines().toList();
        assertTrue(lines.get(0).startsWith("4 validators, each in a process of its own, TLS"), invocation.out());
        assertEquals(List.of("drop off"), names(lines.subList(4, 5)));
        assertTrue(lines.contains("drop: hiero, too, which is the same run by definition."), invocation.out());
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith("MISSING in drop without hand-over: validator ")),
                invocation.out());
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertTrue(json.get("settings").get("processes").booleanValue());
        assertEquals(1, json.get("runs").get(0).get("missing").size());

        Invocation refused = Invocation.of("testnet", "--processes", "--metrics=0");
        assertEquals(
                "metrics: with --processes (expected: without; the networks are in other processes); see testnet --help",
                refused.err().strip());
    }

    @Test
    void metricsAreServedWhileItRuns() {
        Invocation invocation = Invocation.of(
                "testnet",
                "--policy=drop",
                "--handover=off",
                "--duration=500ms",
                "--latency=2ms",
                "--faults=none",
                "--metrics=0");

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.out() + invocation.err());
        assertTrue(
                invocation
                        .err()
                        .lines()
                        .anyMatch(line -> line.matches("metrics at http://127\\.0\\.0\\.1:\\d+/metrics")),
                invocation.err());
    }

    private static List<String> names(List<String> rows) {
        return rows.stream()
                .map(row -> row.split("\\s+"))
                .map(cells -> cells[0] + " " + cells[1])
                .toList();
    }
}
