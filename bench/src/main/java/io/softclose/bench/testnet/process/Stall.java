/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that is stopped (SIGSTOP) until this is closed. A shell of its own stops it, and has it go on (SIGCONT) once its input ends: so it
 * goes on, too, when this process ends in whatever way, and can find out that it has.
 */
final class Stall implements AutoCloseable {
    private static final String SCRIPT =
            "trap '' INT TERM HUP; kill -STOP $1 && echo stopped; read line; kill -CONT $1 2>/dev/null";

    private final Process shell;

    private Stall(Process shell) {
        this.shell = shell;
    }

    /**
     * Stops a process.
     *
     * @throws IOException if that is not possible
     */
    static Stall of(long pid) throws IOException {
        Process shell = new ProcessBuilder(List.of("sh", "-c", SCRIPT, "sh", Long.toString(pid)))
                .redirectErrorStream(true)
                .start();
        String said = shell.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"stopped".equals(said)) {
            shell.destroyForcibly();
            throw new IOException("process " + pid + ": cannot be stopped: " + said);
        }
        return new Stall(shell);
    }

    /** Has it go on. Idempotent. */
    @Override
    public void close() {
        try (Writer input = shell.outputWriter(StandardCharsets.UTF_8)) {
            input.flush();
        } catch (IOException gone) {
            // It is not there any more, and has had the process go on.
        }
        try {
            shell.waitFor();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
