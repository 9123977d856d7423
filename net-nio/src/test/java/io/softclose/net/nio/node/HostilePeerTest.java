/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WireFrame;
import io.softclose.net.testkit.WirePeer;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Peers over blocking sockets that shake hands and then misbehave. Every connection ends with its account balanced, and
 * a second connection of the same network, open all the while, still carries messages at the end of each test.
 */
class HostilePeerTest {
    private static final byte[] HANDSHAKE = WireBytes.handshake(4, 0, 1);
    private static final int MAX_FRAME = 64 * 1024;
    /** More than the socket buffers of both ends hold, so that much is queued behind a peer that does not read. */
    private static final int QUEUED = 4_000;

    private static final int SIZE = 4 * 1024;

    @RegisterExtension
    private final Nodes nodes = new Nodes();

    private Node node;
    private Node neighbour;
    private Nodes.Pair bystander;

    @BeforeEach
    void connectTheBystander() throws IOException {
        node = nodes.node(builder -> builder.limits(
                Limits.builder().maxFrameSize(MAX_FRAME).outboxMessages(QUEUED).build()));
        neighbour = nodes.node();
        bystander = Nodes.connect(neighbour, node);
        neighbour.nextConnection();
    }

    @AfterEach
    void theBystanderIsUnharmed() {
        neighbour.takeReceived();
        assertEquals(SendResult.ACCEPTED, bystander.accepted().send(Payloads.numbered(-1, SIZE)));
        assertEquals(-1, Payloads.numberOf(neighbour.nextMessage()));
        assertEquals(SendResult.ACCEPTED, bystander.dialled().send(Payloads.numbered(-2, SIZE)));
        int number = 0;
        while (number != -2) {
            number = Payloads.numberOf(node.nextMessage());
        }
    }

    @Test
    void aPeerThatStopsReadingCannotHoldACloseUpPastItsDeadline() throws IOException {
        try (WirePeer peer = open()) {
            Connection connection = node.nextConnection();
            sendAll(connection, QUEUED);

            CloseReport report =
                    Await.of(connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMillis(300)), "the close");

            assertEquals(CloseEnding.DEADLINE, report.ending());
            assertNothingButWrittenAndUnsent(report, QUEUED);
            assertTrue(report.account().count(Outcome.UNSENT) > 0, report::toString);
            assertTrue(peer.socket().isConnected());
        }
    }

    @Test
    void aPeerThatStopsReadingIsGivenUpAfterTheStallTimeout() throws IOException {
        GracefulPolicy impatient =
                GracefulPolicy.builder().stallTimeout(Duration.ofMillis(200)).build();
        Node impatientNode =
                nodes.node(builder -> builder.closePolicy(impatient).limits(Nodes.outboxOf(QUEUED)));
        try (WirePeer peer = open(impatientNode)) {
            Connection connection = impatientNode.nextConnection();
            sendAll(connection, QUEUED);

            CloseReport report = Await.of(connection.close(), "the close");

            assertEquals(CloseEnding.STALL, report.ending());
            assertNothingButWrittenAndUnsent(report, QUEUED);
            assertTrue(peer.socket().isConnected());
        }
    }

    @Test
    void aPeerThatResetsEndsTheConnectionWithEveryMessageAccountedFor() throws IOException {
        try (WirePeer peer = open()) {
            Connection connection = node.nextConnection();
            sendAll(connection, QUEUED);

            peer.reset();

            CloseReport report = Await.of(connection.closed(), "the end");
            assertEquals(DisconnectReason.INPUT_OUTPUT_ERROR, report.reason());
            assertEquals(CloseEnding.ERROR, report.ending());
            assertTrue(report.error().isPresent());
            assertNothingButWrittenAndUnsent(report, QUEUED);
            assertEquals(SendResult.NOT_CONNECTED, connection.send(Payloads.numbered(0, 8)));
        }
    }

    @Test
    void aPeerThatResetsDuringTheCloseEndsIt() throws IOException {
        try (WirePeer peer = open()) {
            Connection connection = node.nextConnection();
            sendAll(connection, QUEUED);

            connection.close();
            peer.reset();

            CloseReport report = Await.of(connection.closed(), "the close");
            assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, report.reason());
            assertEquals(CloseEnding.ERROR, report.ending());
            assertNothingButWrittenAndUnsent(report, QUEUED);
        }
    }

    @Test
    void aPeerThatHalfClosesStillGetsEverythingThatWasQueued() throws Exception {
        try (WirePeer peer = open()) {
            Connection connection = node.nextConnection();
            sendAll(connection, QUEUED);

            peer.endOutput();

            assertEquals(Payloads.upTo(QUEUED), readNumbers(peer));
            CloseReport report = Await.of(connection.closed(), "the close");
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
            assertEquals(QUEUED, report.account().count(Outcome.WRITTEN));
        }
    }

    @Test
    void aPeerThatClosesAtTheSameMomentEndsTheCloseWhateverComesFirst() throws Exception {
        for (int round = 0; round < 100; round++) {
            try (WirePeer peer = open()) {
                Connection connection = node.nextConnection();
                sendAll(connection, 10);
                CyclicBarrier moment = new CyclicBarrier(2);
                Thread closer = new Thread(new FutureTask<>(() -> {
                    moment.await();
                    peer.socket().close();
                    return null;
                }));
                closer.start();

                moment.await();
                CloseReport report = Await.of(connection.close(), "the close");

                closer.join(Await.SAFETY_NET.toMillis());
                assertTrue(report.account().balanced(), report::toString);
                assertEquals(10, report.account().total().accepted());
            }
        }
    }

    @Test
    void garbageInPlaceOfAHandshakeIsRefused() throws IOException {
        try (WirePeer peer = WirePeer.dial(node.listen())) {
            peer.send(new byte[] {0, 3, 7, 7, 7});

            assertEquals(
                    Failure.MALFORMED, Await.next(node.refused, "the refusal").failure());
            peer.readHandshake();
            assertEquals(Optional.empty(), peer.readFrame());
        }
    }

    @Test
    void garbageThatCannotBeCutIntoFramesClosesButWhatIsQueuedStillGoes() throws IOException {
        byte[] garbage = {(byte) 0xff, (byte) 0xfe, 0x12, (byte) 0x99, 1, 2, 3};

        assertProtocolErrorAfter(garbage);
    }

    @Test
    void anOversizedLengthClosesBeforeItsBytesAreThere() throws IOException {
        assertProtocolErrorAfter(WireBytes.frameLength(MAX_FRAME + 1));
    }

    @Test
    void aFrameOfExactlyTheLimitIsNoError() throws IOException {
        try (WirePeer peer = open()) {
            // Two variants, protocol, priority, and three bytes that say how long the payload is.
            byte[] frame = WireBytes.directSend(1, 0, Payloads.bytes(1, MAX_FRAME - 7));
            assertEquals(4 + MAX_FRAME, frame.length);

            peer.send(frame);

            assertEquals(MAX_FRAME - 7, node.nextMessage().size());
        }
    }

    private void assertProtocolErrorAfter(byte[] bytes) throws IOException {
        try (WirePeer peer = open()) {
            Connection connection = node.nextConnection();
            sendAll(connection, QUEUED);

            peer.send(bytes);
            peer.endOutput();

            CloseReport report = readThenReport(peer, connection);
            assertEquals(DisconnectReason.PROTOCOL_ERROR, report.reason());
            assertEquals(QUEUED, report.account().count(Outcome.WRITTEN));
            assertFalse(node.violations.isEmpty());
        }
    }

    private static CloseReport readThenReport(WirePeer peer, Connection connection) throws IOException {
        assertEquals(Payloads.upTo(QUEUED), readNumbers(peer));
        return Await.of(connection.closed(), "the close");
    }

    @Test
    void aTruncatedFrameIsReportedAndNeverDelivered() throws IOException {
        try (WirePeer peer = open()) {
            byte[] frame = WireBytes.directSend(1, 0, Payloads.bytes(1, 100));

            peer.send(Arrays.copyOf(frame, frame.length - 1));
            peer.endOutput();

            CloseReport report = node.nextReport();
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
            assertTrue(Await.next(node.violations, "the violation").contains("cuts off"));
            assertEquals(List.of(), node.takeReceived());
        }
    }

    @Test
    void aPeerThatSendsOneByteAtATimeIsUnderstood() throws IOException {
        try (WirePeer peer = WirePeer.dial(node.listen())) {
            sendByteByByte(peer, HANDSHAKE);
            peer.readHandshake();
            for (int number = 0; number < 20; number++) {
                sendByteByByte(peer, WireBytes.directSend(1, 0, Payloads.bytes(number, 30)));
            }
            peer.endOutput();

            CloseReport report = node.nextReport();
            assertEquals(DisconnectReason.CONNECTION_CLOSED, report.reason());
            assertEquals(Payloads.upTo(20), Payloads.numbersOf(node.takeReceived()));
        }
    }

    private static void sendByteByByte(WirePeer peer, byte[] bytes) throws IOException {
        for (byte single : bytes) {
            peer.send(new byte[] {single});
        }
    }

    private WirePeer open() throws IOException {
        return open(node);
    }

    private static WirePeer open(Node node) throws IOException {
        WirePeer peer = WirePeer.dial(node.listen());
        peer.send(HANDSHAKE);
        peer.readHandshake();
        return peer;
    }

    private static void sendAll(Connection connection, int count) {
        for (int number = 0; number < count; number++) {
            assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(number, SIZE)));
        }
    }

    private static List<Integer> readNumbers(WirePeer peer) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Optional<WireFrame> frame = peer.readFrame(); frame.isPresent(); frame = peer.readFrame()) {
            numbers.add(Payloads.numberOf(((WireFrame.DirectSend) frame.get()).payload()));
        }
        return numbers;
    }

    private static void assertNothingButWrittenAndUnsent(CloseReport report, int accepted) {
        long written = report.account().count(Outcome.WRITTEN);
        long unsent = report.account().count(Outcome.UNSENT);
        assertEquals(accepted, written + unsent, report::toString);
        List<Message> returned =
                report.returned().stream().map(r -> r.message()).toList();
        assertEquals(unsent, returned.size());
        // What was not written is the tail of what was sent, in order.
        assertEquals(Payloads.upTo(accepted).subList((int) written, accepted), Payloads.numbersOf(returned));
    }
}
