/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.RequestAccount.Made;
import io.softclose.net.RequestAccount.Received;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import io.softclose.net.testkit.wire.WireFrame.RpcResponse;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests in flight, in both directions, when their connection ends. */
class RequestCloseTest {
    /** Shorter than the time of requests. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    @RegisterExtension
    final Node node = new Node();

    private final Replies replies = new Replies();
    /** The stages of the answers that the peer waits for. */
    private final List<CompletableFuture<Message>> owed = new ArrayList<>();

    @Test
    void anAnswerOwedPassesTheSealAndIsAccepted() {
        Conversation talk = waitingForAnswers();
        peerAsks(talk, 1);
        talk.connection.close();
        node.run();
        assertEquals(ConnectionState.DRAINING, talk.connection.state());
        assertEquals(SendResult.CLOSING, talk.send(message("sealed")));

        owed.get(0).complete(message("owed"));
        node.run();

        assertEquals(List.of(new RpcResponse(1, 0, US_ASCII.encode("owed"))), talk.receivedFrames());
        assertTrue(talk.link.peerSawEnd(), "then our end follows");
        talk.peerEnds();
        assertEquals(CloseEnding.CLEAN, talk.report().ending());
        assertEquals(1, talk.report().account().total().accepted());
        assertEquals(new Received(1, 0, 0, 0, 0), talk.report().requests().received());
    }

    @Test
    void anAnswerToARequestThatIsHeldWhenTheCloseBeginsIsOwedToo() {
        Conversation talk = waitingForAnswers();
        talk.connection.reading(Reading.PAUSED);
        peerAsks(talk, 1);
        assertEquals(List.of(), owed);

        talk.connection.close();
        node.run();
        owed.get(0).complete(message("owed"));
        node.run();

        assertEquals(List.of(new RpcResponse(1, 0, US_ASCII.encode("owed"))), talk.receivedFrames());
    }

    @Test
    void aCloseWaitsForTheAnswersThatItIsOwed() {
        Conversation talk = waitingForAnswers();
        replies.ask(talk, "ask");
        talk.connection.close();
        node.run();
        RpcRequest request = Replies.onlyRequest(talk);
        assertFalse(talk.link.peerSawEnd());

        RequestTest.answer(talk, request, "yes");

        assertEquals(List.of("ask: answer yes"), replies.completions);
        assertTrue(talk.link.peerSawEnd(), "asked again at once, not when its time is over");
    }

    @Test
    void aPolicySeesHowManyAnswersAreOwedAndAwaited() {
        Conversation talk = waitingForAnswers();
        peerAsks(talk, 1);
        peerAsks(talk, 2);
        replies.ask(talk, "ask");
        node.run();

        talk.connection.close();
        node.run();

        CloseSnapshot last = node.policy.asked().get(node.policy.asked().size() - 1);
        assertEquals(List.of(2, 1), List.of(last.answersOwed(), last.answersAwaited()));
        assertFalse(last.answered());
    }

    @Test
    void aPeerThatHasEndedStillGetsItsAnswer() {
        Conversation talk = waitingForAnswers();
        peerAsks(talk, 1);
        talk.peerEnds();
        assertFalse(talk.link.peerSawEnd());

        owed.get(0).complete(message("owed"));
        node.run();

        assertEquals(List.of(new RpcResponse(1, 0, US_ASCII.encode("owed"))), talk.receivedFrames());
    }

    @Test
    void whatIsAskedOrAnsweredOnceThePolicyHasFinishedGetsNoAnswer() {
        Conversation talk = answering();
        peerAsks(talk, 1);
        talk.connection.close();
        node.run();
        assertEquals(ConnectionState.FINISHING, talk.connection.state());

        owed.get(0).complete(message("too late"));
        peerAsks(talk, 2);
        talk.peerEnds();

        assertEquals(1, owed.size(), "the second has no handler");
        assertEquals(List.of(), talk.receivedFrames());
        assertEquals(new Received(0, 0, 0, 1, 1), talk.report().requests().received());
    }

    @Test
    void anAnswerMayStillComeWhileTheCloseReadsOn() {
        Conversation talk = node.connect();
        replies.ask(talk, "ask");
        talk.connection.close();
        node.run();
        RpcRequest request = Replies.onlyRequest(talk);
        assertTrue(talk.link.peerSawEnd());

        RequestTest.answer(talk, request, "yes");
        talk.peerEnds();

        assertEquals(List.of("ask: answer yes"), replies.completions);
        assertEquals(new Made(1, 0, 0, 0, 0, 0, 0), talk.report().requests().made());
    }

    @Test
    void thePeersEndLeavesUnansweredWhatHasLeftAndTakesBackWhatWaits() {
        Conversation talk = node.connect();
        replies.ask(talk, "left");
        node.run();
        talk.link.room(0);
        talk.sendAll(message("before"));
        replies.ask(talk, "waits");
        node.run();

        talk.peerEnds();

        assertEquals(List.of("left: UNANSWERED, perhaps processed", "waits: NOT_SENT"), sorted());
        talk.peerTakes(FakeLink.UNLIMITED);
        assertEquals(
                "left", Messages.labelOf(((RpcRequest) talk.receivedFrames().get(0)).payload()));
    }

    @Test
    void aRequestOfWhichAPartHasGoneIsUnansweredOnceItHasLeft() {
        Conversation talk = node.connect();
        talk.link.room(5);
        replies.ask(talk, "ask");
        node.run();

        talk.peerEnds();
        assertEquals(List.of(), replies.completions, "it is on its way");
        talk.peerTakes(FakeLink.UNLIMITED);

        assertEquals(List.of("ask: UNANSWERED, perhaps processed"), replies.completions);
    }

    @Test
    void aLinkThatIsLostCompletesAllAndTellsNotSentFromUnanswered() {
        Conversation talk = node.connect();
        replies.ask(talk, "1 left");
        node.run();
        talk.link.room(5);
        replies.ask(talk, "2 half gone");
        replies.ask(talk, "3 waits");
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(
                List.of("1 left: UNANSWERED, perhaps processed", "2 half gone: NOT_SENT", "3 waits: NOT_SENT"),
                sorted());
        assertEquals(new Made(0, 2, 1, 0, 0, 0, 0), talk.report().requests().made());
        assertEquals(2, talk.report().account().count(Outcome.UNSENT));
        assertEquals(List.of(), talk.report().returned(), "requests come back by their replies");
    }

    @Test
    void anAbortCompletesAll() {
        Conversation talk = answering();
        peerAsks(talk, 1);
        replies.ask(talk, "left");
        node.run();
        talk.link.room(0);
        replies.ask(talk, "waits");
        node.run();

        talk.connection.abort();
        node.run();
        owed.get(0).complete(message("too late"));
        node.run();

        assertEquals(List.of("left: UNANSWERED, perhaps processed", "waits: NOT_SENT"), sorted());
        assertEquals(new Received(0, 0, 0, 1, 0), talk.report().requests().received());
    }

    @Test
    void whatThePolicyDiscardsIsNotSent() {
        node.policy.decides(
                snapshot -> snapshot.drained() ? CloseDecision.finish() : CloseDecision.discardAll(snapshot));
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("before"));
        node.run();
        replies.ask(talk, "waits");

        talk.connection.close();
        node.run();

        assertEquals(List.of("waits: NOT_SENT"), replies.completions);
    }

    /** Fails, by never ending, if an answer that finds no room wakes the loop. */
    @Test
    void anAnswerThatWaitsForRoomLetsTheLoopRest() {
        node.limits(limits -> limits.outboxMessages(1));
        node.policy.decides(snapshot -> new CloseDecision.Drain(List.of(), Duration.ofHours(1)));
        Conversation talk = answering();
        talk.connection.close();
        peerAsks(talk, 1);
        peerAsks(talk, 2);

        owed.get(0).complete(message("takes the room"));
        node.run();
        owed.get(1).complete(message("waits"));
        node.run();
        // Work that nobody was woken for.
        talk.connection.close();
        node.run();

        assertEquals(1, node.policy.asked().get(node.policy.asked().size() - 1).answersOwed());
    }

    /** A peer that asks and reads nothing would have more of them kept from one time-out to the next. */
    @Test
    void anAnswerThatWaitsForRoomIsForgottenOnceItsRequestHasTimedOut() {
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = answering();
        talk.link.room(0);
        peerAsks(talk, 1);
        peerAsks(talk, 2);
        owed.get(0).complete(message("takes the room"));
        WeakReference<Message> waiting = new WeakReference<>(sized("waits", 50));
        owed.get(1).complete(waiting.get());
        owed.clear();
        node.run();

        node.pass(Limits.defaults().inboundRequestTimeout());

        for (int tries = 0; tries < 100 && waiting.get() != null; tries++) {
            System.gc();
        }
        assertNull(waiting.get());
        talk.connection.abort();
        node.run();
        assertEquals(new Received(1, 1, 0, 0, 0), talk.report().requests().received());
    }

    @Test
    void anAnswerThatIsHeldWhenTheLinkGoesIsStillHandedOn() {
        Conversation talk = node.connect();
        replies.ask(talk, "ask");
        replies.ask(talk, "other");
        node.run();
        RpcRequest request = Replies.requests(talk).get(0);
        talk.connection.reading(Reading.PAUSED);
        RequestTest.answer(talk, request, "yes");
        assertEquals(List.of(), replies.completions);

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of("ask: answer yes", "other: UNANSWERED, perhaps processed"), replies.completions);
    }

    @Test
    void theEndOfThePausedGraceHandsOnTheAnswerThatIsHeld() {
        node.limits(limits -> limits.pausedGrace(GRACE));
        Conversation talk = node.connect();
        replies.ask(talk, "ask");
        replies.ask(talk, "other");
        node.run();
        RpcRequest request = Replies.requests(talk).get(0);
        talk.connection.reading(Reading.PAUSED);
        RequestTest.answer(talk, request, "yes");
        talk.peerEnds();
        assertEquals(List.of(), replies.completions);

        node.pass(GRACE);

        assertEquals(List.of("ask: answer yes", "other: UNANSWERED, perhaps processed"), replies.completions);
    }

    /** The close begins, for handlers may stay full for long; but a reply is not told before it is known. */
    @Test
    void anAnswerThatIsHeldBehindFullHandlersIsHandedOnThoughThePeersEndWasTold() {
        HandExecutor executor = new HandExecutor();
        node.limits(limits -> limits.handlerMessages(1).pausedGrace(GRACE));
        node.settings().handle(Messages.PROTOCOL, (connection, message) -> {}, executor);
        Conversation talk = node.connect();
        replies.ask(talk, "ask");
        replies.ask(talk, "other");
        node.run();
        RpcRequest request = Replies.requests(talk).get(0);
        talk.peerSendsMessage("fills the handlers");
        RequestTest.answer(talk, request, "yes");
        talk.peerSends(new byte[1]);
        talk.peerEnds();

        node.pass(GRACE);
        assertEquals(List.of(DisconnectReason.CONNECTION_CLOSED), node.policy.planned());
        assertEquals(List.of(), replies.completions);
        executor.runAll();
        node.run();

        assertEquals(List.of("ask: answer yes", "other: UNANSWERED, perhaps processed"), replies.completions);
        assertEquals(1, node.events.takeViolations().size(), "the end cuts off a message");
    }

    @Test
    void anAnswerThatTheLinkDoesNotTakeIsUnsentAndNotReturned() {
        Conversation talk = answering();
        talk.link.room(0);
        peerAsks(talk, 1);
        owed.get(0).complete(sized("owed", 50));
        node.run();

        talk.connection.abort();
        node.run();

        assertEquals(1, talk.report().account().count(Outcome.UNSENT));
        assertEquals(List.of(), talk.report().returned());
        assertEquals(new Received(1, 0, 0, 0, 0), talk.report().requests().received());
    }

    /** A policy that finishes once nothing is left, not even an answer. */
    private Conversation waitingForAnswers() {
        node.policy.decides(snapshot -> snapshot.answered()
                ? ScriptedPolicy.drainThenFinish(snapshot)
                : CloseDecision.drain(snapshot, Duration.ofHours(1)));
        return answering();
    }

    private Conversation answering() {
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> {
            CompletableFuture<Message> answer = new CompletableFuture<>();
            owed.add(answer);
            return answer;
        });
        return node.connect();
    }

    private List<String> sorted() {
        return replies.completions.stream().sorted().toList();
    }

    private static void peerAsks(Conversation talk, int id) {
        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), id, 0, new byte[0]));
    }
}
