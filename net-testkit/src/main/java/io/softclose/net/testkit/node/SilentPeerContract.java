/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Limits;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.fixture.RawListener;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Peers that never finish the handshake, part of {@link NodeContract}. */
public interface SilentPeerContract {
    private static Node node(Nodes nodes, Duration handshakeTimeout) {
        return nodes.node(builder -> builder.limits(
                Limits.builder().handshakeTimeout(handshakeTimeout).build()));
    }

    @Test
    default void aPeerThatSaysNothingAfterDiallingIsRefusedWhenTheHandshakeTimesOut(Nodes nodes) throws IOException {
        Node node = node(nodes, Duration.ofMillis(200));
        try (WirePeer peer = Peers.dial(node)) {
            assertEquals(
                    Failure.TIMEOUT, Waiting.next(node.refused, "the refusal").failure());
            assertSeesAReset(peer);
            assertEquals(List.of(), node.network().connections());
        }
    }

    @Test
    default void aPeerThatSaysNothingWhenDialledFailsTheConnection(Nodes nodes) throws IOException {
        Node node = node(nodes, Duration.ofMillis(200));
        try (RawListener listener = nodes.listener()) {
            Connection connection = node.network().dial(listener.address());
            Socket silent = listener.accept();

            Throwable failure = Waiting.failure(connection.opened(), "the connection");

            assertEquals(
                    Failure.TIMEOUT,
                    assertInstanceOf(HandshakeException.class, failure).failure());
            CloseReport report = Waiting.await(connection.closed(), "the end");
            assertEquals(DisconnectReason.HANDSHAKE_FAILED, report.reason());
            assertEquals(report, node.nextReport());
            silent.close();
        }
    }

    @Test
    default void halfAHandshakeIsNoneByTheTimeout(Nodes nodes) throws IOException {
        Node node = node(nodes, Duration.ofMillis(200));
        try (WirePeer peer = Peers.dial(node)) {
            byte[] handshake = Peers.handshake();
            peer.send(Arrays.copyOf(handshake, handshake.length - 1));

            assertEquals(
                    Failure.TIMEOUT, Waiting.next(node.refused, "the refusal").failure());
            assertSeesAReset(peer);
        }
    }

    @Test
    default void aPeerThatEndsBeforeItsHandshakeIsRefusedAtOnce(Nodes nodes) throws IOException {
        Node node = node(nodes, Duration.ofMinutes(5));
        try (WirePeer peer = Peers.dial(node)) {
            peer.endOutput();

            assertEquals(
                    Failure.LINK_CLOSED,
                    Waiting.next(node.refused, "the refusal").failure());
            assertSeesTheEnd(peer);
        }
    }

    @Test
    default void aCloseDuringTheHandshakeEndsItAtOnce(Nodes nodes) throws IOException {
        Node node = node(nodes, Duration.ofMinutes(5));
        try (RawListener listener = nodes.listener()) {
            Connection connection = node.network().dial(listener.address());
            try (WirePeer peer = listener.acceptPeer()) {
                peer.readHandshake();
                assertEquals(SendResult.NOT_CONNECTED, connection.send(Numbered.message(0, 8)));

                CloseReport report = Waiting.await(connection.close(), "the close");

                assertTrue(report.account().balanced());
                assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, report.reason());
                Waiting.failure(connection.opened(), "the connection");
                assertThrows(IOException.class, peer::readFrame);
            }
        }
    }

    @Test
    default void aShutdownDuringAHandshakeThatAPeerNeverStartsEndsIt(Nodes nodes) throws IOException {
        Node node = node(nodes, Duration.ofMinutes(5));
        try (WirePeer peer = Peers.dial(node)) {
            peer.readHandshake();

            Waiting.await(node.network().shutdown(), "the shutdown");

            assertEquals(
                    Failure.LINK_CLOSED,
                    Waiting.next(node.refused, "the refusal").failure());
            assertThrows(IOException.class, peer::readFrame);
        }
    }

    /** It had its part of our handshake and may be open: an end would say that what it sent was handled. */
    private static void assertSeesAReset(WirePeer peer) throws IOException {
        peer.readHandshake();
        assertThrows(IOException.class, peer::readFrame);
    }

    private static void assertSeesTheEnd(WirePeer peer) throws IOException {
        peer.readHandshake();
        assertEquals(Optional.empty(), peer.readFrame());
    }
}
