/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogOutputTest {
    private static final Logger LOGGER = Logger.getLogger("io.softclose.bench.test");

    private final Logger root = Logger.getLogger("");
    private final Handler console = new ConsoleHandler();

    @TempDir
    Path directory;

    @BeforeEach
    void addConsole() {
        console.setLevel(Level.INFO);
        root.addHandler(console);
    }

    @AfterEach
    void removeConsole() {
        root.removeHandler(console);
    }

    @Test
    void theConsoleHasWarningsAlone() throws Exception {
        try (LogOutput output = LogOutput.open(null)) {
            assertEquals(Level.WARNING, console.getLevel(), output::toString);
        }

        assertEquals(Level.INFO, console.getLevel());
    }

    @Test
    void aFileHasTheWholeLogAndTheConsoleNothing() throws Exception {
        Path file = directory.resolve("100%.log");

        try (LogOutput output = LogOutput.open(file)) {
            assertEquals(Level.OFF, console.getLevel(), output::toString);
            LOGGER.info("something to know");
        }
        LOGGER.fine("too late");

        String written = Files.readString(file);
        assertTrue(written.contains("something to know"), written);
        assertFalse(written.contains("too late"), written);
        assertEquals(Level.INFO, console.getLevel());
    }

    @Test
    void aFileThatCannotBeWrittenIsAUsageError() {
        Path file = directory.resolve("absent").resolve("log");

        Invocation invocation = Invocation.of("compare", "--log-file", file.toString());

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertEquals(
                "log-file: \"" + file + "\" (expected: a file that can be written); see --help",
                invocation.err().strip());
    }
}
