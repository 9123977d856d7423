/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.ReceivedStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.Providers;
import io.softclose.net.SendResult;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.tls.TlsTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * What is judged: the sending end of a connection between two networks, each on a transport of its own. Every send makes
 * its {@link Message}, as an application's does.
 */
public final class ConnectionStream implements MessageStream {
    private static final String POLICY = "graceful";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Network sender;
    private final Connection connection;

    private ConnectionStream(Network sender, SocketAddress address) throws InterruptedException {
        this.sender = sender;
        connection = Nodes.dial(sender, address);
    }

    /**
     * Connects to a {@link #receiver}.
     *
     * @param transport by name
     */
    public static MessageStream to(String transport, Limits limits, SocketAddress address) throws InterruptedException {
        return new ConnectionStream(node(transport, limits, (from, message) -> {}), address);
    }

    /** The receiving end. */
    public static Receiver receiver(String transport, Limits limits, Tally tally) throws IOException {
        return new NetworkReceiver(node(transport, limits, (from, message) -> tally.handled(message)));
    }

    /** Both ends in one process. */
    static MessageStream received(String transport, Tally tally) throws IOException, InterruptedException {
        Limits limits = Nodes.limits(QUEUE_CAPACITY);
        return ReceivedStream.to(receiver(transport, limits, tally), address -> to(transport, limits, address));
    }

    private static Network node(String transport, Limits limits, MessageHandler handler) {
        return Nodes.node(POLICY, limits, handler).transport(transport).build();
    }

    /** As {@link #received}, but over mutual TLS. */
    static MessageStream overTls(String transport, Tally tally) throws IOException, InterruptedException {
        return ReceivedStream.to(
                new NetworkReceiver(nodeOverTls(transport, (from, message) -> tally.handled(message))),
                address -> new ConnectionStream(nodeOverTls(transport, (from, message) -> {}), address));
    }

    private static Network nodeOverTls(String transport, MessageHandler handler) {
        return Nodes.node(POLICY, QUEUE_CAPACITY, handler)
                .peerId(BenchTls.IDENTITY.peerId())
                .identityExchange(IdentityExchange.proven())
                .transport(() -> TlsTransport.over(Providers.transport(transport), BenchTls.settings()))
                .build();
    }

    @Override
    public void send(byte[] payload) throws InterruptedException {
        send(connection, Message.of(DirectSendFrames.PROTOCOL, 0, payload));
    }

    /**
     * Sends, waiting while the outbox is full.
     *
     * @throws IllegalStateException if the connection does not take the message
     */
    static void send(Connection connection, Message message) throws InterruptedException {
        SendResult result = connection.send(message);
        if (result == SendResult.OUTBOX_FULL) {
            result = connection.sendBlocking(message, PATIENCE);
        }
        if (!result.accepted()) {
            throw new IllegalStateException("send: " + result + " (expected: " + SendResult.ACCEPTED + ")");
        }
    }

    @Override
    public void close() throws IOException {
        shutdown(sender);
    }

    private static void shutdown(Network network) throws IOException {
        try {
            Nodes.shutdown(network);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while closing", e);
        }
    }

    /** A network that listens. */
    private static final class NetworkReceiver implements Receiver {
        private final Network network;
        private final SocketAddress address;

        NetworkReceiver(Network network) throws IOException {
            this.network = network;
            address = Nodes.listen(network);
        }

        @Override
        public SocketAddress address() {
            return address;
        }

        @Override
        public void close() throws IOException {
            shutdown(network);
        }
    }
}
