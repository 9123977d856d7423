/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireFrame.DirectSend;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that are addressed to a peer: they wait, move on, and their replies complete once. */
class PeerRequestTest {
    private static final PeerId PEER = PeerId.parse("ab".repeat(PeerId.LENGTH));
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @RegisterExtension
    final Node node = new Node().addressesPeers();

    private Peer peer() {
        return node.network().peer(PEER);
    }

    private Reply ask(String label) {
        return peer().request(message(label), TIMEOUT);
    }

    private void send(String label) {
        assertEquals(SendResult.ACCEPTED, peer().send(message(label), (message, outcome) -> {}));
    }

    private long ended(Outcome outcome) {
        return peer().account().messages().count(outcome);
    }

    private static void answer(Conversation talk, int id, String label) {
        talk.peerSends(WireBytes.rpcResponse(id, 0, label.getBytes(StandardCharsets.US_ASCII)));
    }

    /** What a peer has received since it last looked: messages by their labels, requests with a question mark. */
    private static List<String> received(Conversation talk) {
        List<String> labels = new ArrayList<>();
        for (WireFrame frame : talk.receivedFrames()) {
            if (frame instanceof RpcRequest request) {
                labels.add(Messages.labelOf(request.payload()) + "?");
            } else {
                labels.add(Messages.labelOf(((DirectSend) frame).payload()));
            }
        }
        return labels;
    }

    private void fail(Conversation talk) {
        talk.link.fail(new IOException("cut"));
        node.run();
    }

    @Test
    void anOpenConnectionTakesItAndItsAnswerCompletesIt() {
        Conversation talk = node.connect(PEER);
        Reply reply = ask("a");
        node.run();

        answer(talk, Replies.onlyRequest(talk).requestId(), "yes");

        assertEquals("answer yes", Replies.of(reply));
        assertEquals(1, ended(Outcome.WRITTEN));
        assertEquals(1, talk.connection.account().count(Outcome.WRITTEN));
    }

    @Test
    void withoutAConnectionItWaitsInItsPlaceForTheNext() {
        send("a");
        Reply reply = ask("b");
        send("c");
        node.pass(Duration.ofSeconds(2));
        assertEquals(3, peer().account().waiting());

        Conversation talk = node.connect(PEER);
        assertEquals(List.of("a", "b?", "c"), received(talk));
        answer(talk, 1, "yes");

        assertEquals("answer yes", Replies.of(reply));
    }

    @Test
    void oneOfWhichNothingHasLeftGoesOnToTheNextConnectionInItsPlace() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("a");
        node.run();
        Reply reply = ask("b");
        send("c");
        fail(first);
        assertEquals("pending", Replies.of(reply));
        assertEquals(3, first.report().account().count(Outcome.HANDED_OVER));
        assertEquals(RequestAccount.NONE, first.report().requests());

        Conversation second = node.connect(PEER);
        assertEquals(List.of("a", "b?", "c"), received(second));
        answer(second, 1, "yes");

        assertEquals("answer yes", Replies.of(reply));
        assertEquals(3, ended(Outcome.WRITTEN));
        assertTrue(peer().account().balanced());
    }

    @Test
    void oneThatHasLeftIsUnansweredIfItsConnectionEnds() {
        Conversation first = node.connect(PEER);
        Reply reply = ask("a");
        node.run();
        fail(first);

        assertEquals("UNANSWERED, perhaps processed", Replies.of(reply));
        assertEquals(List.of(), received(node.connect(PEER)));
    }

    @Test
    void oneThatHasNotLeftWhenThePeerEndsGoesOnToTheNextConnection() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("a");
        node.run();
        Reply reply = ask("b");
        node.run();
        first.peerEnds();
        first.peerTakes(10_000);
        assertEquals(List.of("a"), received(first));
        assertEquals("pending", Replies.of(reply));

        Conversation second = node.connect(PEER);

        assertEquals(List.of("b?"), received(second));
    }

    @Test
    void itsTimeoutEndsItsWait() {
        Reply reply = ask("a");
        node.pass(Duration.ofMillis(2_999));
        assertEquals("pending", Replies.of(reply));
        node.pass(Duration.ofMillis(1));

        assertEquals("TIMED_OUT", Replies.of(reply));
        assertEquals(1, ended(Outcome.UNSENT));
        assertEquals(List.of(), node.events.takeReturned());
        assertEquals(List.of(), received(node.connect(PEER)));
    }

    @Test
    void allItsTimeCountsWithAConnectionAndWithout() {
        Reply reply = ask("a");
        node.pass(Duration.ofSeconds(1));
        Conversation first = node.dial(PEER);
        node.run();
        first.link.room(0);
        first.peerShakesHands();
        node.pass(Duration.ofSeconds(1));
        fail(first);
        node.pass(Duration.ofMillis(999));
        assertEquals("pending", Replies.of(reply));
        node.pass(Duration.ofMillis(1));

        assertEquals("TIMED_OUT", Replies.of(reply));
    }

    /** It was made while its first connection ended, which is to look for its timeout after that. */
    @Test
    void aConnectionThatHasGoneDoesNotSpeakForTheOneThatHasIt() {
        Conversation first = node.connect(PEER);
        first.link.fail(new IOException("cut"));
        Reply reply = ask("a");
        node.run();

        assertEquals(List.of("a?"), received(node.connect(PEER)));
        node.pass(TIMEOUT);

        assertEquals("TIMED_OUT, perhaps processed", Replies.of(reply));
    }

    /** A close may have ended its message long before the connection ends. */
    @Test
    void itTimesOutInTimeAlthoughItsConnectionHasGivenItUpAndHasNotEnded() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("x");
        node.run();
        Reply reply = ask("a");
        node.policy.decides(snapshot -> CloseDecision.finish());
        var unused = first.connection.close();
        node.run();
        assertFalse(first.isClosed());
        node.pass(TIMEOUT);

        assertEquals("TIMED_OUT", Replies.of(reply));
        fail(first);
        node.pass(Duration.ofMillis(10));
        assertEquals(1, peer().account().waiting());
        assertEquals(List.of("x"), received(node.connect(PEER)));
        assertTrue(peer().account().balanced());
    }

    @Test
    void itsTimeToLiveEndsItBeforeItsTimeout() {
        Reply reply = peer().request(message("a").withTimeToLive(Duration.ofSeconds(1)), TIMEOUT);
        node.pass(Duration.ofSeconds(1));

        assertEquals("NOT_SENT", Replies.of(reply));
        assertEquals(1, ended(Outcome.EXPIRED));
    }

    @Test
    void itsTimeToLiveGoesOnFromConnectionToConnection() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("x");
        node.run();
        Reply reply = peer().request(message("a").withTimeToLive(Duration.ofSeconds(2)), TIMEOUT);
        node.pass(Duration.ofSeconds(1));
        fail(first);
        Conversation second = node.dial(PEER);
        node.run();
        second.link.room(0);
        second.peerShakesHands();
        node.pass(Duration.ofSeconds(1));

        assertEquals("NOT_SENT", Replies.of(reply));
        assertEquals(1, ended(Outcome.EXPIRED));
    }

    @Test
    void oneThatIsCancelledWhileItWaitsIsNeverSent() {
        send("a");
        Reply reply = ask("b");
        send("c");
        node.run();

        assertTrue(reply.cancel());

        assertEquals("cancelled", Replies.of(reply));
        assertEquals(List.of("a", "c"), received(node.connect(PEER)));
        assertEquals(1, ended(Outcome.UNSENT));
        assertTrue(peer().account().balanced());
    }

    @Test
    void oneThatIsCancelledWhileAConnectionHasItIsNeverSentAndDoesNotMoveOn() {
        Conversation first = node.connect(PEER);
        first.link.room(0);
        send("a");
        node.run();
        Reply reply = ask("b");
        node.run();

        assertTrue(reply.cancel());
        fail(first);

        assertEquals(List.of("a"), received(node.connect(PEER)));
        assertEquals(1, ended(Outcome.UNSENT));
        assertTrue(peer().account().balanced());
    }

    @Test
    void asManyAsMayAreAwaitedAndNoMore() {
        node.limits(limits -> limits.maxOutboundRequests(2));
        Reply first = ask("a");
        Reply second = ask("b");
        assertEquals("REFUSED TOO_MANY_REQUESTS", Replies.of(ask("c")));

        Conversation talk = node.connect(PEER);
        assertEquals("REFUSED TOO_MANY_REQUESTS", Replies.of(ask("d")));
        answer(talk, 1, "yes");
        assertEquals("answer yes", Replies.of(first));
        Reply third = ask("e");
        node.run();

        assertEquals("pending", Replies.of(second));
        assertEquals("pending", Replies.of(third));
        assertEquals(List.of("a?", "b?", "e?"), received(talk));
        assertEquals(3, peer().account().messages().total().accepted());
    }

    @Test
    void thoseThatWereMadeOfItsConnectionCountAsWell() {
        node.limits(limits -> limits.maxOutboundRequests(1));
        Conversation first = node.connect(PEER);
        Reply direct = first.connection.request(message("direct"), TIMEOUT);
        node.run();

        assertEquals("REFUSED TOO_MANY_REQUESTS", Replies.of(ask("a")));
        assertEquals("pending", Replies.of(direct));
        assertTrue(peer().account().balanced());
    }

    @Test
    void aShutdownEndsThoseThatWait() {
        Reply reply = ask("a");
        Peer peer = peer();
        var shutdown = node.network().shutdown().toCompletableFuture();
        node.run();

        assertEquals("NOT_SENT", Replies.of(reply));
        assertEquals(List.of(), shutdown.join().peers().get(0).returned());
        assertEquals(List.of(), node.events.takeReturned());
        assertEquals("REFUSED CLOSING", Replies.of(peer.request(message("b"), TIMEOUT)));
    }

    @Test
    void aTimeoutIsLongerThanZero() {
        assertThrows(IllegalArgumentException.class, () -> peer().request(message("a"), Duration.ZERO));
    }
}
