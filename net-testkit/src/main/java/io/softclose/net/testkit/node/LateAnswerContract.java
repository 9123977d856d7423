/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static io.softclose.net.testkit.node.Requests.failureOf;
import static io.softclose.net.testkit.node.Requests.nextFrame;
import static io.softclose.net.testkit.node.Requests.numbered;
import static io.softclose.net.testkit.node.Requests.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount.Made;
import io.softclose.net.RequestAccount.Received;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Answers that come too late or to nobody, and requests that are too many; part of {@link NodeContract}. */
public interface LateAnswerContract {
    private static Node asking(Nodes nodes) {
        return nodes.node(builder -> builder.chainId(Peers.CHAIN_ID).support(ProtocolId.HEALTH_CHECKER_RPC));
    }

    private static void answer(WirePeer peer, int id, int number) throws IOException {
        peer.send(WireBytes.rpcResponse(id, 0, Numbered.bytes(number, 8)));
    }

    @Test
    default void aRequestTimesOutAndItsLateAnswerGoesToNobody(Nodes nodes) throws IOException {
        Node node = asking(nodes);
        try (WirePeer peer = open(node)) {
            Connection connection = node.nextConnection();
            Reply late = connection.request(numbered(1), Duration.ofMillis(50));
            int lateId = ((WireFrame.RpcRequest) nextFrame(peer)).requestId();
            RequestException failure = failureOf(late);
            assertEquals(Failure.TIMED_OUT, failure.failure());
            assertTrue(failure.mayHaveBeenProcessed());

            Reply next = connection.request(numbered(2), RequestContract.TIMEOUT);
            int id = ((WireFrame.RpcRequest) nextFrame(peer)).requestId();
            answer(peer, lateId, 1);
            answer(peer, id + 1_000, 1_000);
            answer(peer, id, 2);

            assertEquals(2, Numbered.numberOf(Waiting.await(next, "the answer").payload()));
        }
        assertEquals(new Made(1, 0, 0, 1, 0, 0, 2), node.nextReport().requests().made());
    }

    @Test
    default void aRequestIsCancelledThatHasLeftAndItsAnswerGoesToNobody(Nodes nodes) throws IOException {
        Node node = asking(nodes);
        try (WirePeer peer = open(node)) {
            Connection connection = node.nextConnection();
            Reply cancelled = connection.request(numbered(1), RequestContract.TIMEOUT);
            int cancelledId = ((WireFrame.RpcRequest) nextFrame(peer)).requestId();
            assertTrue(cancelled.cancel());
            assertTrue(cancelled.toCompletableFuture().isCancelled());

            Reply next = connection.request(numbered(2), RequestContract.TIMEOUT);
            int id = ((WireFrame.RpcRequest) nextFrame(peer)).requestId();
            answer(peer, cancelledId, 1);
            answer(peer, id, 2);

            Waiting.await(next, "the answer");
        }
        assertEquals(new Made(1, 0, 0, 0, 0, 1, 1), node.nextReport().requests().made());
    }

    @Test
    default void theHundredAndFirstRequestOfAPeerIsDroppedUntilOneIsAnswered(Nodes nodes) throws IOException {
        LinkedBlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
        CompletableFuture<Message> first = new CompletableFuture<>();
        CompletableFuture<Message> others = new CompletableFuture<>();
        int most = RequestContract.MOST;
        Node node = nodes.node(builder -> builder.chainId(Peers.CHAIN_ID)
                .answerLater(ProtocolId.HEALTH_CHECKER_RPC, (connection, request) -> {
                    int number = Numbered.numberOf(request.payload());
                    asked.add(number);
                    return number == 0 ? first : others;
                }));
        try (WirePeer peer = open(node)) {
            for (int number = 0; number <= most; number++) {
                ask(peer, number);
            }
            for (int number = 0; number < most; number++) {
                assertEquals(number, Waiting.next(asked, "a request"));
            }
            first.complete(numbered(0));
            assertEquals(0, ((WireFrame.RpcResponse) nextFrame(peer)).requestId());

            ask(peer, most + 1);
            assertEquals(most + 1, Waiting.next(asked, "the next request"));
            assertFalse(asked.contains(most), "the one too many");
            others.complete(numbered(1));
            for (int answers = 0; answers < most; answers++) {
                nextFrame(peer);
            }
        }
        assertEquals(
                new Received(most + 1, 0, 0, 0, 1), node.nextReport().requests().received());
    }

    private static void ask(WirePeer peer, int number) throws IOException {
        peer.send(WireBytes.rpcRequest(Peers.HEALTH_CHECKER_RPC, number, 0, Numbered.bytes(number, 8)));
    }
}
