/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callbacks of the application that throw: each is reported, and harms nothing else. */
class CallbackTest {
    @RegisterExtension
    final Node node = new Node();

    private final IllegalStateException thrown = new IllegalStateException("deliberate");

    @Test
    void aHandlerThatThrowsStillGetsTheNextMessage() {
        node.settings().handle(Messages.PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            throw thrown;
        });
        Conversation talk = node.connect();

        talk.link.read(Conversation.frameOf("first"));
        talk.peerSendsMessage("second");

        assertEquals(List.of("first", "second"), node.handled);
        assertEquals(List.of(thrown, thrown), node.events.takeFailures());
    }

    @Test
    void aHandlerMayThrowCheckedExceptionsAndErrors() {
        IOException checked = new IOException("deliberate");
        StackOverflowError error = new StackOverflowError("deliberate");
        node.settings().handle(Messages.PROTOCOL, (connection, message) -> {
            if (node.handled.isEmpty()) {
                node.handled.add("first");
                throw checked;
            }
            throw error;
        });
        Conversation talk = node.connect();

        talk.peerSendsMessage("first");
        talk.peerSendsMessage("second");

        assertEquals(List.of(checked, error), node.events.takeFailures());
    }

    @Test
    void aListenerThatThrowsDoesNotKeepOthersFromTheirOutcome() {
        Conversation talk = node.connect();
        OutcomeListener throwing = (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            throw thrown;
        };
        Message second = message("second");
        assertEquals(SendResult.ACCEPTED, talk.connection.send(message("first"), throwing));
        talk.outcomes.accepted();
        talk.sendAll(second);
        node.run();

        assertEquals(List.of(thrown), node.events.takeFailures());
        assertEquals(List.of(Outcome.WRITTEN), talk.outcomes.of(second));
        assertEquals(List.of("first", "second"), talk.received());
        assertTrue(talk.connection.account().balanced());
    }

    @Test
    void aListenerThatThrowsWhenTheLinkBreaksDoesNotKeepTheCloseFromItsEnd() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        for (String label : List.of("half", "queued")) {
            assertEquals(SendResult.ACCEPTED, talk.connection.send(message(label), (message, outcome) -> {
                talk.outcomes.ended(message, outcome);
                throw thrown;
            }));
            talk.outcomes.accepted();
        }
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of(thrown, thrown), node.events.takeFailures());
        assertEquals(List.of("half UNSENT", "queued UNSENT"), talk.returned());
    }

    @Test
    void anActionThatThrowsDoesNotKeepOthersFromTheirRoom() {
        Conversation talk = node.connect();
        talk.connection.onRoom(message("x"), () -> {
            throw thrown;
        });
        talk.connection.onRoom(message("x"), () -> node.handled.add("room"));

        node.run();

        assertEquals(List.of("room"), node.handled);
        assertEquals(List.of(thrown), node.events.takeFailures());
    }

    @Test
    void eventsThatThrowHarmNothing() {
        node.settings().events(new ThrowingEvents());
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        talk.peerSends(WireBytes.frame((byte) 9, (byte) 5));
        assertEquals(SendResult.ACCEPTED, talk.connection.send(message("b"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            throw thrown;
        }));
        talk.outcomes.accepted();
        FakeLink refused = node.accept();
        refused.inputClosed();
        node.run();

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().clean());
        assertTrue(node.events.takeFailures().contains(thrown));
        assertEquals(1, node.events.takeViolations().size());
        assertEquals(1, node.events.takeRefused().size());
    }

    @Test
    void whatDependsOnAStageMayThrow() {
        Conversation talk = node.dial();
        talk.connection.opened().thenAccept(connection -> {
            throw thrown;
        });
        talk.connection.closed().thenAccept(report -> {
            throw thrown;
        });
        node.run();
        talk.peerShakesHands();

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void aConnectionMayBeUsedFromTheEventThatAnnouncesIt() {
        node.settings().events(new NetworkEvents() {
            @Override
            public void connected(Connection connection) {
                node.events.connected(connection);
                assertEquals(SendResult.ACCEPTED, connection.send(message("welcome")));
                connection.close();
            }

            @Override
            public void disconnected(Connection connection, CloseReport report) {
                node.events.disconnected(connection, report);
                assertSame(report, connection.close().toCompletableFuture().getNow(report));
            }
        });
        Conversation talk = node.dial();
        node.run();
        talk.peerShakesHands();
        talk.outcomes.accepted();
        talk.outcomes.ended(message("welcome"), Outcome.WRITTEN);
        talk.receivedHandshake();

        talk.peerEnds();

        assertEquals(List.of("welcome"), talk.received());
        assertTrue(talk.report().clean());
    }

    @Test
    void aConnectionThatIsAbortedInThatEventHandsNothingOnThatCameWithTheHandshake() {
        node.settings().events(new NetworkEvents() {
            @Override
            public void connected(Connection connection) {
                node.events.connected(connection);
                connection.abort();
            }

            @Override
            public void disconnected(Connection connection, CloseReport report) {
                node.events.disconnected(connection, report);
            }
        });
        Conversation talk = node.dial();
        node.run();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Conversation.HANDSHAKE);
        bytes.writeBytes(Conversation.frameOf("late"));

        talk.peerSends(bytes.toByteArray());

        assertEquals(List.of(), node.handled);
        assertFalse(talk.report().clean());
    }

    /** Writes down every event, and throws. */
    private final class ThrowingEvents implements NetworkEvents {
        @Override
        public void connected(Connection connection) {
            node.events.connected(connection);
            throw thrown;
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            node.events.disconnected(connection, report);
            throw thrown;
        }

        @Override
        public void inboundRefused(SocketAddress remote, HandshakeException cause) {
            node.events.inboundRefused(remote, cause);
            throw thrown;
        }

        @Override
        public void protocolViolation(Connection connection, String detail) {
            node.events.protocolViolation(connection, detail);
            throw thrown;
        }

        @Override
        public void callbackFailed(Connection connection, String callback, Throwable failure) {
            node.events.callbackFailed(connection, callback, failure);
            throw thrown;
        }
    }
}
