/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process's ends of many connections: what they hold in memory while nothing happens, and how they ended. Thread-safe. */
final class ManyEnds implements NetworkEvents {
    static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;

    final Network network;
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger unbalanced = new AtomicInteger();
    private final AtomicInteger handled = new AtomicInteger();

    /**
     * A network that takes and makes so many connections.
     *
     * @param transport the name of its transport
     */
    ManyEnds(String transport, int connections) {
        network = Network.builder()
                .plaintext()
                .transport(Providers.transport(transport))
                .closePolicy("graceful")
                .limits(Limits.builder().maxInboundConnections(connections).build())
                .handle(PROTOCOL, (connection, message) -> handled.incrementAndGet())
                .events(this)
                .build();
    }

    int connected() {
        return connected.get();
    }

    /** Waits until every connection has its report, or for this long. */
    synchronized void awaitReports(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); ended() < connected() && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Of those connections, how many have their reports. */
    int ended() {
        return ended.get();
    }

    /** Of those reports, how many do not balance. */
    int unbalanced() {
        return unbalanced.get();
    }

    /** How many messages have been handled. */
    int handled() {
        return handled.get();
    }

    @Override
    public void connected(Connection connection) {
        connected.incrementAndGet();
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        if (!report.account().balanced()) {
            unbalanced.incrementAndGet();
        }
        synchronized (this) {
            ended.incrementAndGet();
            notifyAll();
        }
    }
}
