/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.ConnectionStats.Probes;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireFrame.DirectSend;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import io.softclose.net.testkit.wire.WireFrame.RpcResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and answers that go before all lanes. */
class ProbeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    /** Some of these fill a batch. */
    private static final int BULK_BYTES = 50_000;

    @RegisterExtension
    final Node node = new Node();

    private static Reply probe(Conversation talk, String label) {
        return talk.connection.probe(message(label), TIMEOUT);
    }

    /** What the peer has received since it last looked, in short. */
    private static List<String> received(Conversation talk) {
        return talk.receivedFrames().stream().map(ProbeTest::describe).toList();
    }

    private static String describe(WireFrame frame) {
        if (frame instanceof RpcRequest request) {
            return "asks " + Messages.labelOf(request.payload());
        }
        if (frame instanceof RpcResponse response) {
            return "answers " + Messages.labelOf(response.payload());
        }
        return frame instanceof DirectSend sent ? Messages.labelOf(sent.payload()) : frame.toString();
    }

    private static void peerAnswers(Conversation talk, RpcRequest request, String with) {
        talk.peerSends(WireBytes.rpcResponse(request.requestId(), 0, with.getBytes(US_ASCII)));
    }

    @Test
    void isAnsweredAsAnyRequest() {
        Conversation talk = node.connect();

        Reply reply = probe(talk, "there?");
        node.run();
        peerAnswers(talk, Replies.onlyRequest(talk), "here");

        assertEquals("answer here", Replies.of(reply));
        assertEquals(new Probes(1, 1, 0), talk.connection.stats().probes());
    }

    @Test
    void goesBeforeAllThatWaitsInLanesWhichMayBeFull() {
        node.limits(limits -> limits.outboxMessages(8));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        for (int i = 0; i < 8; i++) {
            talk.sendAll(sized("bulk" + i, BULK_BYTES));
        }
        node.run();

        Reply reply = probe(talk, "there?");
        node.run();
        talk.peerTakes(FakeLink.UNLIMITED);

        // What has begun to leave, a batch, goes first.
        List<String> received = received(talk);
        assertEquals(9, received.size());
        assertTrue(received.indexOf("asks there?") <= 3, received::toString);
        assertEquals("pending", Replies.of(reply));
    }

    @Test
    void isInNoAccountOfMessagesOrRequests() {
        Conversation talk = node.connect();
        Reply reply = probe(talk, "there?");
        node.run();
        peerAnswers(talk, Replies.onlyRequest(talk), "here");
        talk.connection.abort();
        node.run();

        assertEquals("answer here", Replies.of(reply));
        assertEquals(0, talk.report().account().total().accepted());
        assertEquals(RequestAccount.NONE.made(), talk.report().requests().made());
    }

    @Test
    void fourMayBeUnansweredAtATimeBesideAllRequests() {
        node.limits(limits -> limits.maxOutboundRequests(1));
        Conversation talk = node.connect();
        Reply request = talk.connection.request(message("a request"), TIMEOUT);
        for (int i = 0; i < 3; i++) {
            assertEquals("pending", Replies.of(probe(talk, "probe")));
        }
        Reply fourth = probe(talk, "fourth");

        assertEquals("REFUSED TOO_MANY_REQUESTS", Replies.of(probe(talk, "fifth")));
        assertEquals("pending", Replies.of(request));
        assertTrue(fourth.cancel());
        assertEquals("pending", Replies.of(probe(talk, "in its place")));
    }

    @Test
    void isOverWhenItsTimeIs() {
        Conversation talk = node.connect();
        Reply reply = probe(talk, "there?");

        node.pass(TIMEOUT);

        assertEquals("TIMED_OUT, perhaps processed", Replies.of(reply));
        assertEquals(new Probes(1, 0, 0), talk.connection.stats().probes());
    }

    @Test
    void noCloseWaitsForItsAnswer() {
        Conversation talk = node.connect();
        Reply reply = probe(talk, "there?");
        node.run();

        talk.connection.close();
        node.run();

        assertTrue(node.policy.asked().stream().allMatch(asked -> asked.answersAwaited() == 0));
        talk.peerEnds();
        assertEquals("UNANSWERED, perhaps processed", Replies.of(reply));
        assertEquals(ConnectionState.CLOSED, talk.connection.state());
    }

    @Test
    void oneThatHasNotLeftWhenTheConnectionEndsCannotHaveBeenProcessed() {
        Conversation talk = node.connect();
        talk.link.fail(new IOException("broken"));
        Reply reply = probe(talk, "there?");
        node.run();

        assertTrue(Replies.of(reply).matches("NOT_SENT|UNANSWERED"), () -> Replies.of(reply));
    }

    @Test
    void isRefusedAsARequestIs() {
        Conversation talk = node.dial();
        assertEquals("REFUSED NOT_CONNECTED", Replies.of(probe(talk, "too early")));
        node.run();
        talk.peerShakesHands();
        talk.receivedHandshake();

        assertEquals(
                "REFUSED TOO_LARGE",
                Replies.of(talk.connection.probe(sized("large", Connection.MAX_PROBE_BYTES + 1), TIMEOUT)));
        assertEquals(
                "REFUSED PROTOCOL_NOT_NEGOTIATED",
                Replies.of(talk.connection.probe(Message.of(ProtocolId.HEALTH_CHECKER_RPC, 0, new byte[5]), TIMEOUT)));
        talk.connection.close();
        assertEquals("REFUSED CLOSING", Replies.of(probe(talk, "too late")));
        assertEquals(new Probes(0, 0, 0), talk.connection.stats().probes());
    }

    @Test
    void anAnswerToThePeersGoesBeforeAllThatWaits() {
        node.settings().answerProbes(Messages.PROTOCOL, (connection, request) -> request);
        Conversation talk = node.connect();
        talk.peerTakes(0);
        for (int i = 0; i < 8; i++) {
            talk.sendAll(sized("bulk" + i, BULK_BYTES));
        }
        node.run();

        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), 7, 0, "ping".getBytes(US_ASCII)));
        talk.peerTakes(FakeLink.UNLIMITED);

        List<String> received = received(talk);
        assertTrue(received.indexOf("answers ping") <= 3, received::toString);
        assertEquals(new Probes(0, 0, 1), talk.connection.stats().probes());
        assertEquals(8, talk.connection.account().total().accepted());
    }

    @Test
    void aLongAnswerGoesInItsLane() {
        node.settings()
                .answerProbes(
                        Messages.PROTOCOL,
                        (connection, request) -> request.withPayload(new byte[Connection.MAX_PROBE_BYTES + 1]));
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), 7, 0, "ping".getBytes(US_ASCII)));

        assertEquals(1, talk.receivedFrames().size());
        assertEquals(1, talk.connection.account().total().accepted());
        assertEquals(new Probes(0, 0, 0), talk.connection.stats().probes());
    }

    @Test
    void answersThatFindNoRoomBeforeTheLanesGoWhenThereIsSome() {
        node.settings().answerProbes(Messages.PROTOCOL, (connection, request) -> request);
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("blocks"));
        node.run();
        for (int i = 0; i < 100; i++) {
            talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), i, 0, ("ping" + i).getBytes(US_ASCII)));
        }

        talk.peerTakes(FakeLink.UNLIMITED);
        node.run();

        assertEquals(101, talk.receivedFrames().size());
        assertEquals(100, talk.connection.stats().probes().given());
    }

    @Test
    void itsPayloadIsTheCallersAgainAtOnce() {
        Conversation talk = node.connect();
        ByteBuffer cut = ByteBuffer.wrap("there?".getBytes(US_ASCII));
        Reply reply = talk.connection.probe(Message.of(Messages.PROTOCOL, 0, cut), TIMEOUT);
        // The payload is copied by then, so the buffer is the caller's again.
        cut.put(0, (byte) 'X');
        node.run();

        assertEquals("there?", Messages.labelOf(Replies.onlyRequest(talk).payload()));
        assertEquals("pending", Replies.of(reply));
    }
}
