/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.RoundTrip;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import java.io.IOException;
import java.time.Duration;

/** Requests that are answered with their own payloads, one at a time, between two networks as those of {@link ConnectionRoundTrip}. */
final class RequestRoundTrip implements RoundTrip {
    private static final String POLICY = "graceful";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Network far;
    private final Network near;
    private final Connection connection;

    /**
     * Connects.
     *
     * @param transport of both ends, by name
     */
    RequestRoundTrip(String transport) throws IOException, InterruptedException {
        far = Nodes.node(POLICY, MessageStream.QUEUE_CAPACITY, (from, message) -> {})
                .answer(DirectSendFrames.PROTOCOL, (from, request) -> request)
                .transport(transport)
                .build();
        near = Nodes.node(POLICY, MessageStream.QUEUE_CAPACITY, (from, message) -> {})
                .transport(transport)
                .build();
        connection = Nodes.dial(near, Nodes.listen(far));
    }

    @Override
    public void exchange(byte[] payload) throws InterruptedException {
        Message answer = Nodes.await(connection.request(Message.of(DirectSendFrames.PROTOCOL, 0, payload), TIMEOUT));
        if (answer.size() != payload.length) {
            throw new IllegalStateException("answer: " + answer + " (expected: of " + payload.length + " bytes)");
        }
    }

    @Override
    public void close() throws IOException {
        ConnectionRoundTrip.shutdown(near, far);
    }
}
