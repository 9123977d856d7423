/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount.Made;
import io.softclose.net.RequestAccount.Received;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.testkit.node.RequestContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the simulated network, what {@link RequestContract} asks of real ones: requests of both ends of a connection. */
class SimRequestTest {
    private static final ProtocolId PROTOCOL = ProtocolId.HEALTH_CHECKER_RPC;
    private static final int MOST = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final SimNetwork sim = new SimNetwork(15);
    private final List<Connection> opened = new ArrayList<>();
    private final List<Network> nodes = new ArrayList<>();
    /** Requests that their handlers have not answered: a payload that begins with a negative number has them wait. */
    private final List<CompletableFuture<Message>> owed = new ArrayList<>();

    private Connection alice;
    private Connection bob;

    @BeforeEach
    void connect() throws IOException {
        sim.conditions(SimConditions.wideArea());
        SimTransport aliceHost = sim.host("alice");
        SimTransport bobHost = sim.host("bob");
        var unused = node(bobHost).listen(bobHost.address(6180));
        alice = node(aliceHost).dial(bobHost.address(6180));
        sim.runUntil(() -> opened.size() == 2, Duration.ofSeconds(5));
        bob = opened.get(0).equals(alice) ? opened.get(1) : opened.get(0);
    }

    @AfterEach
    void nothingIsLeft() {
        nodes.forEach(node -> node.shutdown(Duration.ofSeconds(1)));
        sim.run();
        sim.verifyNoLeaks();
    }

    @Test
    void aHundredAtATimeAreAnsweredBothWaysAndOneMoreIsRefused() {
        List<Reply> replies = new ArrayList<>();
        for (int number = 1; number <= MOST; number++) {
            replies.add(alice.request(numbered(-number), TIMEOUT));
            replies.add(bob.request(numbered(-number), TIMEOUT));
        }
        assertEquals(
                SendResult.TOO_MANY_REQUESTS,
                failureOf(alice.request(numbered(1), TIMEOUT)).refusal().orElseThrow());

        sim.runUntil(() -> owed.size() == 2 * MOST, Duration.ofSeconds(5));
        owed.forEach(one -> one.complete(numbered(7)));
        sim.runFor(Duration.ofSeconds(5));

        replies.forEach(reply -> assertEquals(7, numberOf(answerTo(reply))));
    }

    @Test
    void aRequestTimesOutAndItsLateAnswerGoesToNobody() {
        Reply late = alice.request(numbered(-1), Duration.ofSeconds(1));
        sim.runFor(Duration.ofSeconds(2));
        assertEquals(Failure.TIMED_OUT, failureOf(late).failure());

        owed.get(0).complete(numbered(1));
        Reply next = alice.request(numbered(2), TIMEOUT);
        sim.runFor(Duration.ofSeconds(2));

        assertEquals(2, numberOf(answerTo(next)));
        assertEquals(new Made(1, 0, 0, 1, 0, 0, 1), closed(alice).requests().made());
    }

    @Test
    void aRequestIsCancelledThatHasLeftAndItsAnswerGoesToNobody() {
        Reply cancelled = alice.request(numbered(-1), TIMEOUT);
        sim.runUntil(() -> owed.size() == 1, Duration.ofSeconds(5));

        assertTrue(cancelled.cancel());
        owed.get(0).complete(numbered(1));
        sim.runFor(Duration.ofSeconds(2));

        assertEquals(new Made(0, 0, 0, 0, 0, 1, 1), closed(alice).requests().made());
    }

    @Test
    void aRequestIsTakenBackThatStillWaits() {
        Reply large = alice.request(Message.of(PROTOCOL, 0, new byte[8 << 20]), TIMEOUT);
        Reply cancelled = alice.request(numbered(-1), TIMEOUT);

        assertTrue(cancelled.cancel());
        sim.runUntil(() -> large.toCompletableFuture().isDone(), TIMEOUT);

        assertEquals(List.of(), owed, "the peer never sees it");
    }

    @Test
    void aLostConnectionLeavesUnansweredWhatHasLeft() {
        Reply left = alice.request(numbered(-1), TIMEOUT);
        sim.runUntil(() -> owed.size() == 1, Duration.ofSeconds(5));
        sim.links().forEach(SimLink::cut);
        sim.runFor(Duration.ofSeconds(1));

        RequestException failure = failureOf(left);
        assertEquals(Failure.UNANSWERED, failure.failure());
        assertTrue(failure.mayHaveBeenProcessed());
        CloseReport report = bob.closed().toCompletableFuture().join();
        assertEquals(new Received(0, 0, 0, 1, 0), report.requests().received());
        owed.get(0).complete(numbered(1));
    }

    /** Of 64 MiB if the system property {@value RequestContract#ANSWER_MIB} says so. */
    @Test
    void largeAnswersComeBesideSmallOnesBothWays() {
        int large = Integer.getInteger(RequestContract.ANSWER_MIB, 8) << 20;
        Reply one = alice.request(numbered(-1), TIMEOUT);
        Reply other = bob.request(numbered(-2), TIMEOUT);
        sim.runUntil(() -> owed.size() == 2, Duration.ofSeconds(5));
        owed.forEach(answer -> answer.complete(Message.of(PROTOCOL, 0, new byte[large])));

        for (int number = 1; number <= 20; number++) {
            Reply small = alice.request(numbered(number), TIMEOUT);
            Reply smallBack = bob.request(numbered(number), TIMEOUT);
            sim.runUntil(
                    () -> small.toCompletableFuture().isDone()
                            && smallBack.toCompletableFuture().isDone(),
                    TIMEOUT);
        }
        sim.runUntil(
                () -> one.toCompletableFuture().isDone()
                        && other.toCompletableFuture().isDone(),
                TIMEOUT);

        assertEquals(large, answerTo(one).size());
        assertEquals(large, answerTo(other).size());
    }

    private Network node(SimTransport host) {
        Network node = Network.builder()
                .plaintext()
                .transport(host)
                .closePolicy(new Patient())
                .events(new NetworkEvents() {
                    @Override
                    public void connected(Connection connection) {
                        opened.add(connection);
                    }
                })
                .answerLater(PROTOCOL, (connection, request) -> {
                    if (numberOf(request) >= 0) {
                        return CompletableFuture.completedFuture(request);
                    }
                    CompletableFuture<Message> answer = new CompletableFuture<>();
                    owed.add(answer);
                    return answer;
                })
                .build();
        nodes.add(node);
        return node;
    }

    private CloseReport closed(Connection connection) {
        CompletableFuture<CloseReport> closed = connection.close().toCompletableFuture();
        sim.runUntil(closed::isDone, TIMEOUT);
        return closed.join();
    }

    private static Message numbered(int number) {
        return Message.of(PROTOCOL, 0, ByteBuffer.allocate(8).putInt(0, number));
    }

    private static int numberOf(Message message) {
        return message.payload().getInt();
    }

    private static Message answerTo(Reply reply) {
        assertTrue(reply.toCompletableFuture().isDone(), "the reply is complete");
        return reply.toCompletableFuture().join();
    }

    private static RequestException failureOf(Reply reply) {
        assertTrue(reply.toCompletableFuture().isDone(), "the reply is complete");
        CompletableFuture<Message> future = reply.toCompletableFuture();
        CompletionException failed = assertThrows(CompletionException.class, future::join);
        return (RequestException) requireNonNull(failed.getCause(), "cause");
    }

    private static final class Patient implements ClosePolicy {
        @Override
        public String name() {
            return "patient";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(ClosePlan.Admission.SEAL, Duration.ofSeconds(20), Duration.ofSeconds(20));
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            boolean done = now.sealed() && now.drained();
            return done ? CloseDecision.finish() : CloseDecision.drain(now, Duration.ofMillis(50));
        }
    }
}
