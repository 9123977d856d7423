/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import io.softclose.bench.shutdown.BarrierCase.Ending;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.OutcomeListener;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import io.softclose.net.nio.NioTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node with many connections over one bottleneck ends within a budget that suffices for a part of what they have to send. The
 * bottleneck is stopped at first, and bulk is sent until nothing moves any more; then the votes are accepted, none of
 * which the operating system can take; then the bottleneck is let go, and the node ends. Counts the votes that its peers have had by then.
 */
public final class BarrierExperiment {
    private static final ProtocolId VOTES = ProtocolId.CONSENSUS_DIRECT_SEND_COMPRESSED;
    private static final ProtocolId BULK = ProtocolId.MEMPOOL_DIRECT_SEND;

    /** What the kernel may hold of a connection is little beside what waits, as on any path that is a bottleneck. */
    private static final int SEND_BUFFER_BYTES = 16 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Beyond the budget, for the last reports. */
    private static final Duration MORE = Duration.ofSeconds(30);
    /** Nothing moves if these many looks, with so much time between two, find the same. */
    private static final int LOOKS = 4;

    private static final Duration LOOK = Duration.ofMillis(25);

    private final BarrierLoad load;
    private final BarrierCase of;
    /** When each was handled. */
    private final Queue<Long> votes = new ConcurrentLinkedQueue<>();
    /** Those that have an outcome at the sender. */
    private final AtomicLong votesEnded = new AtomicLong();

    private BarrierExperiment(BarrierLoad load, BarrierCase of) {
        this.load = load;
        this.of = of;
    }

    /**
     * Does it once.
     *
     * @param load what is sent
     * @param of what the node has before it
     * @param ending how the node ends
     */
    public static Arrived measure(BarrierLoad load, BarrierCase of, Ending ending)
            throws IOException, InterruptedException {
        return new BarrierExperiment(load, of).run(ending);
    }

    private Arrived run(Ending ending) throws IOException, InterruptedException {
        try (Network receiver = receiver()) {
            InetSocketAddress address =
                    (InetSocketAddress) receiver.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .localAddress();
            try (Bottleneck bottleneck = Bottleneck.before(address, of.turns());
                    NioTransport transport = NioTransport.builder()
                            .sendBufferBytes(SEND_BUFFER_BYTES)
                            .build()) {
                Network sender = sender(transport);
                List<Connection> connections = connect(sender, bottleneck.address());
                long passedBefore = bottleneck.passed();
                long sentBefore = sent(connections);
                bottleneck.rate(0);
                Message bulk = Message.of(BULK, 0, new byte[load.bulkBytes()]);
                connections.forEach(connection -> send(connection, bulk, load.bulk(), (message, outcome) -> {}));
                awaitStandstill(connections, bottleneck);
                Message vote = Message.of(VOTES, 0, new byte[BarrierLoad.VOTE_BYTES]);
                for (int i = 0; i < connections.size(); i++) {
                    if (load.votes(of.voters(), i)) {
                        send(
                                connections.get(i),
                                vote,
                                load.votesEach(of.voters()),
                                (message, outcome) -> votesEnded.incrementAndGet());
                    }
                }
                awaitStandstill(connections, bottleneck);
                long waiting = load.allVotes(of.voters()) - votesEnded.get();
                long inKernel = sent(connections) - sentBefore - (bottleneck.passed() - passedBefore);
                bottleneck.rate(load.bytesPerSecond());
                long began = System.nanoTime();
                end(sender, connections, ending);
                List<Duration> after = votes.stream()
                        .map(handledAt -> Duration.ofNanos(handledAt - began))
                        .sorted()
                        .toList();
                return new Arrived(after, waiting, inKernel / connections.size());
            }
        }
    }

    private void end(Network sender, List<Connection> connections, Ending ending) {
        CompletableFuture<?> over = switch (ending) {
            case AS_ONE -> sender.shutdown(load.budget()).toCompletableFuture();
            case ONE_BY_ONE ->
                CompletableFuture.allOf(connections.stream()
                        .map(connection -> connection
                                .close(DisconnectReason.NETWORK_SHUTDOWN, load.budget())
                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new));
        };
        over.orTimeout(load.budget().plus(MORE).toMillis(), TimeUnit.MILLISECONDS)
                .join();
        sender.shutdown(Duration.ZERO);
    }

    private List<Connection> connect(Network sender, SocketAddress address) {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < load.connections(); i++) {
            Connection connection = sender.dial(address);
            connection
                    .opened()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            connections.add(connection);
        }
        return connections;
    }

    private static void send(Connection connection, Message message, int times, OutcomeListener listener) {
        for (int i = 0; i < times; i++) {
            if (!connection.send(message, listener).accepted()) {
                throw new IllegalStateException("refused: " + message);
            }
        }
    }

    /** Waits until no connection gives the operating system anything, and the bottleneck passes nothing. */
    private static void awaitStandstill(List<Connection> connections, Bottleneck bottleneck)
            throws InterruptedException {
        long start = System.nanoTime();
        long sent = -1;
        long passed = -1;
        for (int same = 0; same < LOOKS; ) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            long nowSent = sent(connections);
            long nowPassed = bottleneck.passed();
            same = nowSent == sent && nowPassed == passed ? same + 1 : 0;
            sent = nowSent;
            passed = nowPassed;
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("the stopped bottleneck still passes bytes after " + PATIENCE);
            }
        }
    }

    /** What the operating system has taken. To be asked has a connection try whether it takes more. */
    private static long sent(List<Connection> connections) {
        return connections.stream()
                .mapToLong(connection -> connection.stats().sent().bytes())
                .sum();
    }

    private Network sender(NioTransport transport) {
        return Network.builder()
                .plaintext()
                .transport(transport)
                .closePolicy(of.rules().policy())
                .limits(Limits.builder()
                        .outboxMessages(load.messagesEach(of.voters()))
                        .outboxBytes((long) load.messagesEach(of.voters())
                                * Math.max(load.bulkBytes(), BarrierLoad.VOTE_BYTES))
                        .build())
                .support(VOTES)
                .support(BULK)
                .events(new Quiet())
                .build();
    }

    private Network receiver() {
        return Network.builder()
                .plaintext()
                .transport(Providers.transport("nio"))
                .closePolicy("graceful")
                .limits(Limits.builder()
                        .maxInboundConnections(load.connections())
                        .build())
                .handle(VOTES, (connection, message) -> votes.add(System.nanoTime()))
                .handle(BULK, (connection, message) -> {})
                .events(new Quiet())
                .build();
    }

    /** What did not go is what is measured. */
    private static final class Quiet implements NetworkEvents {
        @Override
        public void disconnected(Connection connection, CloseReport report) {}

        @Override
        public void protocolViolation(Connection connection, String detail) {}
    }
}
