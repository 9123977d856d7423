/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application that does not want messages now, and what becomes of those that come, and of the peer's end. */
class PauseTest {
    /** As {@code Connection.receive} says. */
    private static final int ENOUGH_HELD = 64 * 1024;

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration ALMOST_GRACE = GRACE.minusMillis(1);

    @RegisterExtension
    final Node node = new Node();

    @Test
    void aPauseInAHandlerHoldsFromTheNextMessageOn() {
        pauseAt("b");
        Conversation talk = node.connect();

        talk.peerSends(frames("a", "b", "c", "d"));
        assertEquals(List.of("a", "b"), node.handled);

        resume(talk);
        assertEquals(List.of("a", "b", "c", "d"), node.handled);
    }

    @Test
    void eachOfManyPausesHoldsAndNothingIsLostOrTurnedRound() {
        node.limits(limits -> limits.maxFrameSize(128));
        node.settings().handle(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            connection.reading(Reading.PAUSED);
        });
        Conversation talk = node.connect();
        List<String> labels = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
        byte[] flood = frames(labels.toArray(String[]::new));

        for (int from = 0; from < flood.length; from += 100) {
            talk.peerSends(Arrays.copyOfRange(flood, from, Math.min(flood.length, from + 100)));
        }
        for (int resumed = 1; resumed < labels.size(); resumed++) {
            assertEquals(labels.subList(0, resumed), node.handled);
            resume(talk);
        }

        assertEquals(labels, node.handled);
    }

    @Test
    void aHandlerMayPauseAndResume() {
        node.settings().handle(PROTOCOL, (connection, message) -> {
            connection.reading(Reading.PAUSED);
            connection.reading(Reading.RESUMED);
            node.handled.add(Messages.labelOf(message));
        });
        Conversation talk = node.connect();

        talk.peerSends(frames("a", "b", "c"));

        assertEquals(List.of("a", "b", "c"), node.handled);
    }

    @Test
    void aPauseFromAnotherThreadNeedsNoTurnOfTheLoop() {
        Conversation talk = node.connect();
        talk.link.read(Conversation.frameOf("on its way already"));

        talk.connection.reading(Reading.PAUSED);
        node.run();
        assertEquals(List.of(), node.handled);

        resume(talk);
        assertEquals(List.of("on its way already"), node.handled);
    }

    @Test
    void theLastCallCounts() {
        Conversation talk = node.connect();

        talk.connection.reading(Reading.PAUSED);
        talk.connection.reading(Reading.RESUMED);
        talk.connection.reading(Reading.PAUSED);
        talk.peerSendsMessage("waits");
        assertEquals(List.of(), node.handled);

        talk.connection.reading(Reading.RESUMED);
        talk.connection.reading(Reading.PAUSED);
        node.run();
        assertEquals(List.of(), node.handled);

        talk.connection.reading(Reading.PAUSED);
        talk.connection.reading(Reading.RESUMED);
        node.run();
        assertEquals(List.of("waits"), node.handled);
    }

    @Test
    void aPauseBeforeTheConnectionIsOpenHoldsWhatFollowsTheHandshake() {
        Conversation talk = node.dial();
        talk.connection.reading(Reading.PAUSED);
        node.run();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Conversation.HANDSHAKE);
        bytes.writeBytes(frames("first", "second"));

        talk.peerSends(bytes.toByteArray());
        assertTrue(talk.connection.opened().toCompletableFuture().isDone());
        assertEquals(List.of(), node.handled);

        resume(talk);
        assertEquals(List.of("first", "second"), node.handled);
    }

    @Test
    void theLinkStopsReadingWhenEnoughIsHeldAndGoesOnWhenNothingIs() {
        Conversation talk = node.connect();
        talk.connection.reading(Reading.PAUSED);
        byte[] frame = Conversation.frameOf("x".repeat(4096));
        int sent = 0;

        while (talk.link.reading() == Link.Reading.RESUMED) {
            talk.peerSends(frame);
            sent++;
        }
        assertEquals((ENOUGH_HELD + frame.length - 1) / frame.length, sent);
        talk.peerSends(frame);
        assertEquals(List.of(), node.handled);

        resume(talk);
        assertEquals(sent + 1, node.handled.size());
        assertEquals(Link.Reading.RESUMED, talk.link.reading());
    }

    // The peer goes.

    @Test
    void thePeersEndIsNoticedAtOnceIfNothingIsHeld() {
        pauseAt("last");
        Conversation talk = node.connect();
        talk.peerSendsMessage("last");

        talk.peerEnds();

        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
    }

    @Test
    void thePeersEndBehindWhatIsHeldClosesTheConnectionAfterTheGraceTime() {
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b", "c"));
        talk.peerEnds();

        node.pass(ALMOST_GRACE);
        assertEquals(List.of("a"), node.handled);
        assertFalse(talk.isClosed());

        node.pass(GRACE.minus(ALMOST_GRACE));
        assertEquals(List.of("a", "b", "c"), node.handled);
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
    }

    @Test
    void theGraceTimeIsALimit() {
        node.limits(limits -> limits.pausedGrace(Duration.ofSeconds(2)));
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b"));
        talk.peerEnds();

        node.pass(Duration.ofSeconds(2));

        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
    }

    @Test
    void anApplicationThatGoesOnComesToThePeersEndInItsOwnTime() {
        Conversation[] talk = new Conversation[1];
        node.settings().handle(PROTOCOL, (connection, message) -> {
            connection.reading(Reading.PAUSED);
            talk[0].sendAll(message("answer to " + Messages.labelOf(message)));
        });
        talk[0] = node.connect();
        talk[0].peerSends(frames("a", "b", "c"));
        talk[0].peerEnds();

        resume(talk[0]);
        assertFalse(talk[0].isClosed());
        resume(talk[0]);

        assertEquals(List.of("answer to a", "answer to b", "answer to c"), talk[0].received());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk[0].report().reason());
    }

    @Test
    void aLinkThatFailsHandsOnWhatIsHeldAndIsReportedThen() {
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b", "c"));

        talk.link.fail(new IOException("reset"));
        node.run();

        assertEquals(List.of("a", "b", "c"), node.handled);
        assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, talk.report().reason());
    }

    @Test
    void aStoppedLoopHandsOnWhatIsHeldWithTheLastEventOfTheLink() {
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b", "c"));

        node.transport.close();
        node.loop.stop();
        node.run();

        assertEquals(List.of("a", "b", "c"), node.handled);
        assertTrue(talk.isClosed());
    }

    // We close.

    @Test
    void aClosingConnectionHandsOnWhatIsHeldBeforeItsEnd() {
        Conversation[] talk = new Conversation[1];
        List<List<EndCall>> endsBefore = new ArrayList<>();
        node.settings().handle(PROTOCOL, (connection, message) -> {
            connection.reading(Reading.PAUSED);
            endsBefore.add(talk[0].link.endCalls());
        });
        talk[0] = node.connect();
        talk[0].peerSends(frames("a", "b", "c"));

        talk[0].connection.close();
        node.run();
        talk[0].peerEnds();

        assertEquals(List.of(List.of(), List.of(), List.of()), endsBefore);
        assertTrue(talk[0].report().clean());
    }

    @Test
    void aClosingConnectionCannotBePaused() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();

        talk.connection.reading(Reading.PAUSED);
        talk.peerSendsMessage("handled");
        talk.peerEnds();

        assertEquals(List.of("handled"), node.handled);
        assertTrue(talk.report().clean());
    }

    @Test
    void aCloseWithoutTimeSendsNoEndOverWhatNobodyHandled() {
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b"));

        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ZERO);
        node.run();

        assertEquals(List.of("a"), node.handled);
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
        assertFalse(talk.link.peerSawEnd(), "no end over what was not handled");
    }

    @Test
    void aPolicyThatDoesNotWaitResetsALinkOverWhatNobodyHandled() {
        node.policy.decides(snapshot -> new CloseDecision.Finish(Parting.AT_ONCE));
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b"));

        talk.connection.close();
        node.run();

        assertTrue(talk.link.peerSawReset());
        assertTrue(talk.isClosed());
    }

    @Test
    void anAbortForgetsWhatIsHeld() {
        pauseAt("a");
        Conversation talk = node.connect();
        talk.peerSends(frames("a", "b"));

        talk.connection.abort();
        node.run();

        assertEquals(List.of("a"), node.handled);
        assertTrue(talk.isClosed());
    }

    @Test
    void badFramesThatAreHeldCloseTheConnectionWhenTheirTurnComes() {
        node.limits(limits -> limits.maxFrameSize(128));
        pauseAt("a");
        Conversation talk = node.connect();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(frames("a", "b"));
        bytes.writeBytes(WireBytes.frameLength(129));
        talk.peerSends(bytes.toByteArray());
        talk.peerEnds();

        resume(talk);

        assertEquals(List.of("a", "b"), node.handled);
        assertEquals(1, node.events.takeViolations().size());
        assertEquals(DisconnectReason.PROTOCOL_ERROR, talk.report().reason());
    }

    /** Keeps messages as usual, and pauses with this one. */
    private void pauseAt(String label) {
        node.settings().handle(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            if (Messages.labelOf(message).equals(label)) {
                connection.reading(Reading.PAUSED);
            }
        });
    }

    private void resume(Conversation talk) {
        Connection connection = talk.connection;
        connection.reading(Reading.RESUMED);
        node.run();
    }

    private static byte[] frames(String... labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : labels) {
            bytes.writeBytes(Conversation.frameOf(label));
        }
        return bytes.toByteArray();
    }
}
