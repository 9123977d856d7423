/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.HandOvers;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.fixture.Reports;
import io.softclose.net.testkit.node.fixture.WaitingSender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is addressed to a peer outlives its connections, part of {@link NodeContract}. */
public interface PeerContract {
    /** It waits for the first connection, and goes before what is sent on that. */
    @Test
    default void whatIsSentToAPeerWaitsForItsConnection(Nodes nodes) throws IOException {
        Node sending = nodes.node();
        Node receiving = nodes.node();
        InetSocketAddress address = receiving.listen();
        Peer peer = sending.network().peer(receiving.idFor(sending, address));
        for (int number = 0; number < 100; number++) {
            assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(number, 100)));
        }

        Connection connection = sending.connect(peer, address);
        assertEquals(SendResult.ACCEPTED, connection.send(Numbered.message(100, 100)));

        for (int number = 0; number <= 100; number++) {
            assertEquals(number, Numbered.numberOf(receiving.nextMessage()));
        }
    }

    /**
     * What aborted connections leave goes to the next ones: in order, nothing twice, and the accounts balance. The receiver may
     * still be handling what an aborted one brought when the next one's messages come, so order is that of connections. Whoever listens hears of each
     * hand-over.
     */
    @Test
    default void whatAConnectionLeavesGoesToTheNext(Nodes nodes) throws IOException {
        int rounds = 10;
        int burst = 200;
        Node sending = nodes.node(nodes.transportOfSmallBuffers(), builder -> builder.limits(Nodes.outboxOf(4_000)));
        Node receiving = nodes.node();
        Map<Long, List<Integer>> received = new ConcurrentSkipListMap<>();
        CountDownLatch lastHandled = new CountDownLatch(1);
        receiving.onMessage((connection, message) -> {
            int number = Numbered.numberOf(message);
            received.computeIfAbsent(connection.id(), any -> new ArrayList<>()).add(number);
            if (number == rounds * burst) {
                lastHandled.countDown();
            }
        });
        InetSocketAddress address = receiving.listen();
        Peer peer = sending.network().peer(receiving.idFor(sending, address));
        HandOvers told = new HandOvers();
        long handedOver = 0;
        for (int round = 0; round < rounds; round++) {
            Connection connection = sending.connect(peer, address);
            for (int number = round * burst; number < (round + 1) * burst; number++) {
                assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(number, 500), told));
            }
            CloseReport report = Waiting.await(connection.abort(), "the end");
            assertEquals(List.of(), Reports.numbers(report, Outcome.UNSENT));
            handedOver += report.account().count(Outcome.HANDED_OVER);
        }
        Connection last = sending.connect(peer, address);
        assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(rounds * burst, 500)));
        Waiting.await(lastHandled, "the last message");
        Waiting.await(last.close(), "the close");
        Waiting.await(receiving.network().shutdown(), "the receiver's end");

        int before = -1;
        for (List<Integer> ofConnection : received.values()) {
            for (int number : ofConnection) {
                assertTrue(number > before, "after " + before + " came " + number);
                before = number;
            }
        }

        PeerAccount account = peer.account();
        assertTrue(account.balanced(), account::toString);
        assertEquals(handedOver, account.handedOver());
        assertEquals(handedOver, told.count());
        assertEquals(rounds * burst + 1, account.messages().total().accepted());
    }

    /** It never polls, and it is told of room at a connection and of room without one. Each time a connection is cut, it is under way. */
    @Test
    default void whoeverWaitsForRoomGetsEverythingInWhileConnectionsComeAndGo(Nodes nodes) throws IOException {
        int rounds = 8;
        int burst = 300;
        int messages = rounds * burst;
        Node sending = nodes.node(nodes.transportOfSmallBuffers(), builder -> builder.limits(Nodes.outboxOf(16)));
        Node receiving = nodes.node();
        CountDownLatch lastHandled = new CountDownLatch(1);
        receiving.onMessage((connection, message) -> {
            if (Numbered.numberOf(message) == messages - 1) {
                lastHandled.countDown();
            }
        });
        InetSocketAddress address = receiving.listen();
        Peer peer = sending.network().peer(receiving.idFor(sending, address));
        WaitingSender sender = new WaitingSender(peer, rounds, burst);
        sender.begin();

        for (int round = 0; round < rounds - 1; round++) {
            Connection connection = sending.connect(peer, address);
            Waiting.await(sender.sent(round), "burst " + round);
            Waiting.await(connection.abort(), "the end");
        }
        Connection last = sending.connect(peer, address);
        Waiting.await(sender.sent(rounds - 1), "the last burst");
        Waiting.await(lastHandled, "the last message");
        Waiting.await(last.close(), "the close");

        PeerAccount account = peer.account();
        assertEquals(messages, account.messages().total().accepted());
        assertEquals(0, account.messages().count(Outcome.UNSENT));
        assertTrue(account.balanced(), account::toString);
        assertTrue(sender.waits() > rounds, "waited " + sender.waits() + " times");
    }

    /** Whoever is not told waits for ever. */
    @Test
    default void whoeverWaitsForRoomIsToldThatTheNetworkShutsDown(Nodes nodes) {
        Node sending = nodes.node(builder -> builder.limits(Nodes.outboxOf(1)));
        Peer peer = sending.network().peer(PeerId.random());
        assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(1, 8), (message, outcome) -> {}));
        CompletableFuture<SendResult> told = new CompletableFuture<>();
        peer.onRoom(Numbered.message(2, 8), () -> told.complete(peer.send(Numbered.message(2, 8))));

        Waiting.await(sending.network().shutdown(), "the shutdown");

        assertEquals(SendResult.CLOSING, Waiting.await(told, "room"));
    }
}
