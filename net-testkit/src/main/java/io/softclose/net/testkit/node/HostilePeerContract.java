/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.fixture.PatientPolicy;
import io.softclose.net.testkit.node.peer.Bystander;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/**
 * Peers over blocking sockets that shake hands and then misbehave. Every connection ends with its account balanced. A
 * second connection of the same network stays open all the while, and still carries messages at the end of each test.
 * Part of {@link NodeContract}.
 */
public interface HostilePeerContract {
    @Test
    default void aPeerThatStopsReadingCannotHoldACloseUpPastItsDeadline(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, Bystander.QUEUED, Bystander.SIZE);

            CloseReport report = Waiting.await(
                    connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMillis(300)), "the close");

            assertEquals(CloseEnding.DEADLINE, report.ending());
            nodes.assertLeftInOrder(report, Bystander.QUEUED);
            assertTrue(report.account().count(Outcome.UNSENT) > 0, report::toString);
            assertTrue(peer.socket().isConnected());
        }
    }

    @Test
    default void aPeerThatStopsReadingIsGivenUpAfterTheStallTimeout(Nodes nodes) throws IOException {
        ClosePolicy impatient = new PatientPolicy(Duration.ofMillis(200));
        try (Bystander bystander = new Bystander(nodes, builder -> builder.closePolicy(impatient));
                WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, Bystander.QUEUED, Bystander.SIZE);

            CloseReport report = Waiting.await(connection.close(), "the close");

            assertEquals(CloseEnding.STALL, report.ending());
            nodes.assertLeftInOrder(report, Bystander.QUEUED);
            assertTrue(peer.socket().isConnected());
        }
    }

    @Test
    default void aPeerThatResetsEndsTheConnectionWithEveryMessageAccountedFor(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, Bystander.QUEUED, Bystander.SIZE);

            peer.reset();

            CloseReport report = Waiting.await(connection.closed(), "the end");
            assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, report.reason());
            assertEquals(CloseEnding.ERROR, report.ending());
            assertTrue(report.error().isPresent());
            nodes.assertLeftInOrder(report, Bystander.QUEUED);
            assertEquals(SendResult.NOT_CONNECTED, connection.send(Numbered.message(0, 8)));
        }
    }

    @Test
    default void aPeerThatResetsDuringTheCloseEndsIt(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, Bystander.QUEUED, Bystander.SIZE);

            connection.close();
            peer.reset();

            CloseReport report = Waiting.await(connection.closed(), "the close");
            assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, report.reason());
            assertEquals(CloseEnding.ERROR, report.ending());
            nodes.assertLeftInOrder(report, Bystander.QUEUED);
        }
    }

    @Test
    default void aPeerThatHalfClosesStillGetsEverythingThatWasQueued(Nodes nodes) throws Exception {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, Bystander.QUEUED, Bystander.SIZE);

            peer.endOutput();

            assertEquals(Numbered.upTo(Bystander.QUEUED), Peers.readNumbers(peer));
            CloseReport report = Waiting.await(connection.closed(), "the close");
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
            assertEquals(Bystander.QUEUED, report.account().count(Outcome.WRITTEN));
        }
    }

    @Test
    default void aPeerThatClosesAtTheSameMomentEndsTheCloseWhateverComesFirst(Nodes nodes) throws Exception {
        try (Bystander bystander = new Bystander(nodes)) {
            for (int round = 0; round < 100; round++) {
                closeBothAtOnce(bystander);
            }
        }
    }

    private static void closeBothAtOnce(Bystander bystander) throws Exception {
        try (WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, 10, Bystander.SIZE);
            CyclicBarrier moment = new CyclicBarrier(2);
            Thread closer = new Thread(new FutureTask<>(() -> {
                moment.await();
                peer.socket().close();
                return null;
            }));
            closer.start();

            moment.await();
            CloseReport report = Waiting.await(connection.close(), "the close");

            closer.join(Waiting.SAFETY_NET.toMillis());
            assertTrue(report.account().balanced(), report::toString);
            assertEquals(10, report.account().total().accepted());
        }
    }

    @Test
    default void garbageInPlaceOfAHandshakeIsRefused(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = Peers.dial(bystander.node)) {
            peer.readHandshake();
            peer.send(new byte[] {0, 3, 7, 7, 7});

            assertEquals(
                    Failure.MALFORMED,
                    Waiting.next(bystander.node.refused, "the refusal").failure());
            assertThrows(IOException.class, peer::readFrame);
        }
    }

    @Test
    default void garbageThatCannotBeCutIntoFramesClosesButWhatIsQueuedStillGoes(Nodes nodes) throws IOException {
        byte[] garbage = {(byte) 0xff, (byte) 0xfe, 0x12, (byte) 0x99, 1, 2, 3};

        assertProtocolErrorAfter(nodes, garbage);
    }

    @Test
    default void anOversizedLengthClosesBeforeItsBytesAreThere(Nodes nodes) throws IOException {
        assertProtocolErrorAfter(nodes, WireBytes.frameLength(Bystander.MAX_FRAME + 1));
    }

    @Test
    default void aFrameOfExactlyTheLimitIsNoError(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            // Two variants, protocol, priority, and three bytes that say how long the payload is.
            byte[] frame = Peers.numbered(1, Bystander.MAX_FRAME - 7);
            assertEquals(4 + Bystander.MAX_FRAME, frame.length);

            peer.send(frame);

            assertEquals(Bystander.MAX_FRAME - 7, bystander.node.nextMessage().size());
        }
    }

    private static void assertProtocolErrorAfter(Nodes nodes, byte[] bytes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            Connection connection = bystander.node.nextConnection();
            Numbered.sendAll(connection, Bystander.QUEUED, Bystander.SIZE);

            peer.send(bytes);
            peer.endOutput();

            assertEquals(Numbered.upTo(Bystander.QUEUED), Peers.readNumbers(peer, Bystander.QUEUED));
            assertThrows(IOException.class, peer::readFrame, "an end would say that all was handled");
            CloseReport report = Waiting.await(connection.closed(), "the close");
            assertEquals(DisconnectReason.PROTOCOL_ERROR, report.reason());
            assertEquals(CloseEnding.UNCONFIRMED, report.ending());
            assertEquals(Bystander.QUEUED, report.account().count(Outcome.WRITTEN));
            assertFalse(bystander.node.violations.isEmpty());
        }
    }

    @Test
    default void aTruncatedFrameIsReportedAndNeverDelivered(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = bystander.open()) {
            byte[] frame = Peers.numbered(1, 100);

            peer.send(Arrays.copyOf(frame, frame.length - 1));
            peer.endOutput();

            CloseReport report = bystander.node.nextReport();
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
            assertTrue(Waiting.next(bystander.node.violations, "the violation").contains("cuts off"));
            assertEquals(List.of(), bystander.node.takeReceived());
        }
    }

    @Test
    default void aPeerThatSendsOneByteAtATimeIsUnderstood(Nodes nodes) throws IOException {
        try (Bystander bystander = new Bystander(nodes);
                WirePeer peer = Peers.dial(bystander.node)) {
            sendByteByByte(peer, Peers.handshake());
            peer.readHandshake();
            for (int number = 0; number < 20; number++) {
                sendByteByByte(peer, Peers.numbered(number, 30));
            }
            peer.endOutput();

            CloseReport report = bystander.node.nextReport();
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
            assertEquals(Numbered.upTo(20), Numbered.numbersOf(bystander.node.takeReceived()));
        }
    }

    private static void sendByteByByte(WirePeer peer, byte[] bytes) throws IOException {
        for (byte single : bytes) {
            peer.send(new byte[] {single});
        }
    }
}
