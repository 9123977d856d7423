/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code raft}, in small. */
class RaftCommandTest {
    @Test
    void itShowsAndWritesBothRuns(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("raft.json");
        Invocation invocation = Invocation.of(
                "raft",
                "--duration",
                "1s",
                "--latency",
                "1ms",
                "--clients",
                "4",
                "--seed",
                "7",
                "--faults",
                "resets",
                "--reset-every",
                "200ms",
                "--json",
                file.toString());

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation::toString);
        List<String> lines = invocation.out().lines().toList();
        assertEquals("3 nodes, 4 clients, 1 ms one way, faults [RESETS], seed 7", lines.get(0));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("softclose ") && line.endsWith("agree")));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("local ") && line.endsWith("agree")));
        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        assertTrue(json.get("passed").booleanValue());
        assertEquals(7, json.get("settings").get("seed").intValue());
        assertEquals(2, json.get("runs").size());
        assertTrue(json.get("runs").get(0).get("commits").intValue() > 0, json::toString);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertRefused("nodes: 2 (expected: 3 to 5)", "--nodes", "2");
        assertRefused("clients: 0 (expected: 1 to 1000)", "--clients", "0");
        assertRefused("faults: \"killed\" (expected: one of resets, stalled, none alone)", "--faults", "killed");
        assertRefused("policy: \"hasty\" (expected: one of ", "--policy", "hasty");
        assertRefused("bandwidth: 0.0 (expected: > 0 to 10000 Mbit/s)", "--bandwidth", "0");
    }

    private static void assertRefused(String why, String... words) {
        Invocation invocation = Invocation.of(
                Stream.concat(Stream.of("raft"), Arrays.stream(words)).toArray(String[]::new));
        assertEquals(ExitCode.USAGE.code(), invocation.exitCode(), invocation::toString);
        assertTrue(invocation.err().startsWith(why), invocation::err);
    }
}
