/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Where the log goes while a command runs: warnings to standard error, which is for what a command has to say, or all from
 * INFO on to a file. Who configures {@code java.util.logging} by a file of their own keeps that.
 */
final class LogOutput implements AutoCloseable {
    private static final String CONFIGURED = "java.util.logging.config.file";

    private final Logger root = Logger.getLogger("");
    private final List<Runnable> undoing = new ArrayList<>();

    private LogOutput() {}

    /**
     * Sends the log there until closed.
     *
     * @param file a file to write it to; null for standard error
     */
    static LogOutput open(@Nullable Path file) throws IOException {
        LogOutput output = new LogOutput();
        if (file != null) {
            output.add(file);
            output.quieten(Level.OFF);
        } else if (System.getProperty(CONFIGURED) == null) {
            output.quieten(Level.WARNING);
        }
        return output;
    }

    /** Sends nothing below errors to standard error until closed: for whoever causes what is warned of. */
    static LogOutput errorsAlone() {
        LogOutput output = new LogOutput();
        if (System.getProperty(CONFIGURED) == null) {
            output.quieten(Level.SEVERE);
        }
        return output;
    }

    private void add(Path file) throws IOException {
        // A percent sign begins a placeholder.
        Handler handler = new FileHandler(file.toString().replace("%", "%%"), true);
        handler.setLevel(Level.INFO);
        handler.setFormatter(new SimpleFormatter());
        root.addHandler(handler);
        undoing.add(() -> {
            root.removeHandler(handler);
            handler.close();
        });
    }

    private void quieten(Level least) {
        for (Handler handler : root.getHandlers()) {
            if (handler instanceof ConsoleHandler && handler.getLevel().intValue() < least.intValue()) {
                Level before = handler.getLevel();
                handler.setLevel(least);
                undoing.add(() -> handler.setLevel(before));
            }
        }
    }

    @Override
    public void close() {
        undoing.forEach(Runnable::run);
    }
}
