/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Network;
import io.softclose.net.NetworkException;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.DialledPeer;
import io.softclose.net.testkit.node.peer.Talker;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Shutting networks down, and closing transports under them; part of {@link NodeContract}. */
public interface ShutdownContract {
    @Test
    default void twoShutdownsAtOnceDeliverWhatWasAccepted(Nodes nodes) throws IOException {
        Node one = nodes.node();
        Node two = nodes.node();
        InetSocketAddress address = two.listen();
        int connections = 5;
        for (int i = 0; i < connections; i++) {
            Connection dialled = one.connect(address);
            Connection accepted = two.nextConnection();
            Numbered.sendAll(dialled, 100, 1_000);
            Numbered.sendAll(accepted, 100, 1_000);
        }

        CompletionStage<ShutdownReport> first = one.network().shutdown();
        CompletionStage<ShutdownReport> second = two.network().shutdown();

        ShutdownReport report = Waiting.await(first, "one");
        assertEquals(connections, report.connections().size());
        assertTrue(report.balanced(), report::toString);
        // The second account leaves out what the first shutdown had closed at both ends before the second began.
        assertTrue(Waiting.await(second, "the other").balanced());
        for (int i = 0; i < connections; i++) {
            CloseReport other = two.nextReport();
            assertTrue(other.account().balanced(), other::toString);
        }
        assertEquals(100 * connections, one.takeReceived().size());
        assertEquals(100 * connections, two.takeReceived().size());
    }

    @Test
    default void aNetworkInATryBlockIsShutDownBehindIt(Nodes nodes) throws IOException {
        Node one = nodes.node();
        Node two = nodes.node();
        Connection dialled = one.connect(two.listen());

        try (Network network = one.network()) {
            assertEquals(List.of(dialled), network.connections());
            Numbered.sendAll(dialled, 100, 1_000);
        }

        ShutdownReport report = one.network().shutdown().toCompletableFuture().getNow(null);
        assertEquals(100, report.connections().get(0).account().count(Outcome.WRITTEN));
        assertEquals(100, two.takeReceived().size());
    }

    @Test
    default void aTransportOfTheUsersOwnStaysOpenForItsOtherNetworks(Nodes nodes) throws IOException {
        Transport transport = nodes.transport();
        Node ended = nodes.node(transport, builder -> builder);
        Node other = nodes.node(transport, builder -> builder);
        Node peer = nodes.node();
        ended.connect(peer.listen());

        Waiting.await(ended.network().shutdown(), "the shutdown");

        Connection connection = other.connect(peer.listen());
        assertEquals(SendResult.ACCEPTED, connection.send(Numbered.message(2, 8)));
        assertEquals(2, Numbered.numberOf(peer.nextMessage()));
    }

    @Test
    default void twoNetworksOfOneTransportAndOneLoopCloseEachOther(Nodes nodes) throws IOException {
        Transport transport = nodes.transportOfOneLoop();
        Node one = nodes.node(transport, builder -> builder);
        Node two = nodes.node(transport, builder -> builder);
        Nodes.Pair pair = Nodes.connect(one, two);
        assertEquals(SendResult.ACCEPTED, pair.dialled().send(Numbered.message(1, 8)));

        one.network().shutdown();
        two.network().shutdown();

        assertTrue(Waiting.await(one.network().shutdown(), "one shutdown").balanced());
        assertTrue(Waiting.await(two.network().shutdown(), "the other shutdown").balanced());
        assertEquals(List.of(1), Numbered.numbersOf(two.takeReceived()));
    }

    @Test
    default void aNetworkThatIsShutDownDialsAndListensNoMore(Nodes nodes) throws IOException {
        Node node = nodes.node();
        InetSocketAddress address = node.listen();

        ShutdownReport report = Waiting.await(node.network().shutdown(), "the shutdown");

        assertSame(report, Waiting.await(node.network().shutdown(), "again"));
        assertThrows(NetworkException.class, node::listen);
        assertThrows(NetworkException.class, () -> node.network().dial(address));
        assertThrows(IOException.class, () -> WirePeer.dial(address));
    }

    @Test
    default void aShutdownWithAShorterBudgetWins(Nodes nodes) throws IOException {
        Node node = nodes.node(builder -> builder.limits(Nodes.outboxOf(20_000)));
        try (DialledPeer stuck = new DialledPeer(node)) {
            Numbered.sendAll(stuck.connection, 20_000, 1_000);

            CompletionStage<ShutdownReport> shutdown = node.network().shutdown(Duration.ofMinutes(5));
            node.network().shutdown(Duration.ofMillis(100));

            CloseReport report =
                    Waiting.await(shutdown, "the shutdown").connections().get(0);
            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertEquals(DisconnectReason.NETWORK_SHUTDOWN, report.reason());
            assertTrue(report.account().balanced(), report::toString);
        }
    }

    @Test
    default void closingTheTransportUnderOpenConnectionsStillAccountsForEveryMessage(Nodes nodes) throws IOException {
        Transport transport = nodes.transport();
        Node node = nodes.node(transport, builder -> builder);
        Connection connection = Nodes.connect(node, nodes.node()).dialled();
        Numbered.sendAll(connection, 100, 1_000);

        transport.close();

        CloseReport report = Waiting.await(connection.closed(), "the end");
        assertEquals(CloseEnding.ERROR, report.ending());
        assertTrue(report.account().balanced(), report::toString);
        assertEquals(
                100, report.account().count(Outcome.WRITTEN) + report.returned().size());
        assertEquals(SendResult.NOT_CONNECTED, connection.send(Numbered.message(0, 8)));
        assertSame(report, Waiting.await(connection.close(), "a late close"));
        assertTrue(Waiting.await(node.network().shutdown(), "the shutdown").balanced());
    }

    /**
     * Each round closes the transport while four threads send. A message accepted at the very end finds no loop left to
     * wake, and still has its outcome.
     */
    @Test
    default void closingTheTransportUnderSendersLosesNoOutcome(Nodes nodes) throws Exception {
        Node peer = nodes.node();
        peer.onMessage((connection, message) -> {});
        InetSocketAddress address = peer.listen();
        for (int round = 0; round < 100; round++) {
            Transport transport = nodes.transportOfOneLoop();
            Node node = nodes.node(transport, builder -> builder);
            Connection connection = node.connect(address);
            AtomicInteger outcomes = new AtomicInteger();
            List<Talker> senders = IntStream.range(0, 4)
                    .mapToObj(sender -> Talker.start(number -> connection.send(
                            Numbered.message(number, 8), (message, outcome) -> outcomes.incrementAndGet())))
                    .toList();

            transport.close();

            int accepted = senders.stream().mapToInt(Talker::awaitEnd).sum();
            CloseReport report = Waiting.await(connection.closed(), "the end");
            assertTrue(report.account().balanced(), report::toString);
            assertEquals(accepted, report.account().total().accepted());
            assertEquals(accepted, outcomes.get());
        }
    }

    @Test
    default void aShutdownInTheMidstOfTrafficLeavesNothingBehind(Nodes nodes) throws IOException {
        Node there = nodes.node();
        Node back = nodes.node();
        InetSocketAddress address = back.listen();
        for (int i = 0; i < 20; i++) {
            Numbered.sendAll(there.connect(address), 100, 10_000);
            Numbered.sendAll(back.nextConnection(), 100, 10_000);
        }

        ShutdownReport report = Waiting.await(there.network().shutdown(Duration.ofMillis(1)), "the shutdown");

        assertEquals(20, report.connections().size());
        assertTrue(report.balanced(), report::toString);
    }
}
