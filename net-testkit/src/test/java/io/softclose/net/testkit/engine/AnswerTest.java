/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Message;
import io.softclose.net.RequestAccount.Received;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireFrame.RpcNotSupported;
import io.softclose.net.testkit.wire.WireFrame.RpcResponse;
import io.softclose.net.testkit.wire.WireFrame.StreamHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of the peer's, and their answers. */
class AnswerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @RegisterExtension
    final Node node = new Node();

    /** The answers of the handler that takes its time, by the labels of their requests. */
    private final Map<String, CompletableFuture<Message>> later = new LinkedHashMap<>();

    @Test
    void aHandlerAnswersAtOnce() {
        node.settings()
                .answer(
                        Messages.PROTOCOL,
                        (connection, request) ->
                                request.withPayload(("to " + Messages.labelOf(request)).getBytes(US_ASCII)));
        Conversation talk = node.connect();

        peerAsks(talk, 25, "ping");

        assertEquals(List.of(new RpcResponse(25, 3, ascii("to ping"))), talk.receivedFrames());
        assertEquals(new Received(1, 0, 0, 0, 0), closed(talk).requests().received());
    }

    @Test
    void aHandlerAnswersLaterAndOthersOvertakeIt() {
        Conversation talk = answeringLater();

        peerAsks(talk, 1, "first");
        peerAsks(talk, 2, "second");
        give("second");
        give("first");

        assertEquals(
                List.of(new RpcResponse(2, 0, ascii("second")), new RpcResponse(1, 0, ascii("first"))),
                talk.receivedFrames());
    }

    @Test
    void aLargeAnswerIsStreamed() {
        node.limits(limits -> limits.maxFrameSize(164));
        node.settings().answer(Messages.PROTOCOL, (connection, request) -> sized("large", 250));
        Conversation talk = node.connect();

        peerAsks(talk, 25, "ping");

        List<WireFrame> frames = talk.receivedFrames();
        assertEquals(3, frames.size());
        StreamHeader header = (StreamHeader) frames.get(0);
        RpcResponse answer = (RpcResponse) header.message();
        assertEquals(25, answer.requestId());
        assertEquals(100, answer.payload().remaining());
    }

    @Test
    void aProtocolWithoutAHandlerIsNotSupported() {
        Conversation talk = node.connect();

        peerAsks(talk, 25, "ping");

        assertEquals(List.of(new RpcNotSupported(Messages.PROTOCOL.id())), talk.receivedFrames());
        assertEquals(List.of(Messages.PROTOCOL), node.events.takeUnhandled());
    }

    @Test
    void theHundredAndFirstIsDroppedUntilOneIsAnswered() {
        Conversation talk = answeringLater();
        for (int i = 1; i <= 100; i++) {
            peerAsks(talk, i, "ask " + i);
        }

        peerAsks(talk, 101, "the 101st");
        assertEquals(100, later.size());
        give("ask 7");
        peerAsks(talk, 102, "the next");

        assertTrue(later.containsKey("the next"));
        assertEquals(1, talk.receivedFrames().size());
        talk.connection.abort();
        node.run();
        assertEquals(new Received(1, 0, 0, 100, 1), talk.report().requests().received());
    }

    @Test
    void anAnswerThatComesTooLateIsDropped() {
        Conversation talk = answeringLater();
        peerAsks(talk, 1, "slow");
        node.pass(Duration.ofSeconds(4));
        peerAsks(talk, 2, "quick");

        node.pass(TIMEOUT.minusSeconds(4));
        give("slow");
        give("quick");

        assertEquals(List.of(new RpcResponse(2, 0, ascii("quick"))), talk.receivedFrames());
        assertEquals(new Received(1, 1, 0, 0, 0), closed(talk).requests().received());
    }

    @Test
    void anAnswerMayComeInTheLastMoment() {
        Conversation talk = answeringLater();
        peerAsks(talk, 1, "slow");

        node.pass(TIMEOUT.minusNanos(1));
        give("slow");

        assertEquals(1, talk.receivedFrames().size());
    }

    @Test
    void aHandlerThatThrowsIsToldOfAndGivesNoAnswer() {
        IllegalStateException failure = new IllegalStateException("deliberate");
        node.settings().answer(Messages.PROTOCOL, (connection, request) -> {
            throw failure;
        });
        Conversation talk = node.connect();

        peerAsks(talk, 1, "ping");

        assertEquals(List.of(failure), node.events.takeFailures());
        assertEquals(List.of(), talk.receivedFrames());
        assertEquals(new Received(0, 0, 1, 0, 0), closed(talk).requests().received());
    }

    @Test
    void aStageThatFailsIsToldOfAndGivesNoAnswer() {
        Conversation talk = answeringLater();
        IllegalStateException failure = new IllegalStateException("deliberate");
        peerAsks(talk, 1, "ping");

        stageOf("ping").completeExceptionally(failure);
        node.run();

        assertEquals(List.of(failure), node.events.takeFailures());
        assertEquals(new Received(0, 0, 1, 0, 0), closed(talk).requests().received());
    }

    @Test
    void anAnswerThatIsTooLongIsToldOfAndNotSent() {
        node.limits(limits -> limits.maxMessageSize(100));
        node.settings().answer(Messages.PROTOCOL, (connection, request) -> sized("large", 101));
        Conversation talk = node.connect();

        peerAsks(talk, 1, "ping");

        assertEquals(1, node.events.takeFailures().size());
        assertEquals(new Received(0, 0, 1, 0, 0), closed(talk).requests().received());
    }

    @Test
    void anAnswerWaitsForRoomInItsLane() {
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = answeringLater();
        talk.link.room(0);
        talk.sendAll(message("fills the lane"));
        node.run();
        peerAsks(talk, 1, "first");
        peerAsks(talk, 2, "second");
        give("first");
        give("second");

        talk.peerTakes(FakeLink.UNLIMITED);

        List<WireFrame> frames = talk.receivedFrames();
        assertEquals(
                List.of(new RpcResponse(1, 0, ascii("first")), new RpcResponse(2, 0, ascii("second"))),
                frames.subList(1, frames.size()));
    }

    @Test
    void anAnswerForWhichThereIsNoRoomInTimeIsDropped() {
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = answeringLater();
        talk.link.room(0);
        talk.sendAll(message("fills the lane"));
        node.run();
        peerAsks(talk, 1, "ping");
        give("ping");

        node.pass(TIMEOUT);
        talk.peerTakes(FakeLink.UNLIMITED);

        assertEquals(List.of("fills the lane"), talk.received());
        assertEquals(new Received(0, 1, 0, 0, 0), closed(talk).requests().received());
    }

    private Conversation answeringLater() {
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> {
            CompletableFuture<Message> answer = new CompletableFuture<>();
            later.put(Messages.labelOf(request), answer);
            return answer;
        });
        return node.connect();
    }

    private CompletableFuture<Message> stageOf(String label) {
        CompletableFuture<Message> stage = later.get(label);
        assertTrue(stage != null, () -> label + ": not asked (asked: " + later.keySet() + ")");
        return stage;
    }

    /** Answers with the request's label, and runs the loop. */
    private void give(String label) {
        stageOf(label).complete(message(label));
        node.run();
    }

    private static void peerAsks(Conversation talk, int id, String label) {
        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), id, 3, label.getBytes(US_ASCII)));
    }

    private static ByteBuffer ascii(String text) {
        return US_ASCII.encode(text);
    }

    private static CloseReport closed(Conversation talk) {
        talk.connection.close();
        talk.link.loop().runReady();
        talk.peerEnds();
        return talk.report();
    }
}
