/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertEquals("[1/1] softclose-nio, 64 B", run.err().strip());
    }

    @Test
    void whatCannotBeMeasuredIsSaid() {
        refused("rounds: 0 (expected: 1 to 100)", "--rounds", "0");
        refused("size: -1 (expected: 0 to ", "--size", "-1");
        refused(
                "way: \"udp\" (expected: one of raw, queue-fed, netty-pipeline, softclose-nio, softclose-netty)",
                "--way",
                "udp");
        refused("burst: PT0S (expected: ", "--burst", "0s");
    }

    private static void refused(String why, String option, String value) {
        Invocation run = Invocation.of("throughput", option, value);

        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains(why), run::toString);
    }
}
