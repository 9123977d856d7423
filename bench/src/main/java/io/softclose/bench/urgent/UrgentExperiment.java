/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.urgent;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.lab.WanPath;
import io.softclose.bench.lab.WanRelay;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.Transport;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends votes beside bulk without end, from one node to another over a slow path, and takes the time of each from its send to
 * its handler. Both nodes are in this process, so they have one clock; the path is a {@link WanRelay}'s, whose buffers are small, so
 * that what a vote waits for is what its own node and its kernel hold.
 */
public final class UrgentExperiment {
    private static final ProtocolId VOTES = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;
    private static final ProtocolId BULK = ProtocolId.MEMPOOL_DIRECT_SEND;
    /** The variant of a vote, which is the first byte of its payload. */
    private static final byte VOTE = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UrgentLoad load;
    private final Queue<Duration> times = new ConcurrentLinkedQueue<>();

    private UrgentExperiment(UrgentLoad load) {
        this.load = load;
    }

    /**
     * Does it once.
     *
     * @param kind of the transport of both nodes
     * @param path between them
     * @param settings of both nodes
     * @throws IOException if there is no path
     */
    public static VoteTimes measure(AnyTransport kind, WanConditions path, UrgentSettings settings, UrgentLoad load)
            throws IOException {
        return new UrgentExperiment(load).run(kind, path, settings);
    }

    private VoteTimes run(AnyTransport kind, WanConditions conditions, UrgentSettings settings) throws IOException {
        try (WanRelay relay = WanRelay.open();
                Transport transport = kind.open(AnyTransport.DEFAULT_BUFFER);
                Transport far = kind.open(AnyTransport.DEFAULT_BUFFER)) {
            Network receiver = Network.builder()
                    .plaintext()
                    .transport(far)
                    .closePolicy(ConsensusPriorityPolicy.defaults())
                    .limits(settings.limits())
                    .handle(VOTES, (connection, vote) -> arrived(vote))
                    .handle(BULK, (connection, bulk) -> {})
                    .build();
            Network sender = Network.builder()
                    .plaintext()
                    .transport(transport)
                    .closePolicy(ConsensusPriorityPolicy.defaults())
                    .limits(settings.limits())
                    .support(VOTES)
                    .support(BULK)
                    .build();
            try {
                InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                WanPath path =
                        relay.path((InetSocketAddress) receiver.listen(any).localAddress(), conditions, new Random(0));
                Connection connection = sender.dial(path.address())
                        .opened()
                        .toCompletableFuture()
                        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
                return measure(connection);
            } finally {
                sender.shutdown(Duration.ZERO).toCompletableFuture().join();
                receiver.shutdown(Duration.ZERO).toCompletableFuture().join();
            }
        }
    }

    private VoteTimes measure(Connection connection) {
        Message bulk = Message.of(BULK, 0, new byte[load.bulkBytes()]);
        for (int i = 0; i < UrgentLoad.BULK_AT_A_TIME; i++) {
            goOn(connection, bulk);
        }
        sleepUntil(System.nanoTime() + load.warmUp().toNanos());
        long began = System.nanoTime();
        long before = connection.stats().sent().bytes();
        for (int vote = 0; vote < load.votes(); vote++) {
            sleepUntil(began + vote * load.interval().toNanos());
            byte[] payload = new byte[UrgentLoad.VOTE_BYTES];
            payload[0] = VOTE;
            ByteBuffer.wrap(payload).putLong(1, System.nanoTime());
            if (!connection.send(Message.of(VOTES, 0, payload)).accepted()) {
                throw new IllegalStateException("a vote was refused");
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double sent = connection.stats().sent().bytes() - before;
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (times.size() < load.votes() && System.nanoTime() - until < 0) {
            sleepUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10));
        }
        List<Duration> arrived = new ArrayList<>(times);
        return new VoteTimes(arrived, load.votes(), sent / seconds);
    }

    /** Sends a message of bulk, and the next one when it is written. */
    private static void goOn(Connection connection, Message bulk) {
        // One that is refused is the last: the connection closes.
        var unused = connection.send(bulk, (message, outcome) -> {
            if (outcome == Outcome.WRITTEN) {
                goOn(connection, bulk);
            }
        });
    }

    private void arrived(Message vote) {
        times.add(Duration.ofNanos(System.nanoTime() - vote.payload().getLong(1)));
    }

    private static void sleepUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
