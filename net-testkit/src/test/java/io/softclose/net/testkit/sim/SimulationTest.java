/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.spy;

import io.softclose.net.Message;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random runs under policies that no application would want, with payloads that cannot be read, and a log that throws. */
class SimulationTest {
    private static final int SEEDS = 1_500;
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    private final FailingHandler failing = new FailingHandler();

    @BeforeEach
    void someLinesFail() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(failing);
    }

    @AfterEach
    void noLineFails() {
        LOGGER.removeHandler(failing);
        LOGGER.setUseParentHandlers(true);
    }

    @Test
    void theEngineKeepsItsPromiseUnderEveryPolicy() {
        SimulationReport report = Simulation.of("SimulationTest", AdversarialPolicies::any)
                .spoiling(SimulationTest::unreadable)
                .run(SEEDS);

        System.out.println("SimulationTest: " + report.summary());
        System.out.println(report.rareStatesTable());
        assertTrue(report.closes() > 0);
        if (report.seeds() >= SEEDS) {
            assertEquals(List.of(), report.neverReached(), "rare states that no run has reached");
        }
    }

    static Message unreadable(Message message) {
        Message unreadable = spy(message);
        doThrow(new InternalError("thrown on purpose")).when(unreadable).copyPayload(anyInt(), any());
        return unreadable;
    }

    /** Throws at every other line. */
    private static final class FailingHandler extends Handler {
        private final AtomicInteger lines = new AtomicInteger();

        @Override
        public void publish(LogRecord line) {
            if (lines.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("thrown on purpose: no space left on device");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
