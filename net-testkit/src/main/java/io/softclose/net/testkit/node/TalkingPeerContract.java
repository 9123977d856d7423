/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.CarelessPolicy;
import io.softclose.net.testkit.node.peer.DialledPeer;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.node.peer.Talker;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A peer that keeps talking while we close. Closing a socket with input unread makes the kernel answer with a reset,
 * and that destroys what was written and has not been read. A graceful close never lets it come to that. Part of {@link
 * NodeContract}.
 */
public interface TalkingPeerContract {
    /** Messages of 1 000 bytes that a kernel takes though the peer reads nothing: some are set to take 128 KiB unsent. */
    int HELD_BY_KERNELS = 120;

    @Test
    default void aGracefulCloseLosesNothingInEitherDirectionWhileThePeerKeepsSending(Nodes nodes) throws Exception {
        int messages = 20_000;
        Node closing = nodes.node(builder -> builder.limits(Nodes.outboxOf(messages)));
        Node talking = nodes.node();
        Nodes.Pair pair = Nodes.connect(closing, talking);
        Numbered.sendAll(pair.dialled(), messages, 1_000);
        Talker talker = Talker.start(number -> pair.accepted().send(Numbered.message(number, 1_000)));

        CloseReport report = Waiting.await(pair.dialled().close(), "the close");
        CloseReport other = Waiting.await(pair.accepted().closed(), "the other end");

        int said = talker.awaitEnd();
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(messages, report.account().count(Outcome.WRITTEN));
        assertEquals(Numbered.upTo(messages), Numbered.numbersOf(talking.takeReceived()));
        // The other end was told by our FIN, drained what it had accepted, and we read to its end.
        assertEquals(said, other.account().count(Outcome.WRITTEN));
        assertEquals(Numbered.upTo(said), Numbered.numbersOf(closing.takeReceived()));
    }

    @Test
    default void whatThePeerWroteBeforeOurCloseIsStillDeliveredThoughNobodyWasReading(Nodes nodes) throws IOException {
        int messages = 200;
        Node closing = nodes.node();
        try (WirePeer peer = Peers.open(closing)) {
            Connection connection = closing.nextConnection();
            pause(connection);
            for (int number = 0; number < messages; number++) {
                peer.send(Peers.numbered(number, 1_000));
            }
            CompletionStage<CloseReport> closed = connection.close();

            assertEquals(List.of(), Peers.readNumbers(peer));
            peer.endOutput();

            CloseReport report = Waiting.await(closed, "the close");
            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(Numbered.upTo(messages), Numbered.numbersOf(closing.takeReceived()));
        }
    }

    /**
     * The peer has written to us and not read: our messages wait in the kernels. The graceful close ends its direction
     * and reads on, so that the peer finds every one of them.
     */
    @Test
    default void aGracefulCloseLeavesWhatWasWrittenForThePeerToRead(Nodes nodes) throws IOException {
        int messages = HELD_BY_KERNELS;
        try (DialledPeer unread = unread(nodes, builder -> builder, messages)) {
            CompletionStage<CloseReport> closed = unread.connection.close();

            assertEquals(Numbered.upTo(messages), Peers.readNumbers(unread.peer));
            unread.peer.endOutput();

            CloseReport report = Waiting.await(closed, "the close");
            assertTrue(report.clean(), report::toString);
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
        }
    }

    /** The contrast, and the reason why a report of written messages after such a parting is never clean. */
    @Test
    default void partingAtOnceDestroysWhatThePeerHasNotReadAndTheReportIsNotClean(Nodes nodes) throws IOException {
        int messages = HELD_BY_KERNELS;
        try (DialledPeer unread = unread(nodes, builder -> builder.closePolicy(new CarelessPolicy()), messages)) {
            CloseReport report = Waiting.await(unread.connection.close(), "the close");

            assertEquals(CloseEnding.UNCONFIRMED, report.ending());
            assertFalse(report.clean());
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
            if (nodes.resetsUnreadInput()) {
                AtomicInteger read = new AtomicInteger();
                IOException reset = assertThrows(IOException.class, () -> {
                    while (unread.peer.readFrame().isPresent()) {
                        read.incrementAndGet();
                    }
                });
                assertTrue(read.get() < messages, () -> "all " + messages + " messages were read in spite of " + reset);
            }
        }
    }

    /**
     * A connection with input that it has not read, to a peer that has not read what was written to it. The peer's
     * kernel holds a fraction of that; the rest waits in ours, which takes all of it. The input is more than a read takes
     * that had begun before the pause.
     */
    private static DialledPeer unread(Nodes nodes, UnaryOperator<NetworkBuilder> settings, int messages)
            throws IOException {
        int size = 1_000;
        Node node = nodes.node(nodes.transportWithSendBuffers(2 * messages * size), settings);
        DialledPeer unread = new DialledPeer(node);
        pause(unread.connection);
        unread.peer.send(Peers.numbered(1, 300 * size));
        CountDownLatch written = new CountDownLatch(messages);
        for (int number = 0; number < messages; number++) {
            SendResult result =
                    unread.connection.send(Numbered.message(number, size), (message, outcome) -> written.countDown());
            assertEquals(SendResult.ACCEPTED, result);
        }
        Waiting.await(written, "written messages");
        return unread;
    }

    /** Has the connection not read from here on. */
    private static void pause(Connection connection) {
        CompletableFuture<Void> paused = new CompletableFuture<>();
        connection.reading(Reading.PAUSED);
        // A later task of the same loop.
        connection.onRoom(Numbered.message(0, 8), () -> paused.complete(null));
        Waiting.await(paused, "the pause");
    }
}
