/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static io.softclose.net.testkit.engine.Messages.message;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the peer's bytes, good and bad. */
class InboundTest {
    private static final int VIOLATIONS_A_SECOND = 64;

    private static final ProtocolId UNHANDLED = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void aMessageReachesItsHandlerWhole() {
        List<Message> taken = new ArrayList<>();
        node.settings().handle(PROTOCOL, (connection, message) -> {
            assertTrue(node.loop.inEventLoop());
            taken.add(message);
        });
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.directSend(PROTOCOL.id(), 200, "hello world".getBytes(US_ASCII)));

        assertEquals(1, taken.size());
        assertEquals(PROTOCOL, taken.get(0).protocol());
        assertEquals(200, taken.get(0).priority());
        assertEquals("hello world", Messages.labelOf(taken.get(0)), "read after the link took its buffer back");
    }

    @Test
    void theHandlerKnowsTheConnection() {
        Conversation[] talk = new Conversation[1];
        node.settings().handle(PROTOCOL, (connection, message) -> {
            assertSame(talk[0].connection, connection);
            talk[0].sendAll(message("answer"));
        });
        talk[0] = node.connect();

        talk[0].peerSendsMessage("question");

        assertEquals(List.of("answer"), talk[0].received());
    }

    @Test
    void messagesComeInOrderInAnyPieces() {
        node.limits(limits -> limits.maxFrameSize(128));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Conversation.frameOf("first"));
        all.writeBytes(streamHeader(7, 2, "lar"));
        all.writeBytes(Conversation.frameOf("between"));
        all.writeBytes(WireBytes.fragment(7, 1, "ge".getBytes(US_ASCII)));
        all.writeBytes(WireBytes.fragment(7, 2, "st".getBytes(US_ASCII)));
        all.writeBytes(Conversation.frameOf("last"));
        byte[] bytes = all.toByteArray();
        Conversation talk = node.connect();

        for (int split = 1; split < bytes.length; split++) {
            talk.peerSends(Arrays.copyOf(bytes, split));
            talk.peerSends(Arrays.copyOfRange(bytes, split, bytes.length));
            assertEquals(List.of("first", "between", "largest", "last"), node.handled, "split at " + split);
            node.handled.clear();
        }
    }

    @Test
    void eachProtocolHasItsOwnHandler() {
        List<String> others = new ArrayList<>();
        node.settings().handle(UNHANDLED, (connection, message) -> others.add(Messages.labelOf(message)));
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.directSend(UNHANDLED.id(), 0, "other".getBytes(US_ASCII)));
        talk.peerSendsMessage("mine");

        assertEquals(List.of("other"), others);
        assertEquals(List.of("mine"), node.handled);
    }

    @Test
    void aDirectSendNobodyHandlesIsAnsweredWithNotSupported() {
        node.settings().support(UNHANDLED);
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.directSend(UNHANDLED.id(), 0, new byte[3]));

        assertEquals(List.of(new WireFrame.DirectSendNotSupported(UNHANDLED.id())), talk.receivedFrames());
        assertEquals(0, talk.connection.account().total().accepted(), "an answer is no message of the application");
        assertEquals(List.of(UNHANDLED), node.events.takeUnhandled());
        assertStillTalks(talk);
    }

    @Test
    void aRequestIsAnsweredWithNotSupported() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.rpcRequest(ProtocolId.HEALTH_CHECKER_RPC.id(), 25, 0, new byte[] {0, 1, 2, 3}));

        assertEquals(List.of(new WireFrame.RpcNotSupported(ProtocolId.HEALTH_CHECKER_RPC.id())), talk.receivedFrames());
        assertEquals(List.of(ProtocolId.HEALTH_CHECKER_RPC), node.events.takeUnhandled());
        assertStillTalks(talk);
    }

    @Test
    void aResponseNobodyWaitsForIsIgnored() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.rpcResponse(25, 0, new byte[3]));

        assertEquals(List.of(), talk.receivedFrames());
        assertStillTalks(talk);
    }

    @Test
    void anErrorOfThePeerIsReportedAndNotAnswered() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.parsingError(9, 5));
        talk.peerSends(WireBytes.directSendNotSupported(PROTOCOL.id()));

        assertEquals(2, node.events.takeViolations().size());
        assertEquals(List.of(), talk.receivedFrames());
        assertStillTalks(talk);
    }

    @Test
    void aFrameThatCannotBeParsedIsAnsweredWithItsFirstTwoBytes() {
        Conversation talk = node.connect();
        byte[] trailing = {0, 3, (byte) PROTOCOL.id(), 0, 0, 77};
        byte[] unknownProtocol = {0, 3, (byte) 200, 0, 0};

        talk.peerSends(WireBytes.frame((byte) 9, (byte) 5, (byte) 1));
        talk.peerSends(WireBytes.frame(trailing));
        talk.peerSends(WireBytes.frame(unknownProtocol));

        assertEquals(
                List.of(
                        new WireFrame.ParsingError(9, 5),
                        new WireFrame.ParsingError(0, 3),
                        new WireFrame.ParsingError(0, 3)),
                talk.receivedFrames());
        assertEquals(3, node.events.takeViolations().size());
        assertStillTalks(talk);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFrameTooShortToAnswerInKindKeepsTheConnection(int length) {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.frame(new byte[length]));

        assertEquals(1, node.events.takeViolations().size());
        talk.receivedFrames();
        assertStillTalks(talk);
    }

    @Test
    void aFrameOfTheGreatestLengthIsTaken() {
        node.limits(limits -> limits.maxFrameSize(128));
        Conversation talk = node.connect();
        // Two variants, protocol, priority and a one-byte length leave this much.
        String longest = "x".repeat(128 - 5);

        talk.peerSendsMessage(longest);

        assertEquals(List.of(longest), node.handled);
    }

    @Test
    void anOversizedLengthClosesTheConnectionOnceWhatIsQueuedHasGone() {
        node.limits(limits -> limits.maxFrameSize(128));
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));

        talk.peerSends(WireBytes.frameLength(129));
        talk.peerSendsMessage("no frame any more");

        assertTrue(node.events.takeViolations().get(0).contains("129"));
        assertEquals(List.of(DisconnectReason.PROTOCOL_ERROR), node.policy.planned());
        talk.peerTakes(Long.MAX_VALUE);
        assertEquals(List.of("a", "b"), talk.received());
        talk.peerEnds();
        assertEquals(DisconnectReason.PROTOCOL_ERROR, talk.report().reason());
        assertEquals(List.of(), node.handled);
    }

    @Test
    void streamErrorsKeepTheConnection() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.fragment(1, 1, new byte[3]));
        talk.peerSends(streamHeader(2, 2, "lost"));
        talk.peerSends(WireBytes.fragment(2, 2, new byte[3]));
        talk.peerSends(streamHeader(3, 1, "lost"));
        talk.peerSends(WireBytes.fragment(4, 1, new byte[3]));

        assertEquals(3, node.events.takeViolations().size());
        talk.receivedFrames();
        assertStillTalks(talk);
    }

    @Test
    void aStreamLongerThanAMessageMayBeIsRefused() {
        node.limits(limits -> limits.maxMessageSize(100));
        Conversation talk = node.connect();

        talk.peerSends(streamHeader(1, 2, "x".repeat(60)));
        talk.peerSends(WireBytes.fragment(1, 1, new byte[60]));

        assertEquals(1, node.events.takeViolations().size());
        assertStillTalks(talk);
    }

    @Test
    void aPeerThatEndsInTheMiddleOfAFrameIsReported() {
        Conversation talk = node.connect();
        talk.peerSends(WireBytes.frameLength(100));

        talk.peerEnds();

        assertEquals(1, node.events.takeViolations().size());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
    }

    @Test
    void answersAreBoundedForAPeerThatDoesNotReadThem() {
        Conversation talk = node.connect();
        talk.peerTakes(0);

        for (int second = 0; second < 100; second++) {
            talk.peerSends(badFrames(VIOLATIONS_A_SECOND, 2));
            node.pass(Duration.ofSeconds(1));
        }
        talk.peerTakes(Long.MAX_VALUE);

        assertEquals(100 * VIOLATIONS_A_SECOND, node.events.takeViolations().size());
        int answers = talk.receivedFrames().size();
        assertTrue(answers > 0 && answers <= 2 * VIOLATIONS_A_SECOND, () -> "answers: " + answers);
        assertStillTalks(talk);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void badFramesAreToldAndAnsweredOneByOneUpToABound(int length) {
        Conversation talk = node.connect();

        talk.peerSends(badFrames(100_000, length));
        talk.peerSends(badFrames(1, length));
        assertEquals(VIOLATIONS_A_SECOND, talk.receivedFrames().size());
        assertEquals(VIOLATIONS_A_SECOND, node.events.takeViolations().size());
        node.pass(Duration.ofSeconds(1));
        talk.peerSends(badFrames(1, length));

        List<String> later = node.events.takeViolations();
        assertEquals(2, later.size());
        assertTrue(later.get(0).startsWith(100_001 - VIOLATIONS_A_SECOND + " more"), later.get(0));
        talk.receivedFrames();
        assertStillTalks(talk);
    }

    @Test
    void howManyViolationsWereLeftOutIsToldAtTheEnd() {
        Conversation talk = node.connect();
        talk.peerSends(badFrames(VIOLATIONS_A_SECOND + 5, 0));
        node.events.takeViolations();

        talk.peerEnds();

        assertTrue(node.events.takeViolations().get(0).startsWith("5 more"));
    }

    @Test
    void everyKindOfViolationCounts() {
        Conversation talk = node.connect();
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            flood.writeBytes(WireBytes.fragment(1, 1, new byte[3]));
            flood.writeBytes(WireBytes.parsingError(9, 5));
            flood.writeBytes(WireBytes.frame((byte) 9));
        }

        talk.peerSends(flood.toByteArray());

        assertEquals(VIOLATIONS_A_SECOND, node.events.takeViolations().size());
        talk.connection.abort();
        node.run();
        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void answersDoNotFollowOurEnd() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();

        talk.peerSends(WireBytes.frame((byte) 9, (byte) 5));
        assertEquals(List.of(), talk.receivedFrames());
        talk.peerEnds();

        assertEquals(1, node.events.takeViolations().size());
        assertTrue(talk.report().clean());
    }

    private static byte[] badFrames(int count, int length) {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 9);
        for (int i = 0; i < count; i++) {
            flood.writeBytes(WireBytes.frame(content));
        }
        return flood.toByteArray();
    }

    private void assertStillTalks(Conversation talk) {
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertFalse(talk.isClosed());
        talk.peerSendsMessage("still");
        talk.sendAll(message("here"));
        node.run();
        assertEquals(List.of("still"), node.handled);
        assertEquals(List.of("here"), talk.received());
    }

    private static byte[] streamHeader(int requestId, int fragments, String firstChunk) {
        return WireBytes.directSendHeader(requestId, fragments, PROTOCOL.id(), 0, firstChunk.getBytes(US_ASCII));
    }
}
