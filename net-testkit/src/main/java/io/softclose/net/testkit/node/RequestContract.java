/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static io.softclose.net.testkit.node.Requests.failureOf;
import static io.softclose.net.testkit.node.Requests.nextFrame;
import static io.softclose.net.testkit.node.Requests.numbered;
import static io.softclose.net.testkit.node.Requests.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Requests, and their answers, in both directions, part of {@link NodeContract}. */
public interface RequestContract {
    /** The system property with the size of the large answers, in MiB; 8 if it is not set. */
    String ANSWER_MIB = "softclose.testkit.answerMiB";

    /** As many as may be in flight each way. */
    int MOST = 100;

    /** Longer than anything takes here. */
    Duration TIMEOUT = Duration.ofSeconds(60);

    /** A node that answers each request with what it asks. */
    private static Node echo(Nodes nodes) {
        return nodes.node(builder -> builder.chainId(Peers.CHAIN_ID)
                .answer(
                        ProtocolId.HEALTH_CHECKER_RPC,
                        (connection, request) ->
                                Message.of(request.protocol(), request.priority(), request.payload())));
    }

    @Test
    default void aPeerAsksAndIsAnswered(Nodes nodes) throws IOException {
        try (WirePeer peer = open(echo(nodes))) {
            peer.send(WireBytes.rpcRequest(Peers.HEALTH_CHECKER_RPC, 25, 7, new byte[] {1, 2, 3}));

            assertEquals(new WireFrame.RpcResponse(25, 7, ByteBuffer.wrap(new byte[] {1, 2, 3})), nextFrame(peer));
        }
    }

    @Test
    default void aPeerIsAskedAndAnswersOutOfOrder(Nodes nodes) throws IOException {
        Node node = echo(nodes);
        try (WirePeer peer = open(node)) {
            Connection connection = node.nextConnection();
            Reply first = connection.request(numbered(1), TIMEOUT);
            Reply second = connection.request(numbered(2), TIMEOUT);
            WireFrame.RpcRequest askedFirst = (WireFrame.RpcRequest) nextFrame(peer);
            WireFrame.RpcRequest askedSecond = (WireFrame.RpcRequest) nextFrame(peer);
            assertEquals(Peers.HEALTH_CHECKER_RPC, askedFirst.protocol());
            assertEquals(3, askedFirst.priority());
            assertEquals(1, Numbered.numberOf(askedFirst.payload()));

            peer.send(WireBytes.rpcResponse(askedSecond.requestId(), 0, Numbered.bytes(22, 8)));
            peer.send(WireBytes.rpcResponse(askedFirst.requestId(), 0, Numbered.bytes(11, 8)));

            assertEquals(
                    11,
                    Numbered.numberOf(Waiting.await(first, "the first answer").payload()));
            assertEquals(
                    22,
                    Numbered.numberOf(Waiting.await(second, "the second answer").payload()));
        }
    }

    @Test
    default void aPeerThatDoesNotTakeRequestsOfAProtocolSaysSo(Nodes nodes) throws IOException {
        Node asking = nodes.node(builder -> builder.support(ProtocolId.HEALTH_CHECKER_RPC));
        Node other = nodes.node(builder -> builder.support(ProtocolId.HEALTH_CHECKER_RPC));
        Nodes.Pair pair = Nodes.connect(asking, other);

        RequestException failure = failureOf(pair.dialled().request(numbered(1), TIMEOUT));

        assertEquals(Failure.NOT_SUPPORTED, failure.failure());
    }

    @Test
    default void aHundredAtATimeAreAnsweredBothWaysAndOneMoreIsRefused(Nodes nodes) throws Exception {
        LinkedBlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
        Node[] both = new Node[2];
        for (int i = 0; i < both.length; i++) {
            both[i] =
                    nodes.node(builder -> builder.answerLater(ProtocolId.HEALTH_CHECKER_RPC, (connection, request) -> {
                        CompletableFuture<Message> answer = new CompletableFuture<>();
                        answers.add(() -> answer.complete(request));
                        return answer;
                    }));
        }
        Nodes.Pair pair = Nodes.connect(both[0], both[1]);
        List<Reply> replies = new ArrayList<>();
        for (int number = 0; number < MOST; number++) {
            replies.add(pair.dialled().request(numbered(number), TIMEOUT));
            replies.add(pair.accepted().request(numbered(number), TIMEOUT));
        }
        assertEquals(
                SendResult.TOO_MANY_REQUESTS,
                failureOf(pair.dialled().request(numbered(MOST), TIMEOUT))
                        .refusal()
                        .orElseThrow());

        List<Runnable> inOrder = new ArrayList<>();
        while (inOrder.size() < 2 * MOST) {
            inOrder.add(Waiting.next(answers, "a request"));
        }
        Collections.reverse(inOrder);
        inOrder.forEach(Runnable::run);

        for (int at = 0; at < replies.size(); at++) {
            assertEquals(
                    at / 2,
                    Numbered.numberOf(
                            Waiting.await(replies.get(at), "an answer").payload()));
        }
    }

    /** Of 64 MiB if the system property {@value #ANSWER_MIB} says so. */
    @Test
    default void largeAnswersComeBesideSmallOnesBothWays(Nodes nodes) throws IOException {
        int large = Integer.getInteger(ANSWER_MIB, 8) << 20;
        Node[] both = new Node[2];
        for (int i = 0; i < both.length; i++) {
            both[i] = nodes.node(builder -> builder.answer(
                    ProtocolId.HEALTH_CHECKER_RPC,
                    (connection, request) -> Numbered.numberOf(request.payload()) == 0
                            ? request.withPayload(new byte[large])
                            : request));
        }
        Nodes.Pair pair = Nodes.connect(both[0], both[1]);
        Reply one = pair.dialled().request(numbered(0), TIMEOUT);
        Reply other = pair.accepted().request(numbered(0), TIMEOUT);

        for (int number = 1; number <= 20; number++) {
            Waiting.await(pair.dialled().request(numbered(number), TIMEOUT), "a small answer");
            Waiting.await(pair.accepted().request(numbered(number), TIMEOUT), "a small answer");
        }

        assertEquals(large, Waiting.await(one, "the large answer").size());
        assertEquals(large, Waiting.await(other, "the other large answer").size());
    }

    /** However many there are: what their handlers hold is bounded in bytes, and TCP slows the peer down. */
    @Test
    default void largeRequestsThatWaitForTheirHandlersAreBoundedAndAllAreAnswered(Nodes nodes) throws Exception {
        int size = 64 * 1024;
        int most = 4;
        AtomicInteger atWork = new AtomicInteger();
        LinkedBlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
        List<Integer> overTheBound = Collections.synchronizedList(new ArrayList<>());
        Node answering = nodes.node(builder -> builder.limits(
                        Limits.builder().handlerBytes((long) most * size).build())
                .answerLater(ProtocolId.HEALTH_CHECKER_RPC, (connection, request) -> {
                    CompletableFuture<Message> answer = new CompletableFuture<>();
                    int now = atWork.incrementAndGet();
                    if (now > most) {
                        overTheBound.add(now);
                    }
                    answers.add(() -> {
                        atWork.decrementAndGet();
                        answer.complete(request.withPayload(Numbered.bytes(Numbered.numberOf(request.payload()), 8)));
                    });
                    return answer;
                }));
        Nodes.Pair pair = Nodes.connect(echo(nodes), answering);
        List<Reply> replies = new ArrayList<>();
        for (int number = 0; number < MOST; number++) {
            replies.add(pair.dialled()
                    .request(Message.of(ProtocolId.HEALTH_CHECKER_RPC, 3, Numbered.bytes(number, size)), TIMEOUT));
        }

        for (int number = 0; number < MOST; number++) {
            Waiting.next(answers, "a request").run();
        }

        for (int number = 0; number < MOST; number++) {
            assertEquals(
                    number,
                    Numbered.numberOf(
                            Waiting.await(replies.get(number), "an answer").payload()));
        }
        assertEquals(List.of(), overTheBound);
    }

    @Test
    default void aShutdownWaitsForHandlersOfRequestsAndCountsThoseThatItDoesNotWaitFor(Nodes nodes) throws Exception {
        for (Duration budget : List.of(Waiting.SAFETY_NET, Duration.ZERO)) {
            CountDownLatch goOn = new CountDownLatch(1);
            LinkedBlockingQueue<Message> atWork = new LinkedBlockingQueue<>();
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try {
                Node answering = nodes.node(builder -> builder.answer(
                        ProtocolId.HEALTH_CHECKER_RPC,
                        (connection, request) -> {
                            atWork.add(request);
                            Waiting.await(goOn, "the end of the test");
                            return request;
                        },
                        executor));
                Nodes.Pair pair = Nodes.connect(echo(nodes), answering);
                Reply reply = pair.dialled().request(numbered(1), TIMEOUT);
                Waiting.next(atWork, "a request at work");

                CompletionStage<ShutdownReport> shutdown = answering.network().shutdown(budget);
                if (budget.isZero()) {
                    assertEquals(1, Waiting.await(shutdown, "the shutdown").unhandled());
                }
                goOn.countDown();

                assertEquals(
                        budget.isZero() ? 1 : 0,
                        Waiting.await(shutdown, "the shutdown").unhandled());
                Waiting.await(reply.handle((answer, failure) -> true), "the reply");
            } finally {
                executor.shutdown();
                assertTrue(executor.awaitTermination(Waiting.SAFETY_NET.toSeconds(), TimeUnit.SECONDS), "threads end");
            }
        }
    }

    @Test
    default void aLostConnectionLeavesUnansweredWhatHasLeft(Nodes nodes) throws IOException {
        Node node = echo(nodes);
        try (WirePeer peer = open(node)) {
            Reply reply = node.nextConnection().request(numbered(1), TIMEOUT);
            nextFrame(peer);

            peer.reset();

            RequestException failure = failureOf(reply);
            assertEquals(Failure.UNANSWERED, failure.failure());
            assertTrue(failure.mayHaveBeenProcessed());
        }
    }

    /** Whatever the moment: each reply completes once, the reports count it, and the accounts balance. */
    @Test
    default void bothEndsCloseOverRequestsInFlight(Nodes nodes) throws IOException {
        for (int round = 0; round < 8; round++) {
            AtomicInteger completions = new AtomicInteger();
            Nodes.Pair pair = Nodes.connect(echo(nodes), echo(nodes));
            int refused = 0;
            for (int number = 0; number < MOST; number++) {
                for (Connection asking : List.of(pair.dialled(), pair.accepted())) {
                    Reply reply = asking.request(numbered(number), TIMEOUT);
                    refused += reply.toCompletableFuture().isCompletedExceptionally() ? 1 : 0;
                    var unused = reply.whenComplete((answer, failure) -> completions.incrementAndGet());
                }
                if (number == 12 * round) {
                    pair.dialled().close();
                    pair.accepted().close();
                }
            }
            CloseReport one = Waiting.await(pair.dialled().closed(), "the close");
            CloseReport other = Waiting.await(pair.accepted().closed(), "the other close");

            assertEquals(2 * MOST, completions.get());
            long accepted =
                    one.requests().made().total() + other.requests().made().total();
            assertTrue(accepted >= 2 * MOST - refused, () -> "accepted " + accepted);
            assertTrue(one.account().balanced() && other.account().balanced());
            assertEquals(
                    one.account().total().accepted(),
                    one.requests().made().total() + one.requests().received().answered());
        }
    }
}
