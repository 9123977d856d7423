/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.Kinds;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WireFrame;
import io.softclose.net.testkit.WirePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The promise of whole nodes over one kind of I/O. */
abstract class NodeContract {
    private static final byte[] HANDSHAKE = WireBytes.handshake(4, 0, 1);
    /** So small that the kernels hold little of what is sent. */
    private static final int SOCKET_BUFFER = 4 * 1024;
    /** What the kernels of both ends make of that, at most, and less than a link takes ahead of them. */
    private static final int KERNEL_BYTES = 96 * 1024;

    @RegisterExtension
    private final Nodes nodes;

    NodeContract(IoKind io) {
        nodes = new Nodes(Kinds.requireAvailable(io));
    }

    @Test
    void aGracefulCloseLosesNothingInEitherDirectionWhileThePeerKeepsSending() throws Exception {
        int messages = 20_000;
        Node closing = nodes.node(messages);
        Node talking = nodes.node(1_000);
        Connection connection = closing.connect(talking.listen());
        Connection others = talking.nextConnection();
        AtomicInteger said = new AtomicInteger();
        CountDownLatch talked = new CountDownLatch(1);
        Thread talker = new Thread(() -> {
            SendResult result = SendResult.ACCEPTED;
            while (result.accepted() || result == SendResult.OUTBOX_FULL) {
                result = others.send(Node.numbered(said.get(), 1_000));
                said.addAndGet(result.accepted() ? 1 : 0);
                talked.countDown();
            }
        });
        sendAll(connection, messages, 1_000);
        talker.start();
        Await.zero(talked, "talking");

        CloseReport report = Await.of(connection.close(), "the close");
        CloseReport other = Await.of(others.closed(), "the other end");

        talker.join();
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(messages, report.account().count(Outcome.WRITTEN));
        assertEquals(Node.upTo(messages), talking.takeReceived());
        assertEquals(said.get(), other.account().count(Outcome.WRITTEN));
        assertEquals(Node.upTo(said.get()), closing.takeReceived());
    }

    /** The kernels hold a few hundred of the messages; the rest passes through them as slowly as the peer reads. */
    @Test
    void aHundredThousandQueuedMessagesReachAReaderThatStartsOnlyWhenTheCloseHasBegun() throws Exception {
        int messages = 100_000;
        Node node = nodes.node(messages, settings -> settings.sendBufferBytes(SOCKET_BUFFER));
        try (Raw raw = new Raw(node)) {
            sendAll(raw.connection, messages, 16);

            CompletionStage<CloseReport> closed = raw.connection.close();
            for (int number = 0; number < messages; number++) {
                assertEquals(Optional.of(number), raw.nextNumber());
            }
            assertEquals(Optional.empty(), raw.nextNumber());
            raw.peer.endOutput();

            CloseReport report = Await.of(closed, "the close");
            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
        }
    }

    /** It ends its direction first; epoll has nothing to wait for then until we find the socket full. */
    @Test
    void aPeerThatHasEndedStillGetsEverythingThatWasQueued() throws Exception {
        int messages = 4_000;
        Node node = nodes.node(messages, settings -> settings.sendBufferBytes(SOCKET_BUFFER));
        try (Raw raw = new Raw(node)) {
            sendAll(raw.connection, messages, 4_096);

            raw.peer.endOutput();
            for (int number = 0; number < messages; number++) {
                assertEquals(Optional.of(number), raw.nextNumber());
            }
            assertEquals(Optional.empty(), raw.nextNumber());

            CloseReport report = Await.of(raw.connection.closed(), "the close");
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
        }
    }

    /** Of a batch on its way no more is WRITTEN than the kernels can have, and nothing that arrived is UNSENT. */
    @Test
    void aPeerThatResetsWhileTheSocketIsFullLeavesEveryMessageAccountedFor() throws Exception {
        int messages = 2_000;
        int size = 500;
        Node node = nodes.node(messages, settings -> settings.sendBufferBytes(SOCKET_BUFFER));
        for (int round = 0; round < 20; round++) {
            try (Raw raw = new Raw(node)) {
                sendAll(raw.connection, messages, size);
                int read = round * 7;
                for (int number = 0; number < read; number++) {
                    assertEquals(Optional.of(number), raw.nextNumber());
                }

                raw.peer.reset();

                CloseReport report = Await.of(raw.connection.closed(), "the end");
                assertEquals(CloseEnding.ERROR, report.ending());
                assertWrittenThenUncertainThenUnsent(report, messages);
                assertTrue(numbers(report, Outcome.UNSENT).get(0) >= read, "UNSENT, and yet it arrived");
                long written = report.account().count(Outcome.WRITTEN);
                assertTrue((written - read) * size < KERNEL_BYTES, () -> read + " read: " + report);
            }
        }
    }

    /** Whatever its handler had is not said to be safe to send again. */
    @Test
    void nothingThatThePeersHandlerHadIsUnsentAfterItAborts() throws Exception {
        int messages = 5_000;
        Node sending = nodes.node(messages);
        Node aborting = nodes.node(1);
        InetSocketAddress address = aborting.listen();
        for (int round = 0; round < 20; round++) {
            int most = 1 + round * 50;
            aborting.onMessage((connection, message) -> {
                if (Node.numberOf(message) == most) {
                    connection.abort();
                }
            });
            Connection connection = sending.connect(address);
            int sent = sendUntilRefused(connection, messages);

            CloseReport report = Await.of(connection.closed(), "the end");
            Await.of(aborting.nextConnection().closed(), "the other end");
            List<Integer> had = aborting.takeReceived();

            assertWrittenThenUncertainThenUnsent(report, sent);
            List<Integer> unsent = numbers(report, Outcome.UNSENT);
            assertEquals(Node.upTo(had.size()), had);
            assertTrue(unsent.isEmpty() || unsent.get(0) >= had.size(), report::toString);
        }
    }

    /** Each message that was accepted has its one outcome, and the peer has those that were written. */
    @Test
    void aCloseInTheMidstOfSendersLosesNothing() throws Exception {
        int senders = 4;
        int each = 1_000_000;
        Node sending = nodes.node(300);
        Node receiving = nodes.node(1);
        InetSocketAddress address = receiving.listen();
        for (int round = 0; round < 30; round++) {
            Connection connection = sending.connect(address);
            Connection others = receiving.nextConnection();
            CountDownLatch started = new CountDownLatch(senders);
            List<CompletableFuture<Integer>> accepted = IntStream.range(0, senders)
                    .mapToObj(sender -> CompletableFuture.supplyAsync(
                            () -> {
                                started.countDown();
                                return sendUntilClosing(connection, sender * each);
                            },
                            // The common pool may have fewer threads than there are senders.
                            task -> new Thread(task).start()))
                    .toList();
            Await.zero(started, "senders");

            CloseReport report = Await.of(connection.close(), "the close");

            Await.of(others.closed(), "the other end");
            int all =
                    accepted.stream().mapToInt(one -> Await.of(one, "a sender")).sum();
            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(all, report.account().total().accepted());
            assertEquals(all, report.account().count(Outcome.WRITTEN));
            List<Integer> received = receiving.takeReceived();
            assertEquals(all, received.size());
            assertEquals(all, received.stream().distinct().count());
        }
    }

    @Test
    void shutdownInTheMidstOfTrafficLeavesNoThreadAndNoBuffer() throws Exception {
        Node there = nodes.node(10_000);
        Node back = nodes.node(10_000);
        InetSocketAddress address = back.listen();
        for (int i = 0; i < 20; i++) {
            Connection connection = there.connect(address);
            sendAll(connection, 100, 10_000);
            sendAll(back.nextConnection(), 100, 10_000);
        }

        nodes.shutdown();

        assertFalse(there.disconnected.isEmpty());
    }

    private static void sendAll(Connection connection, int count, int size) {
        for (int number = 0; number < count; number++) {
            assertEquals(SendResult.ACCEPTED, connection.send(Node.numbered(number, size)));
        }
    }

    private static int sendUntilRefused(Connection connection, int most) {
        int number = 0;
        while (number < most && connection.send(Node.numbered(number, 1_000)).accepted()) {
            number++;
        }
        return number;
    }

    /** How many messages were accepted. */
    private static int sendUntilClosing(Connection connection, int first) {
        int number = first;
        for (SendResult result = SendResult.ACCEPTED; result.accepted() || result == SendResult.OUTBOX_FULL; ) {
            result = connection.send(Node.numbered(number, 8));
            number += result.accepted() ? 1 : 0;
        }
        return number - first;
    }

    private static void assertWrittenThenUncertainThenUnsent(CloseReport report, int accepted) {
        int written = (int) report.account().count(Outcome.WRITTEN);
        List<Integer> left = new ArrayList<>(numbers(report, Outcome.UNCERTAIN));
        left.addAll(numbers(report, Outcome.UNSENT));
        assertEquals(Node.upTo(accepted).subList(written, accepted), left);
    }

    private static List<Integer> numbers(CloseReport report, Outcome outcome) {
        return report.returned().stream()
                .filter(returned -> returned.outcome() == outcome)
                .map(ReturnedMessage::message)
                .map(Node::numberOf)
                .toList();
    }

    /** A peer on a blocking socket with a small buffer, that a node has dialled. */
    private static final class Raw implements AutoCloseable {
        private final ServerSocket server = new ServerSocket();
        final WirePeer peer;
        final Connection connection;

        Raw(Node node) throws IOException {
            server.setReceiveBufferSize(SOCKET_BUFFER);
            server.setSoTimeout((int) Await.SAFETY_NET.toMillis());
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletionStage<Connection> opened =
                    node.network().dial(server.getLocalSocketAddress()).opened();
            peer = new WirePeer(server.accept());
            peer.send(HANDSHAKE);
            peer.readHandshake();
            connection = Await.of(opened, "the connection");
        }

        /** The next message's number; empty after the last. */
        Optional<Integer> nextNumber() throws IOException {
            return peer.readFrame().map(frame -> Node.numberOf(((WireFrame.DirectSend) frame).payload()));
        }

        @Override
        public void close() throws IOException {
            peer.close();
            server.close();
        }
    }
}
