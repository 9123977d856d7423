/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps what a class logs, as {@code java.util.logging} gets it from {@link System.Logger}. */
final class LogRecorder extends Handler implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level level;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    LogRecorder(String name) {
        logger = Logger.getLogger(name);
        level = logger.getLevel();
        logger.setLevel(Level.ALL);
        logger.addHandler(this);
    }

    List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    List<Level> levels() {
        return records.stream().map(LogRecord::getLevel).toList();
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(level);
    }
}
