/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.policy.priority.ConsensusMessageType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Votes over a connection whose policy has lanes, alone or beside a thread that keeps the lane of bulk messages full. Only
 * votes are counted.
 */
public final class LaneStream implements MessageStream {
    private static final String POLICY = "consensus-priority";

    /** Who else sends. */
    public enum Contention {
        /** Nobody. */
        ALONE,
        /** A thread with batches of transactions, as large as the votes, as many as the lane takes. */
        BULK
    }

    private final Network receiver;
    private final Network sender;
    private final Connection connection;
    private final int size;
    private final @Nullable Thread flood;

    private volatile boolean closed;

    /**
     * Connects.
     *
     * @param transport of both ends, by name
     * @param size of a bulk message's payload, in bytes
     */
    LaneStream(String transport, Contention contention, int size, Tally tally)
            throws IOException, InterruptedException {
        this.size = size;
        receiver = Nodes.node(POLICY, QUEUE_CAPACITY, (from, message) -> count(message, tally))
                .transport(transport)
                .build();
        sender = Nodes.node(POLICY, QUEUE_CAPACITY, (from, message) -> {})
                .transport(transport)
                .build();
        connection = Nodes.dial(sender, Nodes.listen(receiver));
        flood = contention == Contention.BULK ? new Thread(this::flood, "bulk") : null;
        if (flood != null) {
            flood.start();
        }
    }

    private static void count(Message message, Tally tally) {
        if (message.payloadByte(0) == ConsensusMessageType.VOTE_MSG.index()) {
            tally.handled(message);
        }
    }

    private void flood() {
        byte[] payload = new byte[size];
        payload[0] = (byte) ConsensusMessageType.BATCH_MSG.index();
        try {
            while (!closed) {
                ConnectionStream.send(connection, Message.of(DirectSendFrames.PROTOCOL, 0, payload));
            }
        } catch (InterruptedException stopped) {
            // By close(): there is nothing to leave in order.
        }
    }

    /** Sends a vote. */
    @Override
    public void send(byte[] payload) throws InterruptedException {
        payload[0] = (byte) ConsensusMessageType.VOTE_MSG.index();
        ConnectionStream.send(connection, Message.of(DirectSendFrames.PROTOCOL, 0, payload));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            if (flood != null) {
                flood.interrupt();
                flood.join();
            }
            Nodes.shutdown(sender);
            Nodes.shutdown(receiver);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while closing", e);
        }
    }
}
