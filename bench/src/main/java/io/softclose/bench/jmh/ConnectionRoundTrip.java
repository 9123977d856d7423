/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.RoundTrip;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.SendResult;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** Round trips over a connection between two networks, each on a transport of its own. */
final class ConnectionRoundTrip implements RoundTrip {
    private static final String POLICY = "graceful";

    private final Semaphore answered = new Semaphore(0);
    private final Network far;
    private final Network near;
    private final Connection connection;

    /**
     * Connects.
     *
     * @param transport of both ends, by name
     */
    ConnectionRoundTrip(String transport) throws IOException, InterruptedException {
        far = Nodes.node(POLICY, MessageStream.QUEUE_CAPACITY, ConnectionRoundTrip::answer)
                .transport(transport)
                .build();
        near = Nodes.node(POLICY, MessageStream.QUEUE_CAPACITY, (from, message) -> answered.release())
                .transport(transport)
                .build();
        connection = Nodes.dial(near, Nodes.listen(far));
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
        try {
            Nodes.shutdown(near);
            Nodes.shutdown(far);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while closing", e);
        }
    }
}
