/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkEvents;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import java.net.SocketAddress;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A log that throws, on a full disk for one, ends nothing. */
class FailingLogTest {
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    @RegisterExtension
    final Node node = new Node();

    private final FailingHandler failing = new FailingHandler();

    @BeforeEach
    void everyLineFails() {
        node.settings().events(new DefaultEvents(node.events));
        LOGGER.setLevel(Level.ALL);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(failing);
    }

    @AfterEach
    void noLineFails() {
        LOGGER.removeHandler(failing);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(null);
    }

    @Test
    void aConnectionLivesAndEndsAsEver() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.frame((byte) 9, (byte) 5));
        talk.sendAll(message("a"));
        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(CloseEnding.CLEAN, talk.report().ending());
        assertTrue(failing.lines > 1, "lines: " + failing.lines);
    }

    @Test
    void aMessageThatCannotBeReadEndsAlone() {
        Conversation talk = node.connect();

        talk.sendAll(Unreadable.all(message("bad")), message("b"));
        node.run();

        assertEquals(List.of("b"), talk.received());
        assertTrue(failing.lines > 0);
    }

    @Test
    void aFailureEndsItsConnectionOnly() {
        Conversation talk = node.connect();
        talk.link.breaks("write", () -> new IllegalStateException("deliberate"));

        talk.sendAll(message("a"));
        node.run();

        assertEquals(List.of("a UNSENT"), talk.returned());
        assertTrue(failing.lines > 0);
    }

    @Test
    void aLinkIsRefusedAsEver() {
        node.limits(limits -> limits.maxInboundConnections(1));
        node.settings().events(new NetworkEvents() {
            @Override
            public void connected(Connection connection) {
                node.events.connected(connection);
            }

            @Override
            public void disconnected(Connection connection, CloseReport report) {
                node.events.disconnected(connection, report);
            }

            @Override
            public void inboundRefused(SocketAddress remote, HandshakeException cause) {
                throw new StackOverflowError("deliberate");
            }
        });
        node.welcome();

        FakeLink refused = node.accept();
        node.run();

        assertTrue(refused.peerSawEnd());
        refused.inputClosed();
        node.run();
        assertTrue(refused.isClosed());
    }

    private static final class FailingHandler extends Handler {
        int lines;

        @Override
        public void publish(LogRecord line) {
            lines++;
            throw new IllegalStateException("deliberate: no space left on device");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
