/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;

/**
 * Sends one connection's messages back, in order. While the outbox is full it stops reading from the peer, so no more
 * waits here than had been read already. Confined to the connection's event loop.
 */
final class Echo {
    private final Connection connection;
    private final BiConsumer<Message, SendResult> refused;
    private final Queue<Message> waiting = new ArrayDeque<>();
    private Reading reading = Reading.RESUMED;

    /**
     * An echo of one connection.
     *
     * @param refused told which messages will not be sent back, and why
     */
    Echo(Connection connection, BiConsumer<Message, SendResult> refused) {
        this.connection = connection;
        this.refused = refused;
    }

    /** Sends a message back, now or when there is room. */
    void take(Message message) {
        waiting.add(message);
        if (reading == Reading.RESUMED) {
            drain();
        }
    }

    private void drain() {
        for (Message next = waiting.peek(); next != null; next = waiting.peek()) {
            SendResult result = connection.send(next);
            if (result == SendResult.OUTBOX_FULL) {
                reading(Reading.PAUSED);
                connection.onRoom(next, this::drain);
                return;
            }
            waiting.remove();
            if (!result.accepted()) {
                refused.accept(next, result);
            }
        }
        reading(Reading.RESUMED);
    }

    private void reading(Reading wanted) {
        if (reading != wanted) {
            reading = wanted;
            connection.reading(wanted);
        }
    }
}
