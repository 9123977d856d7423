/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Providers;
import io.softclose.net.SendResult;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.tls.TlsTransport;
import java.io.IOException;
import java.time.Duration;

/**
 * What is judged: a connection between two networks, each on a transport of its own. Every send makes its {@link
 * Message}, as an application's does.
 */
final class ConnectionStream implements MessageStream {
    private static final String POLICY = "graceful";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Network receiver;
    private final Network sender;
    private final Connection connection;

    /**
     * Connects.
     *
     * @param transport of both ends, by name
     */
    ConnectionStream(String transport, Tally tally) throws IOException, InterruptedException {
        receiver = Nodes.node(POLICY, QUEUE_CAPACITY, (from, message) -> tally.handled(message))
                .transport(transport)
                .build();
        sender = Nodes.node(POLICY, QUEUE_CAPACITY, (from, message) -> {})
                .transport(transport)
                .build();
        connection = Nodes.dial(sender, Nodes.listen(receiver));
    }

    private ConnectionStream(NetworkBuilder receiver, NetworkBuilder sender) throws IOException, InterruptedException {
        this.receiver = receiver.build();
        this.sender = sender.build();
        connection = Nodes.dial(this.sender, Nodes.listen(this.receiver));
    }

    /** As the other, but over mutual TLS. */
    static ConnectionStream overTls(String transport, Tally tally) throws IOException, InterruptedException {
        return new ConnectionStream(
                overTls(transport, (from, message) -> tally.handled(message)),
                overTls(transport, (from, message) -> {}));
    }

    private static NetworkBuilder overTls(String transport, MessageHandler handler) {
        return Nodes.node(POLICY, QUEUE_CAPACITY, handler)
                .peerId(BenchTls.IDENTITY.peerId())
                .identityExchange(IdentityExchange.proven())
                .transport(() -> TlsTransport.over(Providers.transport(transport), BenchTls.settings()));
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
        try {
            Nodes.shutdown(sender);
            Nodes.shutdown(receiver);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while closing", e);
        }
    }
}
