/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.throughput.Way;
import io.softclose.bench.throughput.Ways;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThroughputCommandTest {
    @Test
    void aShortRunPrintsItsTable() {
        Invocation run = Invocation.of(
                "throughput",
                "--way",
                "softclose-nio",
                "--size",
                "64",
                "--rounds",
                "1",
                "--warm-up",
                "0s",
                "--burst",
                "5ms");

        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.out().contains("softclose-nio"), run::toString);
        assertEquals("[1/1] softclose-nio, 64 B, outbox of 4096", run.err().strip());
    }

    @Test
    void whatCannotBeMeasuredIsSaid() {
        refused("rounds: 0 (expected: 1 to 100)", "--rounds", "0");
        refused("size: -1 (expected: 0 to ", "--size", "-1");
        refused(
                "way: \"udp\" (expected: one of raw, queue-fed, netty-pipeline, softclose-nio, softclose-netty",
                "--way",
                "udp");
        refused("burst: PT0S (expected: ", "--burst", "0s");
        refused("heap: 1 (expected: 64 to ", "--heap", "1");
        refused("outboxMessages: 0 (expected: 1 to ", "--outbox", "0");
        refused("outboxBytes: 0 (expected: 1 to ", "--outbox-bytes", "0");
        refused("size: 256 (expected: 0 to 100)", "--outbox-bytes", "100", "--size", "64,256");
    }

    @Test
    void aWayOfAnotherBuildIsSaidToBeThere() {
        List<String> here = Ways.all().stream().map(Way::label).toList();
        for (String way : List.of("aeron", "jeromq", "reactor-netty", "rsocket")) {
            if (!here.contains(way)) {
                refused(
                        "way: \"" + way + "\" is not in this build (expected: build with -Ppeers)",
                        "--way",
                        "raw," + way);
            }
        }
    }

    private static void refused(String why, String... options) {
        Invocation run = Invocation.of(
                Stream.concat(Stream.of("throughput"), Stream.of(options)).toArray(String[]::new));

        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(why), run::toString);
    }
}
