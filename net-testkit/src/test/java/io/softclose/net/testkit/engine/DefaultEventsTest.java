/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong without anybody observing stands in the log. */
class DefaultEventsTest {
    private static final ProtocolId UNHANDLED = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    @RegisterExtension
    final Node node = new Node();

    @RegisterExtension
    final LogLines log = new LogLines();

    private final IllegalStateException thrown = new IllegalStateException("deliberate");

    @BeforeEach
    void takeNothingOver() {
        node.settings().events(new DefaultEvents(node.events));
    }

    @Test
    void whatAHandlerThrowsIsAnErrorWithItsStackConnectionAndProtocol() {
        node.settings().handle(Messages.PROTOCOL, (connection, message) -> {
            throw thrown;
        });
        Conversation talk = node.connect();

        talk.peerSendsMessage("a");

        LogRecord line = onlyLine();
        assertEquals(Level.SEVERE, line.getLevel());
        assertSame(thrown, line.getThrown());
        assertEquals(talk.connection + ": the handler of " + Messages.PROTOCOL + " failed", line.getMessage());
    }

    @Test
    void whatAListenerThrowsIsAnErrorWithItsStackConnectionAndProtocol() {
        Conversation talk = node.connect();

        assertEquals(SendResult.ACCEPTED, talk.connection.send(message("a"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            throw thrown;
        }));
        talk.outcomes.accepted();
        node.run();

        LogRecord line = onlyLine();
        assertEquals(Level.SEVERE, line.getLevel());
        assertSame(thrown, line.getThrown());
        assertEquals(talk.connection + ": the outcome listener of " + Messages.PROTOCOL + " failed", line.getMessage());
    }

    @Test
    void whatNoHandlerTakesIsAWarningOnceOfAConnectionAndProtocol() {
        node.settings().support(UNHANDLED);
        Conversation talk = node.connect();
        Conversation other = node.connect();

        talk.peerSends(WireBytes.directSend(UNHANDLED.id(), 0, new byte[3]));
        talk.peerSends(WireBytes.directSend(UNHANDLED.id(), 0, new byte[3]));
        other.peerSends(WireBytes.directSend(UNHANDLED.id(), 0, new byte[3]));

        List<String> lines = log.at(Level.WARNING);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(
                lines.get(0)
                        .startsWith(talk.connection + ": no handler takes what arrives of " + UNHANDLED
                                + " (expected: handle(" + UNHANDLED + ", …) for messages, answer(" + UNHANDLED
                                + ", …) for requests, on the network's builder)"),
                lines.get(0));
        assertTrue(lines.get(1).startsWith(other.connection + ": no handler takes "), lines.get(1));
    }

    @Test
    void aCloseThatReturnedMessagesIsAWarningThatCountsThem() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"), message("b"));

        talk.link.fail(new IOException("deliberate"));
        node.run();

        List<String> lines = log.at(Level.WARNING);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains(": 2 of 2 messages did not go (2 UNSENT); closed for "), lines.get(0));
        assertTrue(lines.get(0).contains("deliberate"), lines.get(0));
    }

    @Test
    void aCloseThatMayHaveLostWhatWasWrittenIsWorthALine() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        List<String> lines = log.at(Level.INFO);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains("may lack what was written last of 1 messages"), lines.get(0));
    }

    @Test
    void aCloseThatLostNothingIsNotWorthALine() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().lossless());
        assertEquals(List.of(), log.records());
    }

    @Test
    void whatThePeerDoesWrongIsAWarning() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.frame((byte) 9, (byte) 5));

        List<String> lines = log.at(Level.WARNING);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith(talk.connection + ": frame of 2 bytes: "), lines.get(0));
    }

    @Test
    void aNetworkThatSpeaksPlaintextSaysSoOnceHoweverManyPeersItHas() {
        node.connect();
        node.connect();
        node.welcome();

        assertEquals(
                List.of("INFO: network validator of " + node.network().peerId().shortText()
                        + ": lets peers in by plaintext, unverified (expected: on networks of trust alone; TLS proves who"
                        + " is there)"),
                log.plaintext());
    }

    @Test
    void aNetworkWhosePeersProveWhoTheyAreSaysNothingOfPlaintext() {
        node.settings().identityExchange(IdentityExchange.proven());

        node.network();

        assertEquals(List.of(), log.plaintext());
    }

    private LogRecord onlyLine() {
        assertEquals(1, log.records().size(), () -> log.records().toString());
        return log.records().get(0);
    }
}
