/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import io.softclose.net.Connection;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.RawListener;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A peer that a node has dialled, after both handshakes, whose kernel holds little of what it does not read. */
public final class DialledPeer implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 4 * 1024;

    public final WirePeer peer;
    public final Connection connection;

    public DialledPeer(Node node) throws IOException {
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
