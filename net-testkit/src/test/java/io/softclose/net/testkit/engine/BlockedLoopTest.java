/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Code of the application that blocks a loop is named in the log, while it does. Here it blocks until it is. */
class BlockedLoopTest {
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    @RegisterExtension
    final Node node = new Node();

    private final BlockingQueue<LogRecord> lines = new LinkedBlockingQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                lines.add(line);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    @Test
    void aHandlerThatBlocksIsNamedWithItsConnectionThreadAndPlace() {
        node.settings().handle(Messages.PROTOCOL, (connection, message) -> blocksUntilNamed());
        Conversation talk = node.connect();

        talk.peerSendsMessage("a");

        assertNamed(talk);
    }

    @Test
    void aListenerThatBlocksIsNamedWithItsConnectionThreadAndPlace() {
        Conversation talk = node.connect();

        SendResult sent = talk.connection.send(message("a"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            blocksUntilNamed();
        });
        assertEquals(SendResult.ACCEPTED, sent);
        talk.outcomes.accepted();
        node.run();

        assertNamed(talk);
    }

    private void blocksUntilNamed() {
        lines.add(Waiting.next(lines, "a line in the log"));
    }

    private void assertNamed(Conversation talk) {
        LogRecord line = Waiting.next(lines, "a line in the log");
        String thread = Thread.currentThread().getName();
        assertEquals(Level.WARNING, line.getLevel());
        assertTrue(
                line.getMessage()
                        .startsWith(talk.connection + ": has kept its event loop " + thread + " for two seconds"),
                line.getMessage());
        assertTrue(
                Arrays.stream(line.getThrown().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("blocksUntilNamed")),
                () -> Arrays.toString(line.getThrown().getStackTrace()));
    }
}
