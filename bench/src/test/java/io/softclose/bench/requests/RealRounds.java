/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.requests;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Rounds on the loopback interface, between nodes on NIO and nodes on Netty, one of each for each policy. */
final class RealRounds implements AutoCloseable {
    private static final ProtocolId PROTOCOL = ProtocolId.of(64, "rounds");
    private static final int MOST = 100;
    /** A close may end so much later on a machine that has other work. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final SplittableRandom random;
    private final List<ClosePolicy> policies = RoundPolicies.all();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final Executor late = CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS, executor);
    private final List<Transport> transports =
            List.of(NioTransport.builder().build(), NettyTransport.builder().build());
    /** First all on NIO, then all on Netty. */
    private final List<Node> nodes = new ArrayList<>();

    RealRounds(long seed) throws IOException {
        random = new SplittableRandom(seed);
        for (Transport transport : transports) {
            for (ClosePolicy policy : policies) {
                nodes.add(new Node(transport, policy));
            }
        }
    }

    void play(RoundTally tally) {
        int nio = random.nextInt(policies.size());
        int netty = policies.size() + random.nextInt(policies.size());
        boolean nioDials = random.nextBoolean();
        Node dialling = nodes.get(nioDials ? nio : netty);
        Node listening = nodes.get(nioDials ? netty : nio);
        int here = 1 + random.nextInt(3 * MOST);
        int there = 1 + random.nextInt(3 * MOST);
        dialling.closesAt = here;
        listening.closesAt = there;
        Waiting.await(dialling.network.dial(listening.address).opened(), "the connection");
        RoundEnd one = Waiting.next(dialling.opened, "our end");
        RoundEnd other = Waiting.next(listening.opened, "the peer's end");
        int asksBack = random.nextInt(3) == 0 ? MOST : random.nextInt(20);
        for (int i = 0; i < MOST; i++) {
            one.ask(i, request(i));
            if (i < asksBack) {
                other.ask(1_000 + i, request(1_000 + i));
            }
        }
        one.connection().close();
        if (random.nextBoolean()) {
            other.connection().close();
        }
        CloseReport report = Waiting.await(one.connection().closed(), "the close");
        CloseReport otherReport = Waiting.await(other.connection().closed(), "the peer's close");
        one.judge(other, report);
        other.judge(one, otherReport);
        for (CloseReport each : List.of(report, otherReport)) {
            assertTrue(RoundPolicies.inTime(each, SLACK), () -> "late: " + each);
        }
        tally.add(one, other, report, otherReport);
    }

    private Message request(int number) {
        byte[] payload = new byte[4 + random.nextInt(random.nextInt(8) == 0 ? 400_000 : 300)];
        ByteBuffer.wrap(payload).putInt(number);
        return Message.of(PROTOCOL, 0, payload);
    }

    /** By its number alone, so that any thread may ask: at once, in another thread, or when no close waits for it any more. */
    private CompletionStage<Message> answer(Message request, int number) {
        int kind = number * 31 % 20;
        if (kind < 8) {
            return CompletableFuture.completedFuture(request);
        }
        return CompletableFuture.supplyAsync(() -> request, kind == 8 ? late : executor);
    }

    @Override
    public void close() {
        nodes.forEach(node -> Waiting.await(node.network.shutdown(), "a shutdown"));
        transports.forEach(Transport::close);
        executor.shutdown();
    }

    private final class Node implements NetworkEvents {
        private final Network network;
        private final SocketAddress address;
        private final Map<Connection, RoundEnd> ends = new ConcurrentHashMap<>();
        private final LinkedBlockingQueue<RoundEnd> opened = new LinkedBlockingQueue<>();
        private volatile int closesAt;

        Node(Transport transport, ClosePolicy policy) throws IOException {
            network = Network.builder()
                    .identityExchange(QuietPlaintext::begin)
                    .transport(transport)
                    .closePolicy(policy)
                    .events(this)
                    .answerLater(PROTOCOL, (connection, request) -> {
                        int number = request.payload().getInt();
                        requireNonNull(ends.get(connection), "end").isAsked(number);
                        return answer(request, number);
                    })
                    .build();
            address = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .localAddress();
        }

        @Override
        public void connected(Connection connection) {
            RoundEnd end = new RoundEnd(connection, closesAt);
            ends.put(connection, end);
            opened.add(end);
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            ends.remove(connection);
        }
    }
}
