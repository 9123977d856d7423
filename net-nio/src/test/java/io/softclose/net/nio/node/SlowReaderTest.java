/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WireFrame;
import io.softclose.net.testkit.WirePeer;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SlowReaderTest {
    private static final int MESSAGES = 100_000;
    private static final int SIZE = 64;
    private static final int SOCKET_BUFFER = 4 * 1024;

    @RegisterExtension
    private final Nodes nodes = new Nodes();

    /** The kernels hold a few hundred of the messages; the rest passes through them as slowly as the peer reads. */
    @Test
    void aHundredThousandQueuedMessagesReachAReaderThatStartsOnlyWhenTheCloseHasBegun() throws IOException {
        Node node = nodes.node(builder -> builder.limits(Nodes.outboxOf(MESSAGES))
                .transport(nodes.transport(transport -> transport.sendBufferBytes(SOCKET_BUFFER))));
        try (RawListener listener = new RawListener(SOCKET_BUFFER)) {
            CompletableFuture<Connection> opened =
                    node.network().dial(listener.address()).opened().toCompletableFuture();
            try (WirePeer peer = listener.acceptPeer()) {
                peer.send(WireBytes.handshake(4, 0, 1));
                peer.readHandshake();
                Connection connection = Await.of(opened, "the connection");
                for (int number = 0; number < MESSAGES; number++) {
                    assertEquals(SendResult.ACCEPTED, connection.send(Payloads.numbered(number, SIZE)));
                }

                CompletableFuture<CloseReport> closed = connection.close().toCompletableFuture();
                assertEquals(SendResult.CLOSING, connection.send(Payloads.numbered(MESSAGES, SIZE)));
                for (int number = 0; number < MESSAGES; number++) {
                    assertEquals(number, nextNumber(peer));
                }

                assertEquals(Optional.empty(), peer.readFrame());
                assertEquals(ConnectionState.FINISHING, connection.state(), "it waits for our end");
                peer.endOutput();
                CloseReport report = Await.of(closed, "the close");
                assertEquals(CloseEnding.CLEAN, report.ending());
                assertEquals(MESSAGES, report.account().count(Outcome.WRITTEN));
                assertTrue(report.returned().isEmpty());
            }
        }
    }

    private static int nextNumber(WirePeer peer) throws IOException {
        WireFrame frame = peer.readFrame().orElseThrow(() -> new AssertionError("the node has ended"));
        return Payloads.numberOf(((WireFrame.DirectSend) frame).payload());
    }
}
