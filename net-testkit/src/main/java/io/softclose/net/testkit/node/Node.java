/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.Layer;
import io.softclose.net.testkit.Waiting;
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
import java.util.function.UnaryOperator;

/**
 * A network on real sockets that remembers what happens to it. {@link Nodes} makes it. Loops write down, and the test
 * takes; thread-safe.
 */
public final class Node implements NetworkEvents {
    /** The one protocol it handles. */
    public static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    final BlockingQueue<CloseReport> disconnected = new LinkedBlockingQueue<>();
    final BlockingQueue<HandshakeException> refused = new LinkedBlockingQueue<>();
    final BlockingQueue<String> violations = new LinkedBlockingQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();

    private final Layer layer;
    private final Network network;
    private volatile MessageHandler handler = (connection, message) -> received.add(message);

    Node(UnaryOperator<NetworkBuilder> settings, Layer layer) {
        this.layer = layer;
        network = settings.apply(Network.builder()
                        .plaintext()
                        .handle(PROTOCOL, (connection, message) -> handler.onMessage(connection, message))
                        .events(this))
                .build();
    }

    /** The network itself. */
    public Network network() {
        return network;
    }

    /** What peers that are no nodes must put between their sockets and what they say. */
    Layer layer() {
        return layer;
    }

    /** Replaces what is done with messages from now on. Until then they are kept for {@link #takeReceived}. */
    public void onMessage(MessageHandler replacement) {
        handler = replacement;
    }

    /** Keeps a message as if there were no other handler. */
    void keep(Message message) {
        received.add(message);
    }

    /** Listens on a free port of the loopback interface. */
    public InetSocketAddress listen() throws IOException {
        return (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    /** Dials and waits until the connection is open. */
    public Connection connect(SocketAddress remote) {
        return Waiting.await(network.dial(remote).opened(), "the connection to " + remote);
    }

    /** Takes the next connection that was opened, by either end. */
    public Connection nextConnection() {
        return Waiting.next(connected, "a connection");
    }

    /** Takes the next report of a connection that had been open. */
    public CloseReport nextReport() {
        return Waiting.next(disconnected, "a report");
    }

    /** Takes the next message that arrives. */
    public Message nextMessage() {
        return Waiting.next(received, "a message");
    }

    /** Takes everything that was received and is not taken yet, in the order of its arrival. */
    public List<Message> takeReceived() {
        List<Message> taken = new ArrayList<>();
        received.drainTo(taken);
        return taken;
    }

    /** Takes the reports of all connections that have closed and are not taken yet. */
    public List<CloseReport> takeReports() {
        List<CloseReport> taken = new ArrayList<>();
        disconnected.drainTo(taken);
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
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        failures.add(failure);
    }
}
