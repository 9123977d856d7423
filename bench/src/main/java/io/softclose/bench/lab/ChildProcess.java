/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process that is told what to do line by line, and prints line by line what has happened. */
public final class ChildProcess implements AutoCloseable {
    /** Only so that whoever waits for what does not happen ends. */
    private static final Duration SAFETY_NET = Duration.ofSeconds(60);
    /** What is printed when the output has ended. No line has a line feed in it. */
    private static final String END = "\n";
    /** How many of the latest lines are kept for whoever asks what was printed. */
    private static final int REMEMBERED = 2_000;

    /** Warnings that a JDK gives to whoever loads native libraries; older ones do not know all of these. */
    private static final List<String> QUIET = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-Xmx256m");

    private final String name;
    private final Process process;
    private final PrintWriter input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Consumer<String> listener;
    private final CompletableFuture<Void> outputEnded = new CompletableFuture<>();
    /** Guarded by itself. */
    private final Deque<String> latest = new ArrayDeque<>();

    private ChildProcess(String name, Process process, @Nullable Consumer<String> listener) {
        this.name = name;
        this.process = process;
        this.listener = listener == null ? lines::add : listener;
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /**
     * Starts it.
     *
     * @param name for messages
     */
    public static ChildProcess start(String name, List<String> command) {
        try {
            ChildProcess child = new ChildProcess(
                    name, new ProcessBuilder(command).redirectErrorStream(true).start(), null);
            child.read("output", child::readAll);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /**
     * Starts one whose every line goes to a listener, and none to {@link #await}. What it prints to standard error does not mix with them, and is
     * kept for {@link #output} alone.
     *
     * @param listener told of each line of standard output, in order, on a thread of its own; must not throw
     */
    public static ChildProcess start(String name, List<String> command, Consumer<String> listener) {
        try {
            ChildProcess child = new ChildProcess(name, new ProcessBuilder(command).start(), listener);
            child.read("output", child::readAll);
            child.read("errors", child::readErrors);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private void read(String what, Runnable reading) {
        Thread reader = new Thread(reading, name + "-" + what);
        reader.setDaemon(true);
        reader.start();
    }

    /** A command that runs a class on this JVM's class path, in a JVM of its own that is small and starts quickly. */
    public static List<String> java(Class<?> main, String... arguments) {
        return java(SMALL, main, arguments);
    }

    /**
     * As {@link #java(Class, String...)}, in a JVM with these flags instead of those that make it small.
     *
     * @param flags of the JVM, the heap's size for one
     */
    public static List<String> java(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUIET);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private void readAll() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                remember(line);
                listener.accept(line);
            }
        } catch (IOException e) {
            remember("reading failed: " + e);
        }
        lines.add(END);
        outputEnded.complete(null);
    }

    private void readErrors() {
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = errors.readLine(); line != null; line = errors.readLine()) {
                remember(line);
            }
        } catch (IOException e) {
            remember("reading failed: " + e);
        }
    }

    private void remember(String line) {
        synchronized (latest) {
            latest.add(line);
            if (latest.size() > REMEMBERED) {
                latest.remove();
            }
        }
    }

    /** Tells it to do something. One that does not read any more is not told, and {@link #ended} completes. */
    public void tell(String command) {
        input.println(command);
    }

    /** Its number. */
    public long pid() {
        return process.pid();
    }

    /** Completes with its exit code, once it has ended and everything that it had printed was told. */
    public CompletableFuture<Integer> ended() {
        return process.onExit().thenCombine(outputEnded, (end, read) -> end.exitValue());
    }

    /** Kills it, stopped or running, without waiting for its end. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Waits for a line that starts with this word, drops those before it, and returns the rest of the line. */
    public String await(String word) {
        return await(word, SAFETY_NET);
    }

    /**
     * As {@link #await(String)}.
     *
     * @param patience the most to wait for each line
     * @throws IllegalStateException if the line does not come
     */
    public String await(String word, Duration patience) {
        try {
            while (true) {
                String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (line == null || line.equals(END)) {
                    String what = line == null ? "nothing for " + patience : "its end";
                    throw new IllegalStateException(
                            name + " did not say \"" + word + "\": " + what + ", after " + output());
                }
                if (line.equals(word) || line.startsWith(word + " ")) {
                    return line.substring(word.length()).strip();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " did not say \"" + word + "\": interrupted", e);
        }
    }

    /** Sends a signal: KILL, STOP, CONT or QUIT. */
    public void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + signal + ": exit code " + kill.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill -" + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("kill -" + signal + ": interrupted", e);
        }
    }

    /** The latest lines that it has printed. */
    public List<String> output() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }

    /** Kills it, stopped or running, and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(SAFETY_NET.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " is still there, " + SAFETY_NET + " after it was killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
