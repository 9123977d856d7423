/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Has every message of some loggers fail. */
@SuppressWarnings("exports") // nobody reads the tests of a module
public final class ThrowingLogs extends Handler implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level level;
    private final AtomicInteger thrown = new AtomicInteger();

    private ThrowingLogs(Logger logger) {
        this.logger = logger;
        level = logger.getLevel();
        logger.setLevel(Level.ALL);
    }

    public static ThrowingLogs of(String name) {
        ThrowingLogs logs = new ThrowingLogs(Logger.getLogger(name));
        logs.logger.addHandler(logs);
        return logs;
    }

    public int thrown() {
        return thrown.get();
    }

    @Override
    public void publish(LogRecord record) {
        thrown.incrementAndGet();
        throw new IllegalStateException("no space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(level);
    }
}
