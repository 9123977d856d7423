/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a process is told on its standard input. It ends with its input, whatever it is doing: nobody waits for it any more. */
final class Commands {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Commands() {}

    /** Begins to read. */
    static Commands read() {
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

    /** Waits for the next, and returns the number behind its only word. */
    int next(String word) throws InterruptedException {
        String line = lines.take();
        if (!line.startsWith(word + " ")) {
            throw new IllegalStateException("told \"" + line + "\" (expected: \"" + word + " N\")");
        }
        return Integer.parseInt(line.substring(word.length() + 1));
    }
}
