/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code connections}, in small. */
class ConnectionsCommandTest {
    @Test
    void everyReportBalancesAndIsInTheTableAndTheFile(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("found.json");

        Invocation invocation =
                Invocation.of("connections", "--connections", "40", "--transport", "nio", "--json", json.toString());

        assertEquals(ExitCode.OK.code(), invocation.exitCode(), invocation.err() + invocation.out());
        assertTrue(invocation.out().lines().anyMatch(line -> line.matches("nio +40 .* 80 +yes")), invocation.out());
        String line = Files.readString(json);
        assertTrue(line.contains("\"reports\":80,\"unbalanced\":0,\"written\":40,\"handled\":40"), line);
    }

    @Test
    void moreConnectionsThanThereMayBeFilesAreRefusedAtOnce() {
        Invocation invocation = Invocation.of("connections", "--connections", "2000000000");

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(
                invocation.err().startsWith("connections: 2000000000 (expected: 2 to ")
                        && invocation.err().contains("ulimit -n"),
                invocation.err());
    }
}
