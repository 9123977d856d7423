/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.node.peer.Talker;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Applications that do not want messages now, and peers that flood them, or go; part of {@link NodeContract}. */
public interface PausedReaderContract {
    /** Each pause must hold, however much has arrived by then: with the transport, with the engine, or in the kernel. */
    @Test
    default void eachOfManyPausesHoldsWhileThePeerFloods(Nodes nodes) throws Exception {
        int messages = 20_000;
        int between = 40;
        AtomicBoolean paused = new AtomicBoolean();
        AtomicInteger afterAPause = new AtomicInteger();
        BlockingQueue<Connection> pausing = new LinkedBlockingQueue<>();
        Node receiver = nodes.node();
        receiver.onMessage((connection, message) -> {
            receiver.keep(message);
            afterAPause.addAndGet(paused.get() ? 1 : 0);
            if (Numbered.numberOf(message) % between == 0) {
                paused.set(true);
                connection.reading(Reading.PAUSED);
                pausing.add(connection);
            }
        });
        Node flooding = nodes.node(builder -> builder.limits(Nodes.outboxOf(messages)));
        Nodes.Pair pair = Nodes.connect(flooding, receiver);
        Numbered.sendAll(pair.dialled(), messages, 100);

        for (int pauses = 0; pauses < messages / between; pauses++) {
            Connection connection = Waiting.next(pausing, "a pause");
            letTheLoopTurn(connection, 5);
            paused.set(false);
            connection.reading(Reading.RESUMED);
        }
        CloseReport report = Waiting.await(pair.dialled().close(), "the close");

        assertTrue(report.clean(), report::toString);
        assertEquals(0, afterAPause.get(), "messages that came although the connection was paused");
        assertEquals(Numbered.upTo(messages), Numbered.numbersOf(receiver.takeReceived()));
    }

    @Test
    default void aPauseFromAnotherThreadHoldsFromTheNextMessageOn(Nodes nodes) throws Exception {
        AtomicInteger handled = new AtomicInteger();
        Node receiver = nodes.node();
        receiver.onMessage((connection, message) -> handled.incrementAndGet());
        Node flooding = nodes.node();
        Nodes.Pair pair = Nodes.connect(flooding, receiver);
        Talker talker = Talker.start(number -> pair.dialled().send(Numbered.message(number, 100)));

        for (int pauses = 0; pauses < 20; pauses++) {
            pair.accepted().reading(Reading.PAUSED);
            int atThePause = handled.get();
            letTheLoopTurn(pair.accepted(), 5);
            int more = handled.get() - atThePause;
            assertTrue(more <= 1, () -> more + " messages came although the connection was paused");
            pair.accepted().reading(Reading.RESUMED);
            letTheLoopTurn(pair.accepted(), 5);
        }
        CloseReport report = Waiting.await(pair.dialled().close(), "the close");

        assertTrue(report.clean(), report::toString);
        assertEquals(talker.awaitEnd(), handled.get());
    }

    @Test
    default void aPeerThatEndsIsNoticedWhileTheConnectionIsPaused(Nodes nodes) throws IOException {
        Node node = pausing(nodes, Duration.ofMinutes(5));
        try (WirePeer peer = Peers.open(node)) {
            peer.send(Peers.numbered(0, 100));
            assertEquals(0, Numbered.numberOf(node.nextMessage()));

            peer.endOutput();

            assertEquals(DisconnectReason.CONNECTION_CLOSED, node.nextReport().reason());
        }
    }

    @Test
    default void aPeerThatEndsBehindWhatItSentIsNoticedAfterTheGraceTimeAndLosesNothing(Nodes nodes)
            throws IOException {
        int messages = 100;
        Node node = pausing(nodes, Duration.ofMillis(200));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int number = 0; number < messages; number++) {
            bytes.writeBytes(Peers.numbered(number, 100));
        }
        try (WirePeer peer = Peers.open(node)) {
            peer.send(bytes.toByteArray());

            peer.endOutput();

            assertEquals(DisconnectReason.CONNECTION_CLOSED, node.nextReport().reason());
            assertEquals(Numbered.upTo(messages), Numbered.numbersOf(node.takeReceived()));
        }
    }

    @Test
    default void aPeerThatResetsIsNoticedWhileTheConnectionIsPaused(Nodes nodes) throws IOException {
        Node node = pausing(nodes, Duration.ofMinutes(5));
        try (WirePeer peer = Peers.open(node)) {
            peer.send(Peers.numbered(0, 100));
            assertEquals(0, Numbered.numberOf(node.nextMessage()));

            peer.reset();

            assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, node.nextReport().reason());
        }
    }

    /** A node that keeps each message and pauses with it. */
    private static Node pausing(Nodes nodes, Duration grace) {
        Node node = nodes.node(
                builder -> builder.limits(Limits.builder().pausedGrace(grace).build()));
        node.onMessage((connection, message) -> {
            connection.reading(Reading.PAUSED);
            node.keep(message);
        });
        return node;
    }

    /** Waits until the connection's loop has run later tasks, a few times. */
    private static void letTheLoopTurn(Connection connection, int times) {
        for (int turn = 0; turn < times; turn++) {
            CompletableFuture<Void> turned = new CompletableFuture<>();
            connection.onRoom(Numbered.message(0, 8), () -> turned.complete(null));
            Waiting.await(turned, "the loop's turn");
        }
    }
}
