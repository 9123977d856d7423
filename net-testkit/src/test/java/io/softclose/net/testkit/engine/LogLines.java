/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test writes to the engine's log, instead of to the console. */
final class LogLines extends Handler implements BeforeEachCallback, AfterEachCallback {
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    private static final String PLAINTEXT = "by plaintext, unverified";

    private final List<LogRecord> records = new ArrayList<>();
    private final List<String> plaintext = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
    }

    /** The lines of this level, without those that count what was left out before the test. */
    List<String> at(Level level) {
        return records.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(LogLines::text)
                .filter(line -> !line.endsWith("were left out"))
                .toList();
    }

    /** All lines, without those of {@link #plaintext}. */
    List<LogRecord> records() {
        return records;
    }

    /** What is said of networks that are built to speak plaintext. */
    List<String> plaintext() {
        return plaintext;
    }

    private static String text(LogRecord line) {
        Object[] parameters = line.getParameters();
        return parameters == null || parameters.length == 0
                ? line.getMessage()
                : MessageFormat.format(line.getMessage(), parameters);
    }

    @Override
    public void publish(LogRecord line) {
        if (text(line).contains(PLAINTEXT)) {
            plaintext.add(line.getLevel() + ": " + text(line));
        } else {
            records.add(line);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
