/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers decide how often they are refused, and not how much of it is written. */
class RefusalLogTest {
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    @RegisterExtension
    final Node node = new Node();

    private final Counter counter = new Counter();

    @BeforeEach
    void count() {
        LOGGER.addHandler(counter);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void stopCounting() {
        LOGGER.removeHandler(counter);
        LOGGER.setUseParentHandlers(true);
    }

    @Test
    void refusalsDoNotFillTheLog() {
        int refusals = 5_000;
        node.limits(limits -> limits.maxInboundConnections(1));
        node.welcome();

        for (int i = 0; i < refusals; i++) {
            node.accept();
        }

        assertEquals(refusals, node.events.takeRefused().size());
        assertTrue(counter.lines < refusals / 10, () -> "lines: " + counter.lines);
    }

    private static final class Counter extends Handler {
        int lines;

        @Override
        public void publish(LogRecord line) {
            lines++;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
