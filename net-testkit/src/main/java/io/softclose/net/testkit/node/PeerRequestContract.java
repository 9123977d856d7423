/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static io.softclose.net.testkit.node.Requests.failureOf;
import static io.softclose.net.testkit.node.Requests.nextFrame;
import static io.softclose.net.testkit.node.Requests.numbered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.DialledPeer;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Requests that are addressed to a peer outlive connections until they have left, part of {@link NodeContract}. */
public interface PeerRequestContract {
    /** Longer than anything takes here. */
    Duration PATIENCE = Duration.ofSeconds(60);

    private static NetworkBuilder asks(NetworkBuilder builder) {
        return builder.chainId(Peers.CHAIN_ID).support(ProtocolId.HEALTH_CHECKER_RPC);
    }

    private static Node echo(Nodes nodes) {
        return nodes.node(builder -> asks(builder).answer(ProtocolId.HEALTH_CHECKER_RPC, (from, request) -> request));
    }

    /** The next connection of a node to somebody on a bare socket, all of whom prove to be the same, or nobody. */
    private static DialledPeer dial(Node node, PeerId as) throws IOException {
        return new DialledPeer(
                node,
                as,
                WireBytes.handshake(Peers.CHAIN_ID, Peers.VALIDATOR, Peers.CONSENSUS, Peers.HEALTH_CHECKER_RPC));
    }

    /** Who that is. */
    private static PeerId idFor(Node node) throws IOException {
        try (DialledPeer any = new DialledPeer(node)) {
            PeerId id = any.connection.provenPeer().orElseGet(PeerId::random);
            Waiting.await(any.connection.abort(), "the end");
            return id;
        }
    }

    /** Reads a request, answers it with another number, and looks that its sender has that. */
    private static void assertAnswered(DialledPeer talk, Reply reply, int number) throws IOException {
        RpcRequest request = (RpcRequest) nextFrame(talk.peer);
        assertEquals(number, Numbered.numberOf(request.payload()));
        talk.peer.send(WireBytes.rpcResponse(request.requestId(), 0, Numbered.bytes(100 + number, 8)));
        assertEquals(
                100 + number,
                Numbered.numberOf(Waiting.await(reply, "the answer").payload()));
    }

    /** The peer gets a message first of all: what was asked before it does not come. */
    private static void assertNothingBefore(Peer peer, DialledPeer talk) throws IOException {
        assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(7, 8)));
        WireFrame first = nextFrame(talk.peer);
        assertTrue(first instanceof WireFrame.DirectSend, first::toString);
    }

    @Test
    default void aPeerIsAskedWithAConnectionAndWithout(Nodes nodes) throws IOException {
        Node asking = echo(nodes);
        Node answering = echo(nodes);
        InetSocketAddress address = answering.listen();
        Peer peer = asking.network().peer(answering.idFor(asking, address));
        Reply early = peer.request(numbered(1), PATIENCE);
        assertEquals(1, peer.account().waiting());

        asking.connect(peer, address);
        Reply late = peer.request(numbered(2), PATIENCE);

        assertEquals(
                1, Numbered.numberOf(Waiting.await(early, "the first answer").payload()));
        assertEquals(
                2, Numbered.numberOf(Waiting.await(late, "the second answer").payload()));
    }

    /** The peer takes nothing, so what is ahead of the request fills the link. */
    @Test
    default void oneOfWhichNothingHasLeftGoesOnToTheNextConnection(Nodes nodes) throws IOException {
        int messages = 4_000;
        Node asking = nodes.node(
                nodes.transportOfSmallBuffers(), builder -> asks(builder).limits(Nodes.outboxOf(messages + 1)));
        Peer peer = asking.network().peer(idFor(asking));
        try (DialledPeer first = dial(asking, peer.peerId())) {
            Numbered.sendAll(first.connection, messages, 4_096);
            Reply reply = peer.request(numbered(1), PATIENCE);
            first.peer.reset();
            CloseReport report = Waiting.await(first.connection.closed(), "the end");
            assertEquals(1, report.account().count(Outcome.HANDED_OVER));
            assertEquals(0, report.requests().made().total());

            DialledPeer second = dial(asking, peer.peerId());
            try (second) {
                assertAnswered(second, reply, 1);
            }
            // Its answer may have been quicker than the word that the request has left.
            Waiting.await(second.connection.closed(), "the end");
        }
        assertEquals(1, peer.account().messages().count(Outcome.WRITTEN));
    }

    @Test
    default void oneThatHasLeftIsUnansweredAndDoesNotGoOn(Nodes nodes) throws IOException {
        Node asking = nodes.node(PeerRequestContract::asks);
        Peer peer = asking.network().peer(idFor(asking));
        try (DialledPeer first = dial(asking, peer.peerId())) {
            Reply reply = peer.request(numbered(1), PATIENCE);
            nextFrame(first.peer);
            first.peer.reset();

            RequestException failure = failureOf(reply);
            assertEquals(Failure.UNANSWERED, failure.failure());
            assertTrue(failure.mayHaveBeenProcessed());
            Waiting.await(first.connection.closed(), "the end");
        }
        try (DialledPeer second = dial(asking, peer.peerId())) {
            assertNothingBefore(peer, second);
        }
    }

    @Test
    default void oneForWhichNoConnectionComesTimesOutAndIsNeverSent(Nodes nodes) throws IOException {
        Node asking = nodes.node(PeerRequestContract::asks);
        Peer peer = asking.network().peer(idFor(asking));

        RequestException failure = failureOf(peer.request(numbered(1), Duration.ofMillis(20)));

        assertEquals(Failure.TIMED_OUT, failure.failure());
        assertFalse(failure.mayHaveBeenProcessed());
        try (DialledPeer talk = dial(asking, peer.peerId())) {
            assertNothingBefore(peer, talk);
        }
    }

    @Test
    default void asManyAsMayAreAwaitedWhereverTheyAreAndOneMoreIsRefused(Nodes nodes) throws IOException {
        Limits two = Limits.builder().maxOutboundRequests(2).build();
        Node asking = nodes.node(builder -> asks(builder).limits(two));
        Peer peer = asking.network().peer(idFor(asking));
        Reply first = peer.request(numbered(1), PATIENCE);
        Reply second = peer.request(numbered(2), PATIENCE);
        assertEquals(SendResult.TOO_MANY_REQUESTS, refusalOf(peer.request(numbered(3), PATIENCE)));

        try (DialledPeer talk = dial(asking, peer.peerId())) {
            assertEquals(SendResult.TOO_MANY_REQUESTS, refusalOf(peer.request(numbered(4), PATIENCE)));
            assertAnswered(talk, first, 1);
            Reply third = peer.request(numbered(5), PATIENCE);
            assertAnswered(talk, second, 2);
            assertAnswered(talk, third, 5);
        }
    }

    private static SendResult refusalOf(Reply reply) {
        return failureOf(reply).refusal().orElseThrow();
    }

    /** Whatever the moment: each reply completes once, and the peer's account balances with its messages. */
    @Test
    default void connectionsEndOverRequestsInFlight(Nodes nodes) throws IOException {
        int rounds = 8;
        int burst = 40;
        Node asking = echo(nodes);
        Node answering = echo(nodes);
        InetSocketAddress address = answering.listen();
        Peer peer = asking.network().peer(answering.idFor(asking, address));
        AtomicInteger completions = new AtomicInteger();
        List<CompletionStage<Optional<Throwable>>> replies = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Connection connection = asking.connect(peer, address);
            for (int number = 0; number < burst; number++) {
                Reply reply = peer.request(numbered(number), PATIENCE);
                replies.add(reply.handle((answer, failure) -> {
                    completions.incrementAndGet();
                    return Optional.ofNullable(failure);
                }));
                if (number == 5 * round) {
                    connection.abort();
                }
            }
            Waiting.await(connection.closed(), "the end");
        }
        Connection last = asking.connect(peer, address);
        int refused = 0;
        for (CompletionStage<Optional<Throwable>> reply : replies) {
            Optional<Throwable> failure = Waiting.await(reply, "a reply");
            if (failure.isPresent()) {
                Failure why = ((RequestException) failure.get()).failure();
                assertTrue(why == Failure.REFUSED || why == Failure.UNANSWERED, why::toString);
                refused += why == Failure.REFUSED ? 1 : 0;
            }
        }

        assertEquals(rounds * burst, completions.get());
        // An answer may be quicker than the word that its request has left.
        Waiting.await(last.close(), "the close");
        assertEquals(rounds * burst - refused, peer.account().messages().total().accepted());
        assertTrue(peer.account().balanced());
    }
}
