/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.Connection;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A peer that a node has dialled, after both handshakes, whose kernel holds little of what it does not read. */
final class DialledPeer implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 4 * 1024;

    final WirePeer peer;
    final Connection connection;

    DialledPeer(Node node) throws IOException {
        try (RawListener listener = new RawListener(node.layer(), RECEIVE_BUFFER)) {
            CompletionStage<Connection> opened =
                    node.network().dial(listener.address()).opened();
            peer = listener.acceptPeer();
            peer.send(Peers.handshake());
            peer.readHandshake();
            connection = Waiting.await(opened, "the connection");
        }
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
