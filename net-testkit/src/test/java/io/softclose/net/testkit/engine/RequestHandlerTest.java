/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.RequestAccount.Received;
import io.softclose.net.ShutdownReport;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers of requests that are at work: what they hold is bounded, and closes and shutdowns wait for them as for others. */
class RequestHandlerTest {
    private static final Duration TIMEOUT = Limits.defaults().inboundRequestTimeout();
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final Node node = new Node();

    /** The stages of the handler, by the labels of their requests. */
    private final Map<String, CompletableFuture<Message>> asked = new LinkedHashMap<>();

    @BeforeEach
    void answerLater() {
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> {
            CompletableFuture<Message> answer = new CompletableFuture<>();
            asked.put(Messages.labelOf(request), answer);
            return answer;
        });
    }

    // What they hold.

    @Test
    void requestsAreBoundedByTheirBytes() {
        node.limits(limits -> limits.handlerBytes(100));
        Conversation talk = node.connect();

        peerAsks(talk, "a", 60);
        peerAsks(talk, "b", 60);
        peerAsks(talk, "c", 60);
        assertEquals(List.of("a", "b"), labels());

        answer("a");
        assertEquals(List.of("a", "b"), labels(), "60 bytes are not below half");
        answer("b");
        assertEquals(List.of("a", "b", "c"), labels());
    }

    @Test
    void requestsAndMessagesAreBoundedTogether() {
        HandExecutor executor = new HandExecutor();
        node.settings()
                .handle(
                        Messages.PROTOCOL,
                        (connection, message) -> node.handled.add(Messages.labelOf(message)),
                        executor);
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();

        peerAsks(talk, "a", 1);
        talk.peerSendsMessage("m");
        peerAsks(talk, "b", 1);
        assertEquals(List.of("a"), labels());

        answer("a");
        executor.runAll();
        node.run();
        assertEquals(List.of("a", "b"), labels());
    }

    @Test
    void aRequestThatTimedOutIsBoundedUntilItsHandlerIsDone() {
        node.limits(limits -> limits.handlerBytes(50));
        Conversation talk = node.connect();
        peerAsks(talk, "slow", 60);

        node.pass(TIMEOUT);
        peerAsks(talk, "next", 60);
        assertEquals(List.of("slow"), labels());

        answer("slow");
        assertEquals(List.of("slow", "next"), labels());
        assertEquals(List.of(), talk.receivedFrames());
    }

    /** A handler may answer with what it was asked: a peer that asks and reads nothing would decide how much is kept. */
    @Test
    void aRequestIsBoundedWhileItsAnswerWaitsForRoom() {
        node.limits(limits -> limits.outboxMessages(1).handlerBytes(50));
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("fills the lane"));
        peerAsks(talk, "a", 60);
        answer("a");
        peerAsks(talk, "b", 60);
        assertEquals(List.of("a"), labels());

        talk.peerTakes(FakeLink.UNLIMITED);

        assertEquals(List.of("a", "b"), labels());
    }

    @Test
    void anAnswerThatFoundNoRoomInTimeIsBoundedNoLonger() {
        node.limits(limits -> limits.outboxMessages(1).handlerBytes(50));
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("fills the lane"));
        peerAsks(talk, "a", 60);
        answer("a");
        peerAsks(talk, "b", 60);

        node.pass(TIMEOUT);

        assertEquals(List.of("a", "b"), labels());
    }

    @Test
    void aHandlerThatThrowsHoldsNothing() {
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> {
            asked.put(Messages.labelOf(request), new CompletableFuture<>());
            throw new IllegalStateException("deliberate");
        });
        node.limits(limits -> limits.handlerMessages(1));
        Conversation talk = node.connect();

        peerAsks(talk, "a", 1);
        peerAsks(talk, "b", 1);

        assertEquals(List.of("a", "b"), labels());
        assertEquals(2, node.events.takeFailures().size());
    }

    @Test
    void aStageThatCompletesTwiceCountsOnce() {
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> {
            CompletableFuture<Message> answer = new CompletesTwice(Messages.labelOf(request));
            asked.put(Messages.labelOf(request), answer);
            return answer;
        });
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        peerAsks(talk, "b", 1);
        peerAsks(talk, "c", 1);

        answer("a");

        assertEquals(List.of("a", "b"), labels(), "one is still at work");
        assertEquals(1, talk.receivedFrames().size());
    }

    /** Tells of its completion twice. */
    private static final class CompletesTwice extends CompletableFuture<Message> {
        private final String label;

        CompletesTwice(String label) {
            this.label = label;
        }

        @Override
        public CompletableFuture<Message> whenComplete(BiConsumer<? super Message, ? super Throwable> action) {
            return super.whenComplete((answer, failure) -> {
                action.accept(answer, failure);
                action.accept(message(label + " again"), null);
            });
        }
    }

    // On an executor.

    @Test
    void aHandlerOnAnExecutorAnswersThere() {
        HandExecutor executor = new HandExecutor();
        node.settings()
                .answer(
                        Messages.PROTOCOL,
                        (connection, request) -> {
                            assertFalse(node.loop.inEventLoop());
                            return request;
                        },
                        executor);
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        peerAsks(talk, "b", 1);
        assertEquals(2, executor.waiting(), "each in a task of its own");

        executor.runAll();
        node.run();

        assertEquals(2, talk.receivedFrames().size());
    }

    @Test
    void whatItThrowsAndAnExecutorThatRefusesAreToldAndHoldNothing() {
        HandExecutor executor = new HandExecutor();
        IllegalStateException thrown = new IllegalStateException("deliberate");
        node.settings()
                .answer(
                        Messages.PROTOCOL,
                        (connection, request) -> {
                            throw thrown;
                        },
                        executor);
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        executor.runAll();
        node.run();
        assertEquals(List.of(thrown), node.events.takeFailures());

        executor.refuses(true);
        peerAsks(talk, "b", 1);

        assertInstanceOf(
                RejectedExecutionException.class, node.events.takeFailures().get(0));
        talk.connection.close();
        node.run();
        talk.peerEnds();
        assertEquals(new Received(0, 0, 2, 0, 0), talk.report().requests().received());
    }

    @Test
    void aTaskThatAnExecutorKeepsThoughItThrowsCallsNoHandler() {
        HandExecutor executor = new HandExecutor().throwsBehind(true);
        List<Message> handled = new ArrayList<>();
        node.settings()
                .answer(
                        Messages.PROTOCOL,
                        (connection, request) -> {
                            handled.add(request);
                            return request;
                        },
                        executor);
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        assertInstanceOf(OutOfMemoryError.class, node.events.takeFailures().get(0));

        executor.runAll();
        node.run();

        assertEquals(List.of(), handled, "the request was told to have failed");
        assertEquals(0, talk.receivedFrames().size());
    }

    // Closes and shutdowns.

    @Test
    void ourEndWaitsForThem() {
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);

        talk.connection.close();
        node.run();
        assertEquals(ConnectionState.FINISHING, talk.connection.state());
        assertEquals(List.of(), talk.link.endCalls());

        answer("a");
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());
        talk.peerEnds();
        assertTrue(talk.report().clean());
        assertEquals(0, talk.report().unhandled());
        assertEquals(new Received(0, 0, 0, 1, 0), talk.report().requests().received());
    }

    @Test
    void andForThoseWhoseRequestsHaveTimedOut() {
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        node.pass(TIMEOUT);

        talk.connection.close();
        node.run();
        assertEquals(List.of(), talk.link.endCalls());

        answer("a");
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());
    }

    @Test
    void aDeadlineOverThemCountsThem() {
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        peerAsks(talk, "b", 1);

        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, SECOND);
        node.pass(SECOND);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(2, talk.report().unhandled());
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
    }

    @Test
    void aShutdownWaitsForThemWithinItsBudgetAlsoIfTheirConnectionIsGone() {
        Conversation talk = node.connect();
        peerAsks(talk, "a", 1);
        peerAsks(talk, "b", 1);
        talk.link.fail(new IOException("reset"));
        node.run();
        assertEquals(2, talk.report().unhandled());

        CompletableFuture<ShutdownReport> shutdown =
                node.network().shutdown(SECOND).toCompletableFuture();
        node.run();
        answer("a");
        assertFalse(shutdown.isDone());
        node.pass(SECOND);

        assertEquals(1, shutdown.join().unhandled());
    }

    // Answers that have no lane.

    @Test
    void aClassifierThatThrowsEndsThatAnswerAlone() {
        IllegalStateException thrown = new IllegalStateException("deliberate");
        node.policy.classifies(message -> {
            if (Messages.labelOf(message).equals("bad")) {
                throw thrown;
            }
            return 0;
        });
        Conversation talk = node.connect();
        peerAsks(talk, "bad", 3);
        peerAsks(talk, "good", 4);

        answer("bad");
        answer("good");

        assertEquals(1, talk.receivedFrames().size());
        assertEquals(List.of(thrown), node.events.takeFailures());
        talk.connection.close();
        node.run();
        talk.peerEnds();
        assertEquals(new Received(1, 0, 1, 0, 0), talk.report().requests().received());
    }

    @Test
    void alsoIfItBeginsToThrowWhileTheAnswerWaitsForRoom() {
        IllegalStateException thrown = new IllegalStateException("deliberate");
        boolean[] throwing = new boolean[1];
        node.policy.classifies(message -> {
            if (throwing[0]) {
                throw thrown;
            }
            return 0;
        });
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(message("fills the lane"));
        peerAsks(talk, "a", 1);
        answer("a");

        throwing[0] = true;
        talk.peerTakes(FakeLink.UNLIMITED);

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertEquals(List.of(thrown), node.events.takeFailures());
    }

    private List<String> labels() {
        return new ArrayList<>(asked.keySet());
    }

    /** Has a handler answer with its request's label, and runs the loop. */
    private void answer(String label) {
        requireNonNull(asked.get(label), label).complete(message(label));
        node.run();
    }

    private void peerAsks(Conversation talk, String label, int size) {
        String filled = label + ".".repeat(size - label.length());
        talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), 1, 0, filled.getBytes(US_ASCII)));
    }
}
