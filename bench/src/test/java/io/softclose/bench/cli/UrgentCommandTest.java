/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import org.junit.jupiter.api.Test;

/** The command {@code urgent}, in small. */
class UrgentCommandTest {
    @Test
    void eachSettingHasItsRowAndEveryVoteArrives() {
        Invocation invocation = Invocation.of(
                "urgent",
                "--rate",
                "100",
                "--latency",
                "1ms",
                "--transport",
                "nio",
                "--settings",
                "without,default",
                "--bulk",
                "100000",
                "--votes",
                "3",
                "--warm-up",
                "50ms");

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.err());
        for (String settings : new String[] {"without", "default"}) {
            assertTrue(
                    invocation.out().lines().anyMatch(line -> line.matches("100 +1 ms +nio +" + settings + " +3 .*")),
                    invocation::out);
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Invocation invocation = Invocation.of("urgent", "--votes", "0");

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode(), invocation::toString);
        assertTrue(invocation.err().startsWith("votes: 0 (expected: 1 to 1000000)"), invocation::err);
    }
}
