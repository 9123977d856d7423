/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import org.junit.jupiter.api.Test;

/** The command {@code barrier}, in small. */
class BarrierCommandTest {
    @Test
    void eachBottleneckHasItsRows() {
        Invocation invocation = Invocation.of(
                "barrier", "--rounds", "1", "--connections", "3", "--votes", "2", "--bulk", "20", "--budget", "300ms");

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.err());
        assertEquals(
                4,
                invocation
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("greedy"))
                        .count(),
                invocation.out());
        assertEquals(
                4,
                invocation.out().lines().filter(line -> line.startsWith("fair")).count(),
                invocation.out());
        assertTrue(invocation.err().contains("GREEDY, EQUAL, SINGLE_CLOSES: "), invocation.err());
    }
}
