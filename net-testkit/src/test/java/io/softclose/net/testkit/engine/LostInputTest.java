/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Reading;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Our end (FIN) says that what came before it was handled. So where something came that no handler will ever get, the
 * connection ends without one, and its peer cannot take the close for clean.
 */
class LostInputTest {
    @RegisterExtension
    final Node node = new Node();

    @Test
    void aPeerWhoseFramesCannotBeToldApartGetsNoEnd() {
        Conversation talk = node.connect();
        talk.sendAll(message("ours"));
        node.run();

        talk.peerSends(WireBytes.frameLength(Integer.MAX_VALUE));

        assertNoEnd(talk.link);
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
        assertEquals(List.of("ours"), talk.received());
        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void whatComesBehindAMessageThatWasGivenUpCountsAsLost() {
        node.limits(limits -> limits.messageTimeout(Duration.ofSeconds(2)));
        Conversation talk = node.connect();
        talk.link.takes(0);
        talk.sendAll(message("ours"));
        talk.peerSends(WireBytes.frameLength(100));
        node.pass(Duration.ofSeconds(3));

        talk.peerSends(new byte[100]);
        talk.peerSendsMessage("late");
        talk.link.takes(FakeLink.UNLIMITED);
        node.run();

        assertNoEnd(talk.link);
        assertEquals(List.of("ours"), talk.received());
        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void whatIsLostBehindOurEndLeavesTheCloseUnconfirmed() {
        node.limits(limits -> limits.messageTimeout(Duration.ofSeconds(2)));
        Conversation talk = node.connect();
        talk.sendAll(message("ours"));
        talk.connection.close();
        node.run();
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());

        talk.peerSends(WireBytes.frameLength(100));
        node.pass(Duration.ofSeconds(3));
        talk.peerSendsMessage("late");
        talk.peerEnds();

        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void aPeerForWhomThereIsNoRoomGetsNoEndIfItHasSpoken() {
        node.limits(limits -> limits.maxInboundConnections(1));
        FakeLink second = node.accept();
        node.welcome();

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Conversation.HANDSHAKE);
        bytes.writeBytes(Conversation.frameOf("early"));
        second.read(bytes.toByteArray());
        node.run();

        assertNoEnd(second);
        assertEquals(1, node.events.takeRefused().size());
    }

    @Test
    void aPeerForWhomThereIsNoRoomGetsAnEndIfItHasNot() {
        node.limits(limits -> limits.maxInboundConnections(1));
        FakeLink second = node.accept();
        node.welcome();

        second.read(Conversation.HANDSHAKE);
        node.run();

        assertTrue(second.peerSawEnd());
        assertEquals(1, node.events.takeRefused().size());
    }

    @Test
    void whatIsHeldForAPausedApplicationIsLostWithTheConnection() {
        node.limits(limits -> limits.writeTimeout(Duration.ofSeconds(1)));
        Conversation talk = node.connect();
        talk.connection.reading(Reading.PAUSED);
        talk.peerSendsMessage("held");
        talk.link.takes(0);
        talk.sendAll(message("stuck"));

        node.pass(Duration.ofSeconds(2));

        assertTrue(talk.isClosed());
        assertNoEnd(talk.link);
        assertEquals(1, node.events.takeStalls().size());
    }

    @Test
    void anEndThatIsHeldBackStaysBackIfWhatItWaitsForCannotBeHandled() {
        Conversation talk = node.connect();
        talk.sendAll(message("ours"));
        talk.link.loop().execute(() -> talk.link.reading(Link.Reading.PAUSED));
        node.run();
        talk.link.read(WireBytes.frameLength(Integer.MAX_VALUE));
        talk.connection.close();
        node.run();
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());
        assertFalse(talk.link.peerSawEnd(), "held back");

        talk.link.loop().execute(() -> talk.link.reading(Link.Reading.RESUMED));
        node.run();

        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT, EndCall.LINGER), talk.link.endCalls());
        assertFalse(talk.link.peerSawEnd(), "end");
        assertTrue(talk.link.peerSawReset(), "reset");
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
        assertEquals(1, node.events.takeViolations().size());
    }

    private static void assertNoEnd(FakeLink link) {
        assertEquals(List.of(EndCall.LINGER), link.endCalls());
        assertFalse(link.peerSawEnd(), "end");
        assertTrue(link.peerSawReset(), "reset");
    }
}
