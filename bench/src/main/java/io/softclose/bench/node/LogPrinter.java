/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Takes the place of the JDK's console handlers, which write to standard error on the thread that logs: with an output that
 * is full, they would stop an event loop.
 */
final class LogPrinter extends Handler {
    private final LinePrinter lines;
    private final Handler replaced;

    private LogPrinter(LinePrinter lines, Handler replaced) {
        this.lines = lines;
        this.replaced = replaced;
        setLevel(replaced.getLevel());
        setFormatter(replaced.getFormatter());
        setFilter(replaced.getFilter());
    }

    /** Has these lines print what the root logger's console handlers would. */
    static void install(LinePrinter lines) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                root.removeHandler(handler);
                root.addHandler(new LogPrinter(lines, handler));
            }
        }
    }

    /** Puts the console handlers back. */
    static void uninstall(LinePrinter lines) {
        Logger root = Logger.getLogger("");
        Arrays.stream(root.getHandlers())
                .filter(handler -> handler instanceof LogPrinter printer && printer.lines == lines)
                .forEach(handler -> {
                    root.removeHandler(handler);
                    root.addHandler(((LogPrinter) handler).replaced);
                });
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            try {
                lines.print(getFormatter().format(record).stripTrailing(), LinePrinter.Share.HALF);
            } catch (RuntimeException failure) {
                reportError("a record that cannot be formatted", failure, ErrorManager.FORMAT_FAILURE);
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
