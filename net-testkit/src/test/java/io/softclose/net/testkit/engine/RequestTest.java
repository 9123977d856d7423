/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount.Made;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import io.softclose.net.testkit.wire.WireFrame.StreamFragment;
import io.softclose.net.testkit.wire.WireFrame.StreamHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of ours, and the one thing that each reply says. */
class RequestTest {
    @RegisterExtension
    final Node node = new Node();

    private final Replies replies = new Replies();

    @Test
    void anAnswerCompletesItsRequestAndNoOther() {
        Conversation talk = node.connect();
        replies.ask(talk, "first");
        replies.ask(talk, "second");
        node.run();
        List<RpcRequest> asked = Replies.requests(talk);
        assertEquals(
                List.of("first", "second"),
                asked.stream().map(one -> Messages.labelOf(one.payload())).toList());

        answer(talk, asked.get(1), "to second");
        assertEquals(List.of("second: answer to second"), replies.completions);
        answer(talk, asked.get(0), "to first");

        assertEquals(List.of("second: answer to second", "first: answer to first"), replies.completions);
    }

    @Test
    void anAnswerHasTheProtocolOfItsRequestAndItsOwnPriority() {
        Conversation talk = node.connect();
        List<String> got = new ArrayList<>();
        var unused = replies.ask(talk, "ask")
                .thenAccept(answer -> got.add(answer.protocol() + " " + answer.priority() + " " + answer.size()));
        node.run();

        talk.peerSends(WireBytes.rpcResponse(Replies.onlyRequest(talk).requestId(), 7, new byte[3]));

        assertEquals(List.of(Messages.PROTOCOL + " 7 3"), got);
    }

    @Test
    void aLargeRequestIsStreamed() {
        node.limits(limits -> limits.maxFrameSize(164));
        Conversation talk = node.connect();

        replies.ask(talk, sized("large", 250));
        node.run();

        List<?> frames = talk.receivedFrames();
        assertEquals(3, frames.size());
        StreamHeader header = (StreamHeader) frames.get(0);
        RpcRequest request = (RpcRequest) header.message();
        assertEquals(2, header.fragments());
        assertEquals(100, request.payload().remaining());
        assertEquals(50, ((StreamFragment) frames.get(2)).chunk().remaining());
        answer(talk, request, "yes");
        assertEquals(List.of("large: answer yes"), replies.completions);
    }

    @Test
    void anAnswerToAnUnknownIdIsIgnoredAndCounted() {
        Conversation talk = node.connect();
        replies.ask(talk, "ask");
        node.run();
        RpcRequest request = Replies.onlyRequest(talk);

        talk.peerSends(WireBytes.rpcResponse(request.requestId() + 1, 0, new byte[1]));
        assertEquals(List.of(), replies.completions);
        answer(talk, request, "yes");
        answer(talk, request, "yes again");

        assertEquals(List.of("ask: answer yes"), replies.completions);
        assertEquals(new Made(1, 0, 0, 0, 0, 0, 2), closed(talk).requests().made());
    }

    @Test
    void aRequestTimesOutAndALateAnswerIsIgnored() {
        Conversation talk = node.connect();
        replies.ask(talk, "ask");
        node.run();
        RpcRequest request = Replies.onlyRequest(talk);

        node.pass(Replies.TIMEOUT.minusNanos(1));
        assertEquals(List.of(), replies.completions);
        node.pass(Duration.ofNanos(1));
        answer(talk, request, "late");

        assertEquals(List.of("ask: TIMED_OUT, perhaps processed"), replies.completions);
        assertEquals(new Made(0, 0, 0, 1, 0, 0, 1), closed(talk).requests().made());
    }

    @Test
    void eachRequestTimesOutByItsOwnTimeout() {
        Conversation talk = node.connect();
        Reply slow = talk.connection.request(message("slow"), Duration.ofSeconds(9));
        Reply quick = talk.connection.request(message("quick"), Duration.ofSeconds(1));
        node.run();

        node.pass(Duration.ofSeconds(1));
        assertEquals("TIMED_OUT, perhaps processed", Replies.of(quick));
        assertEquals("pending", Replies.of(slow));
        Reply third = talk.connection.request(message("third"), Duration.ofSeconds(3));
        node.pass(Duration.ofSeconds(3));

        assertEquals("TIMED_OUT, perhaps processed", Replies.of(third));
        assertEquals("pending", Replies.of(slow));
        node.pass(Duration.ofSeconds(5));
        assertEquals("TIMED_OUT, perhaps processed", Replies.of(slow));
    }

    @Test
    void aRequestThatTimesOutWhileItWaitsIsTakenBack() {
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("before"));
        node.run();

        replies.ask(talk, "ask");
        node.pass(Replies.TIMEOUT);

        assertEquals(List.of("ask: TIMED_OUT"), replies.completions);
        talk.peerTakes(FakeLink.UNLIMITED);
        assertEquals(List.of("before"), talk.received(), "the peer never sees it");
        assertEquals(1, talk.connection.account().count(Outcome.UNSENT));
    }

    @Test
    void aCancelledRequestThatWaitsIsTakenBack() {
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("before"));
        Reply reply = replies.ask(talk, "ask");
        node.run();

        assertTrue(reply.cancel());
        assertTrue(reply.cancel(), "once more");
        talk.sendAll(message("behind"));
        node.run();

        assertEquals(List.of("ask: cancelled"), replies.completions);
        assertEquals(1, talk.connection.account().count(Outcome.UNSENT), "at once, though the link takes nothing");
        talk.peerTakes(FakeLink.UNLIMITED);
        assertEquals(List.of("before", "behind"), talk.received());
        assertEquals(new Made(0, 0, 0, 0, 0, 1, 0), closed(talk).requests().made());
    }

    @Test
    void aCancelledRequestMakesRoomForWhoWaitsForIt() {
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = node.connect();
        talk.link.room(0);
        Reply reply = replies.ask(talk, "ask");
        node.run();
        List<String> told = new ArrayList<>();
        var unused = talk.connection.onRoom(message("next"), () -> told.add("room"));
        node.run();
        assertEquals(List.of(), told);

        assertTrue(reply.cancel());
        node.run();

        assertEquals(List.of("room"), told);
    }

    @Test
    void aLargeRequestOfWhichNothingHasGoneIsTakenBackWhole() {
        node.limits(limits -> limits.maxFrameSize(164));
        Conversation talk = node.connect();
        talk.link.room(0);
        Reply reply = replies.ask(talk, sized("large", 250));
        node.run();

        assertTrue(reply.cancel());
        talk.sendAll(message("behind"));
        node.run();
        talk.peerTakes(FakeLink.UNLIMITED);

        assertEquals(List.of("behind"), talk.received());
    }

    @Test
    void aCancelledRequestThatHasLeftGoesOnAndItsAnswerIsIgnored() {
        Conversation talk = node.connect();
        Reply reply = replies.ask(talk, "ask");
        node.run();
        RpcRequest request = Replies.onlyRequest(talk);

        assertTrue(reply.cancel());
        answer(talk, request, "late");

        assertEquals(List.of("ask: cancelled"), replies.completions);
        assertEquals(new Made(0, 0, 0, 0, 0, 1, 1), closed(talk).requests().made());
    }

    @Test
    void aReplyThatHasCompletedCannotBeCancelled() {
        Conversation talk = node.connect();
        Reply reply = replies.ask(talk, "ask");
        node.run();
        answer(talk, Replies.onlyRequest(talk), "yes");

        assertFalse(reply.cancel());
        assertEquals("answer yes", Replies.of(reply));
    }

    @Test
    void oneMoreThanMayBeInFlightIsRefusedUntilOneCompletes() {
        Conversation talk = node.connect();
        for (int i = 0; i < 100; i++) {
            assertEquals("pending", Replies.of(replies.ask(talk, "ask")));
        }

        assertEquals("REFUSED TOO_MANY_REQUESTS", Replies.of(replies.ask(talk, "the 101st")));
        node.run();
        answer(talk, Replies.requests(talk).get(99), "yes");

        assertEquals("pending", Replies.of(replies.ask(talk, "one more")));
        assertEquals("REFUSED TOO_MANY_REQUESTS", Replies.of(replies.ask(talk, "and another")));
    }

    @Test
    void refusalsAreThoseOfSendsAndTakeNoPlace() {
        node.limits(limits -> limits.outboxMessages(1).maxOutboundRequests(2).maxMessageSize(1000));
        node.transport.dialsHang();
        Conversation talk = node.dial();
        assertEquals("REFUSED NOT_CONNECTED", Replies.of(replies.ask(talk, "while dialling")));
        talk.link.connect();
        node.run();
        talk.peerShakesHands();
        talk.receivedHandshake();

        for (int i = 0; i < 3; i++) {
            assertEquals("REFUSED TOO_LARGE", Replies.of(replies.ask(talk, sized("large", 1001))));
            assertEquals(
                    "REFUSED PROTOCOL_NOT_NEGOTIATED",
                    Replies.of(talk.connection.request(
                            io.softclose.net.Message.of(ProtocolId.MEMPOOL_RPC, 0, new byte[0]), Replies.TIMEOUT)));
        }
        talk.sendAll(message("fills the lane"));
        for (int i = 0; i < 3; i++) {
            assertEquals("REFUSED OUTBOX_FULL", Replies.of(replies.ask(talk, "no room")));
        }
        node.run();
        talk.connection.close();
        assertEquals("REFUSED CLOSING", Replies.of(replies.ask(talk, "sealed")));
    }

    @Test
    void aTimeoutIsLongerThanZero() {
        Conversation talk = node.connect();

        assertThrows(IllegalArgumentException.class, () -> talk.connection.request(message("ask"), Duration.ZERO));
    }

    @Test
    void notSupportedIsTheEndOfAllRequestsOfTheProtocol() {
        Conversation talk = node.connect();
        replies.ask(talk, "first");
        replies.ask(talk, "second");
        node.run();

        talk.peerSends(WireBytes.rpcNotSupported(Messages.PROTOCOL.id()));

        assertEquals(
                List.of("first: NOT_SUPPORTED", "second: NOT_SUPPORTED"),
                replies.completions.stream().sorted().toList());
        assertEquals(List.of(), node.events.takeViolations());
    }

    @Test
    void notSupportedOfAProtocolOfWhichNothingWasAskedIsTold() {
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.rpcNotSupported(Messages.PROTOCOL.id()));

        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void aRequestWhoseTimeToLivePassesIsNotSent() {
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("before"));
        replies.ask(talk, message("ask").withTimeToLive(Duration.ofSeconds(1)));
        node.run();

        node.pass(Duration.ofSeconds(2));

        assertEquals(List.of("ask: NOT_SENT"), replies.completions);
        assertEquals(1, talk.connection.account().count(Outcome.EXPIRED));
    }

    @Test
    void aWaitForAReplyIsRefusedOnALoop() {
        Conversation talk = node.connect();
        Reply reply = replies.ask(talk, "ask");
        List<Class<?>> thrown = new ArrayList<>();

        node.loop.execute(() -> {
            try {
                reply.toCompletableFuture().join();
            } catch (IllegalStateException refused) {
                thrown.add(refused.getClass());
            }
        });
        node.run();

        assertEquals(List.of(IllegalStateException.class), thrown);
    }

    @Test
    void aReplyCompletesOnTheLoopAndMayAskAgainThere() {
        Conversation talk = node.connect();
        List<Boolean> onLoop = new ArrayList<>();
        var unused = replies.ask(talk, "ask").thenAccept(answer -> {
            onLoop.add(node.loop.inEventLoop());
            replies.ask(talk, "again");
        });
        node.run();

        answer(talk, Replies.onlyRequest(talk), "yes");
        answer(talk, Replies.onlyRequest(talk), "yes again");

        assertEquals(List.of(true), onLoop);
        assertEquals(List.of("ask: answer yes", "again: answer yes again"), replies.completions);
    }

    static void answer(Conversation talk, RpcRequest request, String label) {
        talk.peerSends(WireBytes.rpcResponse(request.requestId(), 0, label.getBytes(US_ASCII)));
    }

    private static CloseReport closed(Conversation talk) {
        talk.connection.close();
        talk.link.loop().runReady();
        talk.peerEnds();
        return talk.report();
    }
}
