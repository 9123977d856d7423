/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.RoundTrip;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Round trips over one connection beside others whose handlers block for a second on an executor, each message anew, and
 * are full all the time. There is one for each processor, so that the far end's loops, which take connections in turn and
 * are no more than that, have one each.
 */
final class BlockedNeighbours implements RoundTrip {
    private static final ProtocolId BLOCKING = ProtocolId.MEMPOOL_DIRECT_SEND;
    private static final int SIZE = 256;

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ConnectionRoundTrip roundTrip;

    /**
     * Connects, and has the handlers block.
     *
     * @param transport of both ends, by name
     */
    BlockedNeighbours(String transport) throws IOException, InterruptedException {
        roundTrip = new ConnectionRoundTrip(
                transport,
                far -> far.handle(BLOCKING, (from, message) -> TimeUnit.SECONDS.sleep(1), executor),
                near -> near.support(BLOCKING));
        for (int blocked = 0; blocked < Runtime.getRuntime().availableProcessors(); blocked++) {
            Connection neighbour = roundTrip.another();
            while (neighbour.send(Message.of(BLOCKING, 0, new byte[SIZE])).accepted()) {
                // More than its handlers take: they are full, and the rest waits here.
            }
        }
    }

    @Override
    public void exchange(byte[] payload) throws InterruptedException {
        roundTrip.exchange(payload);
    }

    @Override
    public void close() throws IOException {
        try {
            roundTrip.close();
        } finally {
            executor.shutdownNow();
        }
    }
}
