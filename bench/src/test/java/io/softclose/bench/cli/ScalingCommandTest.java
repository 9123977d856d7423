/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingCommandTest {
    @Test
    void manyConnectionsHaveTheirSharesAndThousandsAreWeighed(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("scaling.json");

        Invocation run = run(
                "--connections",
                "100,1000",
                "--transport",
                "nio",
                "--rounds",
                "1",
                "--warm-up",
                "0s",
                "--burst",
                "5ms",
                "--json",
                json.toString());

        assertEquals(ExitCode.OK.code(), run.exitCode(), run::toString);
        assertEquals(
                List.of("[1/2] nio, connections: 100", "[2/2] nio, connections: 1000"),
                run.err().lines().toList());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("nio +100 +[0-9,]+ .*[0-9] *")), run::toString);
        assertTrue(
                run.out().lines().anyMatch(line -> line.matches("nio +1000 +[0-9,]+ .* B +[0-9,]+ B")), run::toString);
        JsonNode rows = new ObjectMapper().readTree(json.toFile()).get("scaling");
        assertFalse(rows.get(0).has("dialledEndBytes"), rows::toString);
        JsonNode found = rows.get(1);
        double fairness = found.get("fairness").asDouble();
        assertTrue(fairness >= 0 && fairness <= 1, found::toString);
        assertTrue(found.get("messagesPerSecond").asLong() > 0, found::toString);
        assertTrue(found.get("dialledEndBytes").asLong() > 1_000, found::toString);
        assertTrue(found.get("acceptedEndBytes").asLong() > 1_000, found::toString);
    }

    @Test
    void whatCannotBeMeasuredIsSaid() {
        refused("size: 3 (expected: 4 to ", "--size", "3");
        refused("connections: 0 (expected: 1 to ", "--connections", "1,0");
        refused("rounds: 0 (expected: 1 to 100)", "--rounds", "0");
        refused("transport: \"udp\" (expected: one of ", "--transport", "udp");
        refused("burst: PT0S (expected: ", "--burst", "0s");
    }

    private static void refused(String why, String... options) {
        Invocation run = run(options);

        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run::toString);
        assertTrue(run.err().contains(why), run::toString);
    }

    private static Invocation run(String... options) {
        return Invocation.of(
                Stream.concat(Stream.of("scaling"), Stream.of(options)).toArray(String[]::new));
    }
}
