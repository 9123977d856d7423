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
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.fixture.Reports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        Peer peer = sending.network().peer(idOf(receiving, sending, address));
        for (int number = 0; number < 100; number++) {
            assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(number, 100)));
        }

        Connection connection = dial(sending, peer, address);
        assertEquals(SendResult.ACCEPTED, connection.send(Numbered.message(100, 100)));

        for (int number = 0; number <= 100; number++) {
            assertEquals(number, Numbered.numberOf(receiving.nextMessage()));
        }
    }

    /**
     * What aborted connections leave goes to the next ones: in order, nothing twice, and the accounts balance. The receiver may
     * still be handling what an aborted one brought when the next one's messages come, so order is that of connections.
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
        Peer peer = sending.network().peer(idOf(receiving, sending, address));
        long handedOver = 0;
        for (int round = 0; round < rounds; round++) {
            Connection connection = dial(sending, peer, address);
            for (int number = round * burst; number < (round + 1) * burst; number++) {
                assertEquals(SendResult.ACCEPTED, peer.send(Numbered.message(number, 500)));
            }
            CloseReport report = Waiting.await(connection.abort(), "the end");
            assertEquals(List.of(), Reports.numbers(report, Outcome.UNSENT));
            handedOver += report.account().count(Outcome.HANDED_OVER);
        }
        Connection last = dial(sending, peer, address);
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
        assertEquals(rounds * burst + 1, account.messages().total().accepted());
    }

    /** Who it proves to be, if anybody; else whom it may be taken for. */
    private static PeerId idOf(Node receiving, Node sending, InetSocketAddress address) {
        Connection connection = sending.connect(address);
        PeerId id = connection.provenPeer().orElse(receiving.network().peerId());
        Waiting.await(connection.close(), "the close");
        return id;
    }

    private static Connection dial(Node from, Peer to, InetSocketAddress address) {
        return Waiting.await(from.network().dial(to.peerId(), address).opened(), "the connection");
    }
}
