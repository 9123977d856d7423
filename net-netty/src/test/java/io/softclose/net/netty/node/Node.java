/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.node;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/** A network that remembers what happens to it; its messages begin with a number. */
final class Node implements NetworkEvents {
    static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
    final Queue<CloseReport> disconnected = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private final Queue<Integer> received = new ConcurrentLinkedQueue<>();
    private final Network network;
    private volatile MessageHandler handler = (connection, message) -> {};

    Node(NetworkBuilder builder) {
        network = builder.handle(PROTOCOL, this::receive).events(this).build();
    }

    private void receive(Connection connection, Message message) throws Exception {
        received.add(numberOf(message));
        handler.onMessage(connection, message);
    }

    /** What is done with each message, besides remembering its number. */
    void onMessage(MessageHandler also) {
        handler = also;
    }

    Network network() {
        return network;
    }

    InetSocketAddress listen() throws IOException {
        return (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    Connection connect(InetSocketAddress remote) {
        return Await.of(network.dial(remote).opened(), "the connection to " + remote);
    }

    Connection nextConnection() {
        return Await.next(connected, "a connection");
    }

    /** The numbers of all messages that arrived since the last call, in order. */
    List<Integer> takeReceived() {
        List<Integer> taken = new ArrayList<>();
        for (Integer number = received.poll(); number != null; number = received.poll()) {
            taken.add(number);
        }
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
    public void callbackFailed(Connection connection, Throwable failure) {
        failures.add(failure);
    }

    /** A message of at least 4 bytes with this number. */
    static Message numbered(int number, int size) {
        byte[] bytes = new byte[size];
        ByteBuffer.wrap(bytes).putInt(number);
        return Message.of(PROTOCOL, 0, bytes);
    }

    static int numberOf(Message message) {
        return numberOf(message.payload());
    }

    static int numberOf(ByteBuffer payload) {
        return payload.getInt(payload.position());
    }

    static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
