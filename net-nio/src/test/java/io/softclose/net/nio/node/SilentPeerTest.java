/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WirePeer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that never finish the handshake. */
class SilentPeerTest {
    private static final byte[] HANDSHAKE = WireBytes.handshake(4, 0, 1);

    @RegisterExtension
    private final Nodes nodes = new Nodes();

    private Node node(Duration handshakeTimeout) {
        return nodes.node(builder -> builder.limits(
                Limits.builder().handshakeTimeout(handshakeTimeout).build()));
    }

    @Test
    void aPeerThatSaysNothingAfterDiallingIsRefusedWhenTheHandshakeTimesOut() throws IOException {
        Node node = node(Duration.ofMillis(200));
        try (WirePeer peer = WirePeer.dial(node.listen())) {
            assertEquals(
                    Failure.TIMEOUT, Await.next(node.refused, "the refusal").failure());
            assertSeesTheEnd(peer);
            assertEquals(List.of(), node.network().connections());
        }
    }

    @Test
    void aPeerThatSaysNothingWhenDialledFailsTheConnection() throws IOException {
        Node node = node(Duration.ofMillis(200));
        try (RawListener listener = new RawListener()) {
            Connection connection = node.network().dial(listener.address());

            Throwable failure = Await.failure(connection.opened(), "the connection");

            assertEquals(
                    Failure.TIMEOUT,
                    assertInstanceOf(HandshakeException.class, failure).failure());
            CloseReport report = Await.of(connection.closed(), "the end");
            assertEquals(DisconnectReason.HANDSHAKE_FAILED, report.reason());
            assertEquals(report, node.nextReport());
        }
    }

    @Test
    void halfAHandshakeIsNoneByTheTimeout() throws IOException {
        Node node = node(Duration.ofMillis(200));
        try (WirePeer peer = WirePeer.dial(node.listen())) {
            peer.send(Arrays.copyOf(HANDSHAKE, HANDSHAKE.length - 1));

            assertEquals(
                    Failure.TIMEOUT, Await.next(node.refused, "the refusal").failure());
            assertSeesTheEnd(peer);
        }
    }

    @Test
    void aPeerThatEndsBeforeItsHandshakeIsRefusedAtOnce() throws IOException {
        Node node = node(Duration.ofMinutes(5));
        try (WirePeer peer = WirePeer.dial(node.listen())) {
            peer.endOutput();

            assertEquals(
                    Failure.LINK_CLOSED, Await.next(node.refused, "the refusal").failure());
            assertSeesTheEnd(peer);
        }
    }

    @Test
    void closingDuringTheHandshakeEndsItAtOnce() throws IOException {
        Node node = node(Duration.ofMinutes(5));
        try (RawListener listener = new RawListener()) {
            Connection connection = node.network().dial(listener.address());
            try (WirePeer peer = listener.acceptPeer()) {
                peer.readHandshake();
                assertEquals(SendResult.NOT_CONNECTED, connection.send(Payloads.numbered(0, 8)));

                CloseReport report = Await.of(connection.close(), "the close");

                assertTrue(report.account().balanced());
                assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, report.reason());
                Await.failure(connection.opened(), "the connection");
                assertEquals(Optional.empty(), peer.readFrame());
            }
        }
    }

    @Test
    void shuttingDownDuringAHandshakeThatAPeerNeverStartsEndsIt() throws IOException {
        Node node = node(Duration.ofMinutes(5));
        try (WirePeer peer = WirePeer.dial(node.listen())) {
            peer.readHandshake();

            Await.of(node.network().shutdown(), "the shutdown");

            assertEquals(
                    Failure.LINK_CLOSED, Await.next(node.refused, "the refusal").failure());
            assertEquals(Optional.empty(), peer.readFrame());
        }
    }

    private static void assertSeesTheEnd(WirePeer peer) throws IOException {
        peer.readHandshake();
        assertEquals(Optional.empty(), peer.readFrame());
    }
}
