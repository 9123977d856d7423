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
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A round on a simulated network, of its seed alone: the way, the buffers, when what is asked and answered. */
final class SimulatedRound {
    private static final ProtocolId PROTOCOL = ProtocolId.of(64, "rounds");
    private static final int MOST = 100;
    private static final int[] BUFFERS = {1_000, 16_000, 256_000};

    private final SplittableRandom random;
    private final SimNetwork sim;
    private final List<ClosePolicy> policies = RoundPolicies.all();
    /** Whether some requests are never answered, so that only the deadline ends a close whose end waits for their handlers. */
    private final boolean forgetful;
    /** By the node's number: the one that dials, and the other. */
    private final @Nullable RoundEnd[] ends = new RoundEnd[2];

    SimulatedRound(long seed) {
        random = new SplittableRandom(seed);
        forgetful = random.nextInt(4) == 0;
        sim = new SimNetwork(seed);
    }

    void play(RoundTally tally) throws IOException {
        sim.conditions(new SimConditions(
                some(Duration.ofMillis(20)),
                random.nextBoolean() ? Duration.ZERO : some(Duration.ofMillis(2)),
                random.nextBoolean() ? Long.MAX_VALUE : 20_000 + random.nextLong(1_000_000),
                1_448));
        SimTransport[] hosts = {host("one"), host("other")};
        Network one = node(hosts[0], 0);
        Network other = node(hosts[1], 1);
        var unused = other.listen(hosts[1].address(6180));
        Connection connection = one.dial(hosts[1].address(6180));
        sim.runUntil(() -> ends[0] != null && ends[1] != null, Duration.ofSeconds(10));
        RoundEnd here = end(0);
        RoundEnd there = end(1);
        asks(here, 0, MOST);
        asks(there, 1, random.nextInt(3) == 0 ? MOST : random.nextInt(20));
        // Whoever has not closed by then.
        sim.after(Duration.ofSeconds(1), connection::close);
        sim.after(Duration.ofSeconds(1), there.connection()::close);
        sim.run();
        CloseReport report = here.connection().closed().toCompletableFuture().join();
        CloseReport otherReport =
                there.connection().closed().toCompletableFuture().join();
        here.judge(there, report);
        there.judge(here, otherReport);
        assertTrue(RoundPolicies.inTime(report, Duration.ZERO), () -> "late: " + report);
        assertTrue(RoundPolicies.inTime(otherReport, Duration.ZERO), () -> "late: " + otherReport);
        tally.add(here, there, report, otherReport);
        one.shutdown();
        other.shutdown();
        sim.run();
        sim.verifyNoLeaks();
    }

    private SimTransport host(String name) {
        SimSockets sockets = SimSockets.linux().withBuffers(one(BUFFERS), one(BUFFERS));
        return sim.host(name, 1, random.nextInt(3) == 0 ? sockets.flushingLater(some(Duration.ofMillis(2))) : sockets);
    }

    private Network node(SimTransport host, int which) {
        int closesAt = 1 + random.nextInt(2 * MOST);
        return Network.builder()
                .identityExchange(QuietPlaintext::begin)
                .transport(host)
                .closePolicy(policies.get(random.nextInt(policies.size())))
                .events(new NetworkEvents() {
                    @Override
                    public void connected(Connection connection) {
                        ends[which] = new RoundEnd(connection, closesAt);
                    }

                    @Override
                    public void disconnected(Connection connection, CloseReport report) {}
                })
                .answerLater(PROTOCOL, (connection, request) -> answer(end(which), request))
                .build();
    }

    private RoundEnd end(int which) {
        return requireNonNull(ends[which], "end");
    }

    private void asks(RoundEnd end, int which, int requests) {
        Duration within = random.nextInt(3) == 0 ? Duration.ofNanos(2) : some(Duration.ofMillis(100));
        for (int i = 0; i < requests; i++) {
            int number = 1000 * which + i;
            byte[] payload = new byte[4 + random.nextInt(random.nextInt(30) == 0 ? 100_000 : 300)];
            ByteBuffer.wrap(payload).putInt(number);
            sim.after(some(within), () -> end.ask(number, Message.of(PROTOCOL, 0, payload)));
        }
    }

    private CompletionStage<Message> answer(RoundEnd end, Message request) {
        end.isAsked(request.payload().getInt());
        int kind = random.nextInt(20);
        if (kind < 8) {
            return CompletableFuture.completedFuture(request);
        }
        CompletableFuture<Message> later = new CompletableFuture<>();
        if (kind > 8 || !forgetful) {
            sim.after(some(Duration.ofMillis(100)), () -> later.complete(request));
        }
        return later;
    }

    private Duration some(Duration most) {
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }

    private int one(int[] of) {
        return of[random.nextInt(of.length)];
    }
}
