/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.RoundTrip;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/** Round trips over a connection between two networks, each on a transport of its own. */
final class ConnectionRoundTrip implements RoundTrip {
    private static final String POLICY = "graceful";

    private final Semaphore answered = new Semaphore(0);
    private final Network far;
    private final Network near;
    private final SocketAddress remote;
    private final Connection connection;

    /**
     * Connects.
     *
     * @param transport of both ends, by name
     */
    ConnectionRoundTrip(String transport) throws IOException, InterruptedException {
        this(transport, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** As the other, with more settings of each network. */
    ConnectionRoundTrip(
            String transport, UnaryOperator<NetworkBuilder> ofFarEnd, UnaryOperator<NetworkBuilder> ofNearEnd)
            throws IOException, InterruptedException {
        far = ofFarEnd.apply(Nodes.node(POLICY, MessageStream.QUEUE_CAPACITY, ConnectionRoundTrip::answer))
                .transport(transport)
                .build();
        near = ofNearEnd
                .apply(Nodes.node(POLICY, MessageStream.QUEUE_CAPACITY, (from, message) -> answered.release()))
                .transport(transport)
                .build();
        remote = Nodes.listen(far);
        connection = another();
    }

    /** One more connection between the two. */
    Connection another() throws InterruptedException {
        return Nodes.dial(near, remote);
    }

    private static void answer(Connection from, Message message) {
        SendResult result = from.send(message);
        if (!result.accepted()) {
            throw new IllegalStateException("answer: " + result + " (expected: ACCEPTED)");
        }
    }

    @Override
    public void exchange(byte[] payload) throws InterruptedException {
        ConnectionStream.send(connection, Message.of(DirectSendFrames.PROTOCOL, 0, payload));
        answered.acquire();
    }

    @Override
    public void close() throws IOException {
        shutdown(near, far);
    }

    /** Shuts both ends of round trips down. */
    static void shutdown(Network near, Network far) throws IOException {
        try {
            Nodes.shutdown(near);
            Nodes.shutdown(far);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while closing", e);
        }
    }
}
