/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;

/**
 * One way of bringing messages over a loopback connection to a {@link Tally} at its other end. Confined to one sending
 * thread. A stream whose connection breaks stops delivering, and the tally's patience ends.
 */
public interface MessageStream extends AutoCloseable {
    /**
     * How many messages may wait before {@link #send} does, in every stream that has a queue: enough for the queue not to
     * run empty while the sender waits for room, few enough to stay within the processor's caches.
     */
    int QUEUE_CAPACITY = 4096;

    /**
     * Sends a message, waiting while there is no room for it.
     *
     * @param payload unchanged from now on; shared, not copied
     */
    void send(byte[] payload) throws IOException, InterruptedException;

    /** Lets go what was sent and is being held back to fill a write. */
    default void flush() throws IOException {}

    @Override
    void close() throws IOException;
}
