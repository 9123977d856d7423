/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import io.softclose.bench.lab.Shell;
import io.softclose.bench.lab.WireMesh;
import java.nio.file.Files;
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
                    --loss=1;             loss: 1.0 without --netns (expected: with it; a relay carries bytes, and loses none)
                    --loss=100;           loss: 100.0 (expected: 0 to less than 100 percent)
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
    void whereTheKernelHasNoNetemNamespacesAreRefusedBeforeAnythingStarts() {
        String refusal = WireMesh.refusal().orElse("");
        assumeFalse(refusal.isEmpty(), "there is netem");

        Invocation invocation = Invocation.of("testnet", "--netns");

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertEquals(
                "netns: " + refusal + "; see testnet --help", invocation.err().strip());
        assertTrue(refusal.contains("(expected: "), refusal);
        assertFalse(Shell.attempt("sh", "-c", "ip netns list").output().contains("scratch"));
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

    @Test
    void theFaultsOfASeedCanBePrintedAndPlayedAgain(@TempDir Path directory) throws Exception {
        Invocation printed =
                Invocation.of("testnet", "--seed=3", "--duration=1s", "--reset-every=200ms", "--print-faults");
        assertEquals(ExitCode.OK.code(), printed.exitCode(), printed.err());
        List<String> lines = printed.out().lines().toList();
        assertEquals(
                "# faults: resets every 200 ms, removed, stalled, slow, killed; seed 3, 1s; times count from the first"
                        + " committed block",
                lines.get(0));
        assertTrue(lines.get(1).matches("100ms\\.\\.250ms +removed +\\d"), printed.out());
        Path script = Files.write(directory.resolve("faults.txt"), lines);
        Path json = directory.resolve("testnet.json");

        Invocation again =
                Invocation.of("testnet", "--fault-script", script.toString(), "--duration=1s", "--print-faults");
        assertEquals(lines.subList(1, 9), again.out().lines().toList().subList(1, 9));

        Invocation played = Invocation.of(
                "testnet",
                "--fault-script=" + Files.write(directory.resolve("edited.txt"), List.of("200ms..400ms removed 1")),
                "--policy=graceful",
                "--handover=on",
                "--duration=1s",
                "--latency=2ms",
                "--json=" + json);
        assertEquals(ExitCode.OK.code(), played.exitCode(), played.out() + played.err());
        assertTrue(played.out().contains("faults: script " + directory.resolve("edited.txt")), played.out());
        JsonNode faults =
                new ObjectMapper().readTree(json.toFile()).get("settings").get("faults");
        assertEquals("200ms..400ms       removed    1", faults.get(0).textValue());
    }

    @Test
    void aScriptThatIsWrongIsRefusedWithItsLine(@TempDir Path directory) throws Exception {
        Path script =
                Files.write(directory.resolve("faults.txt"), List.of("# two faults", "1s reset 0-1", "30s reset 0-1"));
        assertEquals(
                "fault-script: \"" + script + "\", line 3: \"30s reset 0-1\": when: 30s (expected: at most the run's"
                        + " duration, 18s); see testnet --help",
                Invocation.of("testnet", "--fault-script=" + script).err().strip());
        assertEquals(
                "faults: with --fault-script (expected: one of the two; the script says it); see testnet --help",
                Invocation.of("testnet", "--fault-script=" + script, "--faults=slow")
                        .err()
                        .strip());
        Invocation absent = Invocation.of("testnet", "--fault-script=" + directory.resolve("none.txt"));
        assertEquals(ExitCode.USAGE.code(), absent.exitCode());
        assertTrue(absent.err().startsWith("fault-script: \""), absent.err());
    }

    private static List<String> names(List<String> rows) {
        return rows.stream()
                .map(row -> row.split("\\s+"))
                .map(cells -> cells[0] + " " + cells[1])
                .toList();
    }
}
