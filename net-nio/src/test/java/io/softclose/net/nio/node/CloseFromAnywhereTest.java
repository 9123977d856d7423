/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.UnansweredAddress;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WirePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Closing is allowed anywhere and at any time, and never waits for what it is called from. */
class CloseFromAnywhereTest {
    @RegisterExtension
    private final Nodes nodes = new Nodes();

    /** The other end of a stuck connection; open until the test has ended. */
    private @Nullable WirePeer peer;

    @AfterEach
    void closeThePeer() throws IOException {
        if (peer != null) {
            peer.close();
        }
    }

    private Node dialling() {
        return nodes.node();
    }

    @Test
    void fromAHandler() throws IOException {
        Node closing = nodes.node();
        Node other = nodes.node();
        Nodes.Pair pair = Nodes.connect(other, closing);
        closing.onMessage((connection, message) -> {
            connection.send(Payloads.numbered(2, 8));
            connection.close();
            assertEquals(SendResult.CLOSING, connection.send(Payloads.numbered(3, 8)));
        });

        pair.dialled().send(Payloads.numbered(1, 8));

        assertEquals(
                CloseEnding.CLEAN,
                Await.of(pair.accepted().closed(), "the close").ending());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, other.nextReport().reason());
        assertEquals(List.of(2), Payloads.numbersOf(other.takeReceived()), "what was sent before the close");
    }

    @Test
    void fromAnOutcomeListener() throws IOException {
        Node other = nodes.node();
        Connection connection = Nodes.connect(dialling(), other).dialled();
        CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        connection.send(
                Payloads.numbered(1, 8),
                (message, outcome) -> connection.close().thenAccept(closed::complete));

        CloseReport report = Await.of(closed, "the close");
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(1, report.account().count(Outcome.WRITTEN));
    }

    @Test
    void fromAnOutcomeListenerThatTheCloseItselfCalls() throws IOException {
        try (RawListener listener = new RawListener(4 * 1024)) {
            Connection connection = stuck(listener);
            CountDownLatch told = new CountDownLatch(100);
            for (int number = 0; number < 100; number++) {
                connection.send(Payloads.numbered(number, 8), (message, outcome) -> {
                    connection.close();
                    connection.abort();
                    told.countDown();
                });
            }

            connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMillis(100));

            Await.zero(told, "outcomes");
            assertEquals(
                    DisconnectReason.STALE_CONNECTION,
                    Await.of(connection.closed(), "the close").reason());
        }
    }

    @Test
    void fromTheStageThatTellsItIsOpen() throws IOException {
        Node node = dialling();
        CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        node.network()
                .dial(nodes.node().listen())
                .opened()
                .thenCompose(Connection::close)
                .thenAccept(closed::complete);

        assertEquals(CloseEnding.CLEAN, Await.of(closed, "the close").ending());
    }

    @Test
    void fromAnActionThatWaitedForRoom() throws IOException {
        Connection connection = Nodes.connect(dialling(), nodes.node()).dialled();
        CompletableFuture<ConnectionState> states = new CompletableFuture<>();

        connection.onRoom(Payloads.numbered(0, 8), () -> {
            connection.close();
            states.complete(connection.state());
        });

        assertEquals(ConnectionState.OPEN, Await.of(states, "the action"), "closing goes on after the action");
        assertEquals(
                CloseEnding.CLEAN, Await.of(connection.closed(), "the close").ending());
    }

    @Test
    void theWholeNetworkFromAHandler() throws IOException {
        Node closing = nodes.node();
        Node other = nodes.node();
        Nodes.Pair pair = Nodes.connect(other, closing);
        closing.onMessage((connection, message) -> closing.network().shutdown());

        pair.dialled().send(Payloads.numbered(1, 8));

        assertEquals(
                DisconnectReason.NETWORK_SHUTDOWN,
                Await.of(pair.accepted().closed(), "the close").reason());
    }

    @Test
    void againAndAgainFromManyThreads() throws Exception {
        Node other = nodes.node();
        Connection connection = Nodes.connect(dialling(), other).dialled();
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

        CloseReport first = Await.of(closes.get(0), "the close");

        for (CompletableFuture<CloseReport> close : closes) {
            assertSame(first, Await.of(close, "the close"));
        }
        assertSame(first, Await.of(connection.close(DisconnectReason.STALE_CONNECTION), "a late close"));
        assertSame(first, Await.of(connection.abort(), "a late abort"));
        for (Thread closer : closers) {
            closer.join();
        }
    }

    @Test
    void withAShorterDeadlineWhichWins() throws IOException {
        try (RawListener listener = new RawListener(4 * 1024)) {
            Connection connection = stuck(listener);

            connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMinutes(4));
            connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMillis(100));
            connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMinutes(3));

            CloseReport report = Await.of(connection.closed(), "the close");
            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertEquals(DisconnectReason.STALE_CONNECTION, report.reason(), "the first reason stays");
        }
    }

    @Test
    void withNoTimeAtAll() throws IOException {
        try (RawListener listener = new RawListener(4 * 1024)) {
            Connection connection = stuck(listener);
            long accepted = connection.account().total().accepted();

            CloseReport report =
                    Await.of(connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ZERO), "the close");

            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertEquals(
                    accepted - report.account().count(Outcome.WRITTEN),
                    report.returned().size());
        }
    }

    @Test
    void whileADialGoesUnanswered() throws IOException {
        try (UnansweredAddress unanswered = unanswered()) {
            Connection connection = dialling().network().dial(unanswered.address());
            assertEquals(SendResult.NOT_CONNECTED, connection.send(Payloads.numbered(0, 8)));

            CloseReport report = Await.of(connection.close(), "the close");

            assertEquals(0, report.account().total().accepted());
            Await.failure(connection.opened(), "the dial");
            assertEquals(ConnectionState.CLOSED, connection.state());
        }
    }

    @Test
    void theWholeNetworkWhileADialGoesUnanswered() throws IOException {
        Node node = dialling();
        try (UnansweredAddress unanswered = unanswered()) {
            Connection connection = node.network().dial(unanswered.address());

            Await.of(node.network().shutdown(), "the shutdown");

            assertEquals(
                    DisconnectReason.NETWORK_SHUTDOWN,
                    Await.of(connection.closed(), "the end").reason());
        }
    }

    @Test
    void bothEndsAtTheSameMomentLosesNothing() throws Exception {
        Node one = nodes.node();
        Node two = nodes.node();
        InetSocketAddress address = two.listen();
        for (int round = 0; round < 100; round++) {
            Connection dialled = one.connect(address);
            Connection accepted = two.nextConnection();
            for (int number = 0; number < 20; number++) {
                assertEquals(SendResult.ACCEPTED, dialled.send(Payloads.numbered(number, 1000)));
                assertEquals(SendResult.ACCEPTED, accepted.send(Payloads.numbered(number, 1000)));
            }

            dialled.close();
            accepted.close();

            assertEquals(20, Await.of(dialled.closed(), "one end").account().count(Outcome.WRITTEN));
            assertEquals(
                    20, Await.of(accepted.closed(), "the other end").account().count(Outcome.WRITTEN));
            assertEquals(Payloads.upTo(20), Payloads.numbersOf(one.takeReceived()));
            assertEquals(Payloads.upTo(20), Payloads.numbersOf(two.takeReceived()));
        }
    }

    @Test
    void byAnAbortWhileThePeerDoesNotRead() throws IOException {
        try (RawListener listener = new RawListener(4 * 1024)) {
            Connection connection = stuck(listener);

            CloseReport report = Await.of(connection.abort(), "the abort");

            assertEquals(CloseEnding.ERROR, report.ending());
            assertTrue(report.account().balanced());
            assertTrue(report.account().count(Outcome.UNSENT) > 0, report::toString);
        }
    }

    /** A connection to a peer that does not read, with more to write than the sockets take. */
    private Connection stuck(RawListener listener) throws IOException {
        Node node = nodes.node(builder -> builder.transport(nodes.transport(t -> t.sendBufferBytes(4 * 1024)))
                .limits(Nodes.outboxOf(10_000)));
        CompletableFuture<Connection> open =
                node.network().dial(listener.address()).opened().toCompletableFuture();
        peer = listener.acceptPeer();
        peer.send(WireBytes.handshake(4, 0, 1));
        Connection connection = Await.of(open, "the connection");
        for (int number = 0; number < 5_000; number++) {
            assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(number, 1000)));
        }
        return connection;
    }

    private static UnansweredAddress unanswered() throws IOException {
        return UnansweredAddress.like(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .orElseThrow();
    }
}
