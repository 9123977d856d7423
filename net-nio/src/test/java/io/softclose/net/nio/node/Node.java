/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A network on real sockets that remembers what happens to it. */
final class Node implements NetworkEvents {
    static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    /** Messages of {@link #PROTOCOL} in the order of their arrival, unless {@link #onMessage} says otherwise. */
    final BlockingQueue<Message> received = new LinkedBlockingQueue<>();

    final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
    final BlockingQueue<CloseReport> disconnected = new LinkedBlockingQueue<>();
    final BlockingQueue<HandshakeException> refused = new LinkedBlockingQueue<>();
    final BlockingQueue<String> violations = new LinkedBlockingQueue<>();

    /** What callbacks threw. A test that wants that takes it from here. */
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private final Network network;
    private volatile MessageHandler handler = (connection, message) -> received.add(message);

    Node(Settings settings) {
        network = settings.on(Network.builder()
                        .handle(PROTOCOL, (connection, message) -> handler.onMessage(connection, message))
                        .events(this))
                .build();
    }

    Network network() {
        return network;
    }

    /** Replaces what is done with messages from now on. */
    void onMessage(MessageHandler replacement) {
        handler = replacement;
    }

    /** Listens on a free port of the loopback interface. */
    InetSocketAddress listen() throws IOException {
        return (InetSocketAddress) listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    Listener listen(SocketAddress address) throws IOException {
        return network.listen(address);
    }

    /** Dials and waits until the connection is open. */
    Connection connect(SocketAddress remote) {
        return Await.of(network.dial(remote).opened(), "the connection to " + remote);
    }

    /** The next connection that was opened, by either end. */
    Connection nextConnection() {
        return Await.next(connected, "a connection");
    }

    CloseReport nextReport() {
        return Await.next(disconnected, "a report");
    }

    /** The next message that arrives, of those kept in {@link #received}. */
    Message nextMessage() {
        return Await.next(received, "a message");
    }

    /** Everything received and not taken yet. */
    List<Message> takeReceived() {
        List<Message> taken = new ArrayList<>();
        received.drainTo(taken);
        return taken;
    }

    @Override
    public void connected(Connection connection) {
        connected.add(connection);
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        disconnected.add(report);
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        refused.add(cause);
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        violations.add(detail);
    }

    @Override
    public void callbackFailed(Connection connection, Throwable failure) {
        failures.add(failure);
    }

    /** What differs from the defaults. */
    @FunctionalInterface
    interface Settings {
        NetworkBuilder on(NetworkBuilder builder);
    }
}
