/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that is told what to do line by line, and prints line by line what has happened. */
final class ChildProcess implements AutoCloseable {
    /** Only so that a failing test ends. */
    private static final Duration SAFETY_NET = Duration.ofSeconds(60);
    /** What is printed when the output has ended. No line has a line feed in it. */
    private static final String END = "\n";

    private final String name;
    private final Process process;
    private final PrintWriter input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Queue<String> everything = new ConcurrentLinkedQueue<>();

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /**
     * Starts it.
     *
     * @param name for messages
     */
    static ChildProcess start(String name, List<String> command) {
        try {
            ChildProcess child = new ChildProcess(
                    name, new ProcessBuilder(command).redirectErrorStream(true).start());
            Thread reader = new Thread(child::readAll, name + "-output");
            reader.setDaemon(true);
            reader.start();
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private void readAll() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                everything.add(line);
                lines.add(line);
            }
        } catch (IOException e) {
            everything.add("reading failed: " + e);
        }
        lines.add(END);
    }

    void tell(String command) {
        input.println(command);
    }

    /** Waits for a line that starts with this word, drops those before it, and returns the rest of the line. */
    String await(String word) {
        try {
            while (true) {
                String line = lines.poll(SAFETY_NET.toMillis(), TimeUnit.MILLISECONDS);
                if (line == null || line.equals(END)) {
                    String what = line == null ? "nothing for " + SAFETY_NET : "its end";
                    throw new AssertionError(name + " did not say \"" + word + "\": " + what + ", after " + everything);
                }
                if (line.equals(word) || line.startsWith(word + " ")) {
                    return line.substring(word.length()).strip();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(name + " did not say \"" + word + "\": interrupted", e);
        }
    }

    /** Sends a signal: KILL, STOP or CONT. */
    void signal(String signal) {
        Shell.run("kill", "-" + signal, Long.toString(process.pid()));
    }

    /** Everything it has printed. */
    List<String> output() {
        return List.copyOf(everything);
    }

    /** Kills it, stopped or running, and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(SAFETY_NET.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " is still there, " + SAFETY_NET + " after it was killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
