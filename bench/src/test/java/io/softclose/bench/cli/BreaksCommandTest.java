/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import org.junit.jupiter.api.Test;

/** The command {@code breaks}, in small. */
class BreaksCommandTest {
    @Test
    void theSummarySaysWhatWasBrokenAndThatNothingWasAmiss() {
        Invocation invocation = Invocation.of("breaks", "--breaks", "5", "--seed", "7", "--transport", "nio");

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.err() + invocation.out());
        assertTrue(invocation.out().startsWith("NIO, MUTUAL_TLS, 5 breaks, seed 7"), invocation.out());
        assertTrue(invocation.out().contains("nothing that must not be, seed 7"), invocation.out());
        assertTrue(invocation.err().contains("NIO: 5 of 5 breaks"), invocation.err());
    }

    @Test
    void noBreaksAreRefused() {
        Invocation invocation = Invocation.of("breaks", "--breaks", "0");

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().startsWith("breaks: 0 (expected: > 0)"), invocation.err());
    }
}
