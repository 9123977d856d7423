/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.DialledPeer;
import io.softclose.net.testkit.node.peer.Talker;
import io.softclose.net.testkit.transport.fixture.UnansweredAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Closing is allowed anywhere and at any time, and never waits for what it is called from; part of {@link
 * NodeContract}.
 */
public interface CloseContract {
    @Test
    default void aHandlerMayCloseItsConnection(Nodes nodes) throws IOException {
        Node closing = nodes.node();
        Node other = nodes.node();
        Nodes.Pair pair = Nodes.connect(other, closing);
        closing.onMessage((connection, message) -> {
            assertEquals(SendResult.ACCEPTED, connection.send(Numbered.message(2, 8)));
            connection.close();
            assertEquals(SendResult.CLOSING, connection.send(Numbered.message(3, 8)));
        });

        assertEquals(SendResult.ACCEPTED, pair.dialled().send(Numbered.message(1, 8)));

        assertEquals(
                CloseEnding.CLEAN,
                Waiting.await(pair.accepted().closed(), "the close").ending());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, other.nextReport().reason());
        assertEquals(List.of(2), Numbered.numbersOf(other.takeReceived()), "what was sent before the close");
    }

    @Test
    default void anOutcomeListenerMayClose(Nodes nodes) throws IOException {
        Node other = nodes.node();
        Connection connection = Nodes.connect(nodes.node(), other).dialled();
        CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        assertEquals(
                SendResult.ACCEPTED,
                connection.send(
                        Numbered.message(1, 8),
                        (message, outcome) -> connection.close().thenAccept(closed::complete)));

        CloseReport report = Waiting.await(closed, "the close");
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(1, report.account().count(Outcome.WRITTEN));
    }

    @Test
    default void anOutcomeListenerThatTheCloseCallsMayCloseAgain(Nodes nodes) throws IOException {
        try (DialledPeer stuck = stuck(nodes)) {
            Connection connection = stuck.connection;
            CountDownLatch told = new CountDownLatch(100);
            for (int number = 0; number < 100; number++) {
                assertEquals(SendResult.ACCEPTED, connection.send(Numbered.message(number, 8), (message, outcome) -> {
                    connection.close();
                    connection.abort();
                    told.countDown();
                }));
            }

            connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMillis(100));

            Waiting.await(told, "outcomes");
            assertEquals(
                    DisconnectReason.STALE_CONNECTION,
                    Waiting.await(connection.closed(), "the close").reason());
        }
    }

    @Test
    default void theStageThatTellsOfTheOpeningMayClose(Nodes nodes) throws IOException {
        Node node = nodes.node();
        CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        node.network()
                .dial(nodes.node().listen())
                .opened()
                .thenCompose(Connection::close)
                .thenAccept(closed::complete);

        assertEquals(CloseEnding.CLEAN, Waiting.await(closed, "the close").ending());
    }

    @Test
    default void anActionThatWaitedForRoomMayClose(Nodes nodes) throws IOException {
        Connection connection = Nodes.connect(nodes.node(), nodes.node()).dialled();
        CompletableFuture<ConnectionState> states = new CompletableFuture<>();

        connection.onRoom(Numbered.message(0, 8), () -> {
            connection.close();
            states.complete(connection.state());
        });

        assertEquals(ConnectionState.OPEN, Waiting.await(states, "the action"), "closing goes on after the action");
        assertEquals(
                CloseEnding.CLEAN,
                Waiting.await(connection.closed(), "the close").ending());
    }

    /** It would wait for ever, and every connection of the loop with it. */
    @Test
    default void aHandlerThatWaitsForACloseIsRefusedAndTheCloseGoesOn(Nodes nodes) throws IOException {
        Node waiting = nodes.node();
        Nodes.Pair pair = Nodes.connect(nodes.node(), waiting);
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        waiting.onMessage((connection, message) -> refusal.complete(assertThrows(
                Throwable.class, () -> connection.close().toCompletableFuture().join())));

        assertEquals(SendResult.ACCEPTED, pair.dialled().send(Numbered.message(1, 8)));

        assertInstanceOf(IllegalStateException.class, Waiting.await(refusal, "the refusal"));
        assertEquals(
                CloseEnding.CLEAN,
                Waiting.await(pair.accepted().closed(), "the close").ending());
    }

    /** Two loops that wait for each other would, too. */
    @Test
    default void aHandlerThatWaitsForAnotherNetworksShutdownIsRefused(Nodes nodes) throws IOException {
        Node waiting = nodes.node();
        Node other = nodes.node();
        Nodes.Pair pair = Nodes.connect(other, waiting);
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        waiting.onMessage((connection, message) -> refusal.complete(assertThrows(
                Throwable.class,
                () -> other.network().shutdown().toCompletableFuture().join())));

        assertEquals(SendResult.ACCEPTED, pair.dialled().send(Numbered.message(1, 8)));

        assertInstanceOf(IllegalStateException.class, Waiting.await(refusal, "the refusal"));
        Waiting.await(other.network().shutdown(), "the shutdown");
    }

    @Test
    default void aHandlerMayShutItsNetworkDown(Nodes nodes) throws IOException {
        Node closing = nodes.node();
        Node other = nodes.node();
        Nodes.Pair pair = Nodes.connect(other, closing);
        closing.onMessage((connection, message) -> closing.network().shutdown());

        assertEquals(SendResult.ACCEPTED, pair.dialled().send(Numbered.message(1, 8)));

        assertEquals(
                DisconnectReason.NETWORK_SHUTDOWN,
                Waiting.await(pair.accepted().closed(), "the close").reason());
    }

    @Test
    default void closesFromManyThreadsAllGetTheOneReport(Nodes nodes) throws Exception {
        Node other = nodes.node();
        Connection connection = Nodes.connect(nodes.node(), other).dialled();
        CyclicBarrier start = new CyclicBarrier(4);
        List<CompletableFuture<CloseReport>> closes = new ArrayList<>();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<CloseReport> close = new CompletableFuture<>();
            closes.add(close);
            Thread closer = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    close.completeExceptionally(e);
                }
                connection.close().thenAccept(close::complete);
            });
            closers.add(closer);
            closer.start();
        }

        CloseReport first = Waiting.await(closes.get(0), "the close");

        for (CompletableFuture<CloseReport> close : closes) {
            assertSame(first, Waiting.await(close, "the close"));
        }
        assertSame(first, Waiting.await(connection.close(DisconnectReason.STALE_CONNECTION), "a late close"));
        assertSame(first, Waiting.await(connection.abort(), "a late abort"));
        for (Thread closer : closers) {
            closer.join();
        }
    }

    @Test
    default void aCloseWithAShorterDeadlineWins(Nodes nodes) throws IOException {
        try (DialledPeer stuck = stuck(nodes)) {
            Connection connection = stuck.connection;

            connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMinutes(4));
            connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMillis(100));
            connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMinutes(3));

            CloseReport report = Waiting.await(connection.closed(), "the close");
            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertEquals(DisconnectReason.STALE_CONNECTION, report.reason(), "the first reason stays");
        }
    }

    @Test
    default void aCloseWithNoTimeAtAllEndsAtItsDeadline(Nodes nodes) throws IOException {
        try (DialledPeer stuck = stuck(nodes)) {
            Connection connection = stuck.connection;
            long accepted = connection.account().total().accepted();

            CloseReport report = Waiting.await(
                    connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ZERO), "the close");

            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertEquals(
                    accepted - report.account().count(Outcome.WRITTEN),
                    report.returned().size());
        }
    }

    @Test
    default void aCloseEndsADialThatGoesUnanswered(Nodes nodes) throws IOException {
        try (UnansweredAddress unanswered = unanswered()) {
            Connection connection = nodes.node().network().dial(unanswered.address());
            assertEquals(SendResult.NOT_CONNECTED, connection.send(Numbered.message(0, 8)));

            CloseReport report = Waiting.await(connection.close(), "the close");

            assertEquals(0, report.account().total().accepted());
            Waiting.failure(connection.opened(), "the dial");
            assertEquals(ConnectionState.CLOSED, connection.state());
        }
    }

    @Test
    default void aShutdownEndsADialThatGoesUnanswered(Nodes nodes) throws IOException {
        Node node = nodes.node();
        try (UnansweredAddress unanswered = unanswered()) {
            Connection connection = node.network().dial(unanswered.address());

            Waiting.await(node.network().shutdown(), "the shutdown");

            assertEquals(
                    DisconnectReason.NETWORK_SHUTDOWN,
                    Waiting.await(connection.closed(), "the end").reason());
        }
    }

    @Test
    default void aCloseOfBothEndsAtTheSameMomentLosesNothing(Nodes nodes) throws Exception {
        Node one = nodes.node();
        Node two = nodes.node();
        InetSocketAddress address = two.listen();
        for (int round = 0; round < 100; round++) {
            Connection dialled = one.connect(address);
            Connection accepted = two.nextConnection();
            Numbered.sendAll(dialled, 20, 1_000);
            Numbered.sendAll(accepted, 20, 1_000);

            dialled.close();
            accepted.close();

            assertEquals(
                    20, Waiting.await(dialled.closed(), "one end").account().count(Outcome.WRITTEN));
            assertEquals(
                    20,
                    Waiting.await(accepted.closed(), "the other end").account().count(Outcome.WRITTEN));
            assertEquals(Numbered.upTo(20), Numbered.numbersOf(one.takeReceived()));
            assertEquals(Numbered.upTo(20), Numbered.numbersOf(two.takeReceived()));
        }
    }

    /** Each message that was accepted has its one outcome, and the peer has those that were written. */
    @Test
    default void aCloseInTheMidstOfSendersLosesNothing(Nodes nodes) throws IOException {
        Node sending = nodes.node(builder -> builder.limits(Nodes.outboxOf(300)));
        Node receiving = nodes.node();
        InetSocketAddress address = receiving.listen();
        for (int round = 0; round < 30; round++) {
            Connection connection = sending.connect(address);
            Connection others = receiving.nextConnection();
            List<Talker> senders = IntStream.range(0, 4)
                    .map(sender -> sender * 1_000_000)
                    .mapToObj(first -> Talker.start(number -> connection.send(Numbered.message(first + number, 8))))
                    .toList();

            CloseReport report = Waiting.await(connection.close(), "the close");

            Waiting.await(others.closed(), "the other end");
            int all = senders.stream().mapToInt(Talker::awaitEnd).sum();
            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(all, report.account().total().accepted());
            assertEquals(all, report.account().count(Outcome.WRITTEN));
            List<Integer> received = Numbered.numbersOf(receiving.takeReceived());
            assertEquals(all, received.size());
            assertEquals(all, received.stream().distinct().count());
        }
    }

    @Test
    default void anAbortDoesNotWaitForAPeerThatDoesNotRead(Nodes nodes) throws IOException {
        try (DialledPeer stuck = stuck(nodes)) {
            Connection connection = stuck.connection;

            CloseReport report = Waiting.await(connection.abort(), "the abort");

            assertEquals(CloseEnding.ERROR, report.ending());
            assertTrue(report.account().balanced());
            assertTrue(report.account().count(Outcome.UNSENT) > 0, report::toString);
        }
    }

    /** A peer that does not read, with more to write to it than the sockets take. */
    private static DialledPeer stuck(Nodes nodes) throws IOException {
        Node node = nodes.node(nodes.transportOfSmallBuffers(), builder -> builder.limits(Nodes.outboxOf(10_000)));
        DialledPeer stuck = new DialledPeer(node);
        Numbered.sendAll(stuck.connection, 5_000, 1_000);
        return stuck;
    }

    private static UnansweredAddress unanswered() throws IOException {
        return UnansweredAddress.like(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .orElseThrow();
    }
}
