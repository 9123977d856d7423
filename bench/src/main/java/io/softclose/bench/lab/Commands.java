/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a {@link ChildProcess} is told on its standard input. It ends with its input, whatever it is doing: nobody waits for it any
 * more.
 */
public final class Commands {
    /** Has a process close what it has open, and say {@link #ENDED}. */
    public static final String END = "end";

    /** What it says when everything is closed. */
    public static final String ENDED = "ended";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Commands() {}

    /** Begins to read. */
    public static Commands read() {
        Commands commands = new Commands();
        Thread reader = new Thread(commands::readAll, "commands");
        reader.setDaemon(true);
        reader.start();
        return commands;
    }

    private void readAll() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            input.lines().forEach(lines::add);
        } catch (IOException broken) {
            throw new IllegalStateException("standard input is broken", broken);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    /**
     * Waits for the next, which must be this word with a number behind it.
     *
     * @return the number; empty if the process is to {@link #END}
     */
    public OptionalInt next(String word) throws InterruptedException {
        Told told = next();
        if (told.word.equals(END)) {
            return OptionalInt.empty();
        }
        if (!told.word.equals(word)) {
            throw new IllegalStateException("told \"" + told.word + "\" (expected: \"" + word + " N\")");
        }
        return OptionalInt.of(told.number);
    }

    /** Waits for the next, whatever it is. */
    public Told next() throws InterruptedException {
        String line = lines.take();
        int space = line.indexOf(' ');
        return space < 0
                ? new Told(line, 0)
                : new Told(line.substring(0, space), Integer.parseInt(line.substring(space + 1)));
    }

    /**
     * A line of the input.
     *
     * @param word its first
     * @param number behind that; 0 if there is none
     */
    public record Told(String word, int number) {}
}
