/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs commands of the system, each for a bounded time. */
public final class Shell {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Shell() {}

    /**
     * What a command ended with.
     *
     * @param exitCode 0 if it succeeded
     * @param output what it printed, errors included
     */
    public record Result(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /** Whether a command is on the path. */
    static boolean has(String command) {
        return Arrays.stream(System.getenv()
                        .getOrDefault("PATH", "/usr/sbin:/usr/bin")
                        .split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** Runs a command that must succeed, and returns what it printed. */
    static String run(String... command) {
        return run(List.of(command));
    }

    /** Runs a command that must succeed, and returns what it printed. */
    static String run(List<String> command) {
        Result result = attempt(PATIENCE, command);
        if (!result.succeeded()) {
            throw new IllegalStateException(
                    String.join(" ", command) + ": exit code " + result.exitCode() + ", " + result.output());
        }
        return result.output();
    }

    /** Runs a command that may fail. */
    public static Result attempt(String... command) {
        return attempt(PATIENCE, List.of(command));
    }

    /** Runs a command that may fail, and may take this long. */
    public static Result attempt(Duration patience, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> outputOf(process), Shell::inThread);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + ": still running after " + patience);
            }
            return new Result(process.exitValue(), output.join());
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command) + ": interrupted", e);
        }
    }

    private static void inThread(Runnable task) {
        Thread thread = new Thread(task, "command-output");
        thread.setDaemon(true);
        thread.start();
    }

    private static String outputOf(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
