/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import io.softclose.bench.shutdown.Bottleneck.Turns;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A node with many connections over one bottleneck, each of which has votes queued behind bulk, ends within a budget that
 * suffices for a part of it. Counts the votes that its peers have had by then.
 */
public final class BarrierExperiment {
    /** How the node ends. */
    public enum Ending {
        /** As a network that shuts down, behind its barrier. */
        SHUTDOWN,
        /** Connection by connection, in the same moment and with the same deadline: there is no barrier. */
        SINGLE_CLOSES
    }

    /** How long each class may drain under the close policy. */
    public enum Times {
        /** As by default: bulk for a quarter of the time of critical messages. */
        SHARED,
        /** As long as critical messages, each. */
        EQUAL;

        private ClosePolicy policy() {
            return switch (this) {
                case SHARED -> ConsensusPriorityPolicy.defaults();
                case EQUAL ->
                    ConsensusPriorityPolicy.builder()
                            .recoverable(lane -> lane.withDrainTimeout(LONGEST))
                            .bulk(lane -> lane.withDrainTimeout(LONGEST))
                            .build();
            };
        }
    }

    /**
     * What is sent.
     *
     * @param connections how many there are
     * @param votes of each connection
     * @param bulk messages of each connection, queued before the votes
     * @param bulkBytes the size of each
     * @param budget for the end
     * @param part the budget suffices for one part in so many of all bytes
     */
    public record Load(int connections, int votes, int bulk, int bulkBytes, Duration budget, int part) {
        long bytesPerSecond() {
            long bytes = (long) connections * (bulk * (long) bulkBytes + votes * (long) VOTE_BYTES);
            return bytes * 1_000 / part / budget.toMillis();
        }

        /** Votes of all connections. */
        public int allVotes() {
            return connections * votes;
        }
    }

    /** As critical messages have. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /**
     * What the peers had when the node had ended.
     *
     * @param after how long after the end had begun each vote was handled, in the order of their coming
     */
    public record Arrived(List<Duration> after) {
        /** How many had been handled. */
        public int votes() {
            return after.size();
        }

        /** How long it took until so many of all votes had been handled; empty if fewer ever were. */
        public Optional<Duration> until(int votes) {
            return votes <= after.size() ? Optional.of(after.get(votes - 1)) : Optional.empty();
        }
    }

    private static final ProtocolId VOTES = ProtocolId.CONSENSUS_DIRECT_SEND_COMPRESSED;
    private static final ProtocolId BULK = ProtocolId.MEMPOOL_DIRECT_SEND;
    private static final int VOTE_BYTES = 200;
    /** What the kernel may hold of a connection is little beside what waits, as on any path that is a bottleneck. */
    private static final int SEND_BUFFER_BYTES = 16 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Beyond the budget, for the last reports. */
    private static final Duration MORE = Duration.ofSeconds(30);

    private final Load load;
    private final Times times;
    /** When each was handled. */
    private final Queue<Long> votes = new ConcurrentLinkedQueue<>();

    private BarrierExperiment(Load load, Times times) {
        this.load = load;
        this.times = times;
    }

    /**
     * Does it once.
     *
     * @param load what is sent
     * @param times how long bulk may drain
     * @param turns whose bytes go next through the bottleneck
     * @param ending how the node ends
     */
    public static Arrived measure(Load load, Times times, Turns turns, Ending ending) throws IOException {
        return new BarrierExperiment(load, times).run(turns, ending);
    }

    private Arrived run(Turns turns, Ending ending) throws IOException {
        try (Network receiver = receiver()) {
            InetSocketAddress address =
                    (InetSocketAddress) receiver.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .localAddress();
            try (Bottleneck bottleneck = Bottleneck.before(address, turns);
                    NioTransport transport = NioTransport.builder()
                            .sendBufferBytes(SEND_BUFFER_BYTES)
                            .build()) {
                Network sender = sender(transport);
                List<Connection> connections = connect(sender, bottleneck.address());
                bottleneck.rate(0);
                connections.forEach(this::fill);
                bottleneck.rate(load.bytesPerSecond());
                long began = System.nanoTime();
                end(sender, connections, ending);
                return new Arrived(votes.stream()
                        .map(handledAt -> Duration.ofNanos(handledAt - began))
                        .sorted()
                        .toList());
            }
        }
    }

    private void end(Network sender, List<Connection> connections, Ending ending) {
        CompletableFuture<?> over = switch (ending) {
            case SHUTDOWN -> sender.shutdown(load.budget()).toCompletableFuture();
            case SINGLE_CLOSES ->
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

    private List<Connection> connect(Network sender, InetSocketAddress address) {
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

    private void fill(Connection connection) {
        byte[] bulk = new byte[load.bulkBytes()];
        byte[] vote = new byte[VOTE_BYTES];
        for (int i = 0; i < load.bulk(); i++) {
            requireAccepted(connection, Message.of(BULK, 0, bulk));
        }
        for (int i = 0; i < load.votes(); i++) {
            requireAccepted(connection, Message.of(VOTES, 0, vote));
        }
    }

    private static void requireAccepted(Connection connection, Message message) {
        if (!connection.send(message).accepted()) {
            throw new IllegalStateException("refused: " + message);
        }
    }

    private Network sender(NioTransport transport) {
        return Network.builder()
                .plaintext()
                .transport(transport)
                .closePolicy(times.policy())
                .limits(Limits.builder()
                        .outboxMessages(load.bulk() + load.votes())
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
