/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Receiving;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WireFrame;
import io.softclose.net.testkit.WirePeer;
import io.softclose.policy.drain.DropPolicy;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A peer that keeps talking while we close. Closing a socket with input unread makes the kernel answer with a reset,
 * and that destroys what was written and has not been read. A graceful close never lets it come to that.
 */
class TalkingPeerTest {
    private static final byte[] HANDSHAKE = WireBytes.handshake(4, 0, 1);
    private static final int SIZE = 1_000;

    @RegisterExtension
    private final Nodes nodes = new Nodes();

    @Test
    void aGracefulCloseLosesNothingInEitherDirectionWhileThePeerKeepsSending() throws Exception {
        int messages = 20_000;
        Node closing = nodes.node(builder -> builder.limits(Nodes.outboxOf(messages)));
        Node talking = nodes.node();
        Nodes.Pair pair = Nodes.connect(closing, talking);
        CountDownLatch talked = new CountDownLatch(1);
        AtomicInteger said = new AtomicInteger();
        Thread talker = new Thread(() -> {
            SendResult result = SendResult.ACCEPTED;
            while (result.accepted() || result == SendResult.OUTBOX_FULL) {
                result = pair.accepted().send(Payloads.numbered(said.get(), SIZE));
                said.addAndGet(result.accepted() ? 1 : 0);
                talked.countDown();
            }
        });
        for (int number = 0; number < messages; number++) {
            assertEquals(SendResult.ACCEPTED, pair.dialled().send(Payloads.numbered(number, SIZE)));
        }
        talker.start();
        Await.zero(talked, "talking");

        CloseReport report = Await.of(pair.dialled().close(), "the close");
        CloseReport other = Await.of(pair.accepted().closed(), "the other end");

        talker.join();
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(messages, report.account().count(Outcome.WRITTEN));
        assertEquals(Payloads.upTo(messages), Payloads.numbersOf(talking.takeReceived()));
        // The other end was told by our FIN, drained what it had accepted, and we read to its end.
        assertEquals(said.get(), other.account().count(Outcome.WRITTEN));
        assertEquals(Payloads.upTo(said.get()), Payloads.numbersOf(closing.takeReceived()));
    }

    @Test
    void whatThePeerWroteBeforeOurCloseIsStillDeliveredThoughNobodyWasReading() throws IOException {
        int messages = 200;
        Node closing = nodes.node();
        try (WirePeer peer = WirePeer.dial(closing.listen())) {
            peer.send(HANDSHAKE);
            Connection connection = closing.nextConnection();
            pause(connection);
            for (int number = 0; number < messages; number++) {
                peer.send(WireBytes.directSend(1, 0, Payloads.bytes(number, SIZE)));
            }
            CompletableFuture<CloseReport> closed = connection.close().toCompletableFuture();

            readToTheEnd(peer);
            peer.endOutput();

            CloseReport report = Await.of(closed, "the close");
            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(Payloads.upTo(messages), Payloads.numbersOf(closing.takeReceived()));
        }
    }

    /**
     * The peer has written to us and not read: our messages wait in the kernels. The graceful close ends its direction
     * and reads on, so that the peer finds every one of them.
     */
    @Test
    void aGracefulCloseLeavesWhatWasWrittenForThePeerToRead() throws IOException {
        int messages = 300;
        Unread unread = new Unread(Nodes.patient(), messages);
        try (WirePeer peer = unread.peer) {
            CompletableFuture<CloseReport> closed = unread.connection.close().toCompletableFuture();

            assertEquals(messages, readToTheEnd(peer));
            peer.endOutput();

            CloseReport report = Await.of(closed, "the close");
            assertTrue(report.clean(), report::toString);
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
        }
    }

    /** The contrast, and the reason why a report of written messages after such a parting is never clean. */
    @Test
    void partingAtOnceDestroysWhatThePeerHasNotReadAndTheReportIsNotClean() throws IOException {
        int messages = 300;
        Unread unread = new Unread(DropPolicy.defaults(), messages);
        try (WirePeer peer = unread.peer) {
            CloseReport report = Await.of(unread.connection.close(), "the close");

            assertEquals(CloseEnding.UNCONFIRMED, report.ending());
            assertFalse(report.clean());
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
            AtomicInteger read = new AtomicInteger();
            IOException reset = assertThrows(IOException.class, () -> {
                while (peer.readFrame().isPresent()) {
                    read.incrementAndGet();
                }
            });
            assertTrue(read.get() < messages, () -> "all " + messages + " messages were read in spite of: " + reset);
        }
    }

    /**
     * A connection with input that it has not read, to a peer that has not read what was written to it. The peer's
     * kernel holds a fraction of that; the rest waits in ours, which takes all of it.
     */
    private final class Unread {
        final WirePeer peer;
        final Connection connection;

        Unread(ClosePolicy policy, int messages) throws IOException {
            Node node = nodes.node(builder -> builder.closePolicy(policy)
                    .transport(nodes.transport(transport -> transport.sendBufferBytes(2 * messages * SIZE))));
            try (RawListener listener = new RawListener(4 * 1024)) {
                CompletableFuture<Connection> opened =
                        node.network().dial(listener.address()).opened().toCompletableFuture();
                peer = listener.acceptPeer();
                peer.send(HANDSHAKE);
                peer.readHandshake();
                connection = Await.of(opened, "the connection");
            }
            pause(connection);
            peer.send(WireBytes.directSend(1, 0, Payloads.bytes(1, SIZE)));
            CountDownLatch written = new CountDownLatch(messages);
            for (int number = 0; number < messages; number++) {
                assertEquals(
                        SendResult.ACCEPTED,
                        connection.send(Payloads.numbered(number, SIZE), (message, outcome) -> written.countDown()));
            }
            Await.zero(written, "written messages");
        }
    }

    /** Has the connection not read from here on. */
    private static void pause(Connection connection) {
        CompletableFuture<Void> paused = new CompletableFuture<>();
        connection.receive(Receiving.PAUSED);
        // A later task of the same loop.
        connection.onRoom(Payloads.numbered(0, SIZE), () -> paused.complete(null));
        Await.of(paused, "the pause");
    }

    private static int readToTheEnd(WirePeer peer) throws IOException {
        int frames = 0;
        for (Optional<WireFrame> frame = peer.readFrame(); frame.isPresent(); frame = peer.readFrame()) {
            frames++;
        }
        return frames;
    }
}
