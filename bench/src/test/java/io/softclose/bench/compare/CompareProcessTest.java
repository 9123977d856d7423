/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.Main;
import io.softclose.bench.lab.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The comparison as a process of its own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CompareProcessTest {
    @TempDir
    Path directory;

    private @Nullable Process child;

    @AfterEach
    void end() {
        if (child != null) {
            child.destroyForcibly();
        }
    }

    @Test
    void standardErrorHasTheProgressAndNothingElse() throws Exception {
        Path output = directory.resolve("out");
        Path errors = directory.resolve("errors");
        Process process = start(
                new ProcessBuilder().redirectOutput(output.toFile()).redirectError(errors.toFile()),
                "--scenario",
                "backlog-1024",
                "--reader",
                "stalled",
                "--policy",
                "drop,graceful");

        assertEquals(ExitCode.OK.code(), process.waitFor());
        // A class path for tests may have SLF4J's API, which Netty takes, without anything behind it.
        List<String> progress = Files.readAllLines(errors).stream()
                .filter(line -> !line.startsWith("SLF4J"))
                .toList();
        assertEquals(4, progress.size(), progress::toString);
        assertTrue(progress.stream().allMatch(line -> line.matches("\\[\\d/4] .*")), progress::toString);
        assertTrue(Files.readAllLines(output).contains("netty, backlog-1024"), progress::toString);
    }

    /** By SIGTERM: SIGINT is ignored by what a shell has started in the background, and by all that this starts. */
    @Test
    void askedToEndItPrintsWhatItHas() throws Exception {
        Path output = directory.resolve("out");
        Process process = start(
                new ProcessBuilder().redirectOutput(output.toFile()),
                "--transport",
                "nio",
                "--scenario",
                "proof-of-concept");
        BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
        String first = errors.readLine();
        assertTrue(first != null && first.startsWith("[1/16] nio "), first);

        process.destroy();

        assertEquals(ExitCode.TERMINATED.code(), process.waitFor());
        List<String> lines = Files.readAllLines(output);
        assertTrue(lines.contains("nio, proof-of-concept"), lines::toString);
        assertTrue(lines.get(lines.size() - 2).matches("INTERRUPTED after \\d+ of 16 runs\\."), lines::toString);
    }

    private Process start(ProcessBuilder builder, String... options) throws IOException {
        List<String> command = ChildProcess.java(Main.class, "compare");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process started = builder.command(
                        Stream.concat(command.stream(), Stream.of(options)).toList())
                .start();
        child = started;
        return started;
    }
}
