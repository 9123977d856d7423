/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command {@code barrier}, in small. */
class BarrierCommandTest {
    @Test
    void eachCaseHasItsRowsAndNoVoteHasLeftBeforeTheEnd() {
        Invocation invocation = Invocation.of(
                "barrier", "--rounds", "1", "--connections", "3", "--votes", "2", "--bulk", "40", "--budget", "300ms");

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.err());
        List<String> lines = invocation.out().lines().toList();
        for (String bottleneck : List.of("greedy", "fair")) {
            List<String> rows =
                    lines.stream().filter(line -> line.startsWith(bottleneck)).toList();
            assertEquals(10, rows.size(), invocation.out());
            rows.forEach(row -> assertTrue(row.matches(".* (as one|one by one) +6  .*"), row));
        }
        assertTrue(
                invocation.err().contains("greedy, votes on one in ten, consensus-priority, equal times, one by one: "),
                invocation.err());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Invocation invocation = Invocation.of("barrier", "--bulk", "0");

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode(), invocation::toString);
        assertTrue(invocation.err().startsWith("bulk: 0 (expected: 1 to 1048576)"), invocation::err);
    }
}
