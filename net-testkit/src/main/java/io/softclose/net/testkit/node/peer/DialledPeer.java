/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import io.softclose.net.Connection;
import io.softclose.net.PeerId;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.RawListener;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A peer that a node has dialled, after both handshakes, whose kernel holds little of what it does not read. */
public final class DialledPeer implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 4 * 1024;

    public final WirePeer peer;
    public final Connection connection;

    public DialledPeer(Node node) throws IOException {
        this(node, address -> node.network().dial(address), Peers.handshake());
    }

    /** One that is dialled as this peer. */
    public DialledPeer(Node node, PeerId as, byte[] handshake) throws IOException {
        this(node, address -> node.network().dial(as, address), handshake);
    }

    private DialledPeer(Node node, Function<SocketAddress, Connection> dial, byte[] handshake) throws IOException {
        try (RawListener listener = new RawListener(node.layer(), RECEIVE_BUFFER)) {
            CompletionStage<Connection> opened = dial.apply(listener.address()).opened();
            peer = listener.acceptPeer();
            peer.send(handshake);
            peer.readHandshake();
            connection = Waiting.await(opened, "the connection");
        }
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
