/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.NetworkException;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WirePeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NetworkShutdownTest {
    @RegisterExtension
    private final Nodes nodes = new Nodes();

    @Test
    void bothNetworksAtOnceDeliverWhatTheyAccepted() throws IOException {
        Node one = nodes.node();
        Node two = nodes.node();
        InetSocketAddress address = two.listen();
        int connections = 5;
        for (int i = 0; i < connections; i++) {
            Connection dialled = one.connect(address);
            Connection accepted = two.nextConnection();
            for (int number = 0; number < 100; number++) {
                assertEquals(SendResult.ACCEPTED, dialled.send(Payloads.numbered(number, 1000)));
                assertEquals(SendResult.ACCEPTED, accepted.send(Payloads.numbered(number, 1000)));
            }
        }

        CompletionStage<ShutdownReport> first = one.network().shutdown();
        CompletionStage<ShutdownReport> second = two.network().shutdown();

        ShutdownReport report = Await.of(first, "one");
        assertEquals(connections, report.connections().size());
        assertTrue(report.balanced(), report::toString);
        // The second account leaves out what the first shutdown had closed at both ends before the second began.
        assertTrue(Await.of(second, "the other").balanced());
        for (int i = 0; i < connections; i++) {
            CloseReport other = two.nextReport();
            assertTrue(other.account().balanced(), other::toString);
        }
        assertEquals(100 * connections, one.takeReceived().size());
        assertEquals(100 * connections, two.takeReceived().size());
    }

    @Test
    void aNetworkThatMadeItsTransportByNameClosesIt() throws IOException {
        LeakChecks threads = LeakChecks.begin();
        Node one = nodes.nodeOn(builder -> builder.transport(NioTransport.NAME).closePolicy("graceful"));
        Node two = nodes.nodeOn(builder -> builder.transport(NioTransport.NAME).closePolicy("timed-drain"));
        Connection connection = Nodes.connect(one, two).dialled();
        assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(1, 8)));
        assertFalse(threads.startedSince().isEmpty());

        Await.of(one.network().shutdown(), "one shutdown");
        Await.of(two.network().shutdown(), "the other shutdown");

        assertEquals(List.of(1), Payloads.numbersOf(two.takeReceived()));
        threads.assertNoThreadLeft();
    }

    @Test
    void aTransportOfTheUsersOwnStaysOpenForItsOtherNetworks() throws IOException {
        NioTransport transport = nodes.transport(builder -> builder);
        Node ended = nodes.nodeOn(builder -> builder.transport(transport));
        Node other = nodes.nodeOn(builder -> builder.transport(transport));
        Node peer = nodes.node();
        ended.connect(peer.listen());

        Await.of(ended.network().shutdown(), "the shutdown");

        Connection connection = other.connect(peer.listen());
        assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(2, 8)));
        assertEquals(2, Payloads.numberOf(peer.nextMessage()));
    }

    @Test
    void twoNetworksOfOneTransportAndOneLoopCloseEachOther() throws IOException {
        NioTransport transport = nodes.transport(builder -> builder.loops(1));
        Node one = nodes.nodeOn(builder -> builder.transport(transport));
        Node two = nodes.nodeOn(builder -> builder.transport(transport));
        Nodes.Pair pair = Nodes.connect(one, two);
        assertEquals(SendResult.ACCEPTED, pair.dialled().send(Payloads.numbered(1, 8)));

        one.network().shutdown();
        two.network().shutdown();

        assertTrue(Await.of(one.network().shutdown(), "one shutdown").balanced());
        assertTrue(Await.of(two.network().shutdown(), "the other shutdown").balanced());
        assertEquals(List.of(1), Payloads.numbersOf(two.takeReceived()));
    }

    @Test
    void aNetworkThatIsShutDownDialsAndListensNoMore() throws IOException {
        Node node = nodes.node();
        InetSocketAddress address = node.listen();

        ShutdownReport report = Await.of(node.network().shutdown(), "the shutdown");

        assertSame(report, Await.of(node.network().shutdown(), "again"));
        assertThrows(NetworkException.class, node::listen);
        assertThrows(NetworkException.class, () -> node.network().dial(address));
        assertThrows(IOException.class, () -> WirePeer.dial(address));
    }

    @Test
    void aShorterBudgetWins() throws IOException {
        Node node = nodes.node(builder -> builder.limits(Nodes.outboxOf(20_000)));
        try (WirePeer stuck = WirePeer.dial(node.listen())) {
            stuck.send(WireBytes.handshake(4, 0, 1));
            Connection connection = node.nextConnection();
            for (int number = 0; number < 20_000; number++) {
                assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(number, 1000)));
            }

            CompletionStage<ShutdownReport> shutdown = node.network().shutdown(Duration.ofMinutes(5));
            node.network().shutdown(Duration.ofMillis(100));

            CloseReport report =
                    Await.of(shutdown, "the shutdown").connections().get(0);
            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertEquals(DisconnectReason.NETWORK_SHUTDOWN, report.reason());
            assertTrue(report.account().balanced(), report::toString);
        }
    }

    @Test
    void closingTheTransportUnderOpenConnectionsStillAccountsForEveryMessage() throws IOException {
        NioTransport transport = nodes.transport(builder -> builder);
        Node node = nodes.nodeOn(builder -> builder.transport(transport));
        Connection connection = Nodes.connect(node, nodes.node()).dialled();
        for (int number = 0; number < 100; number++) {
            assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(number, 1000)));
        }

        transport.close();

        CloseReport report = Await.of(connection.closed(), "the end");
        assertEquals(CloseEnding.ERROR, report.ending());
        assertTrue(report.account().balanced(), report::toString);
        assertEquals(
                100, report.account().count(Outcome.WRITTEN) + report.returned().size());
        assertEquals(SendResult.NOT_CONNECTED, connection.send(Payloads.numbered(0, 8)));
        assertSame(report, Await.of(connection.close(), "a late close"));
        assertTrue(Await.of(node.network().shutdown(), "the shutdown").balanced());
    }

    /**
     * Each round closes the transport while four threads send. A send accepted at the very end finds no loop any more
     * that would wake for it; it has its outcome all the same.
     */
    @Test
    void closingTheTransportUnderSendersLosesNoOutcome() throws Exception {
        Node peer = nodes.node();
        peer.onMessage((connection, message) -> {});
        InetSocketAddress address = peer.listen();
        for (int round = 0; round < 100; round++) {
            NioTransport transport = nodes.transport(builder -> builder.loops(1));
            Node node = nodes.nodeOn(builder -> builder.transport(transport));
            Connection connection = node.connect(address);
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger outcomes = new AtomicInteger();
            CountDownLatch sending = new CountDownLatch(4);
            List<Thread> senders = new ArrayList<>();
            List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                Thread sender = new Thread(() -> {
                    Message message = Payloads.numbered(1, 8);
                    SendResult result = SendResult.ACCEPTED;
                    while (result.accepted() || result == SendResult.OUTBOX_FULL) {
                        result = connection.send(message, (same, outcome) -> outcomes.incrementAndGet());
                        accepted.addAndGet(result.accepted() ? 1 : 0);
                        sending.countDown();
                    }
                });
                sender.setUncaughtExceptionHandler((thread, failure) -> thrown.add(failure));
                senders.add(sender);
                sender.start();
            }
            Await.zero(sending, "senders");

            transport.close();

            for (Thread sender : senders) {
                sender.join(Await.SAFETY_NET.toMillis());
            }
            assertEquals(List.of(), thrown);
            CloseReport report = Await.of(connection.closed(), "the end");
            assertTrue(report.account().balanced(), report::toString);
            assertEquals(accepted.get(), report.account().total().accepted());
            assertEquals(accepted.get(), outcomes.get());
        }
    }
}
