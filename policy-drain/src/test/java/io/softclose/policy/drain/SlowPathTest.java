/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer behind a slow path and a send buffer of 4 MiB, as Linux has on a path that was fast before. The kernel tells the
 * writer of room once a third of that is free, which takes the path far longer than a stall timeout; yet bytes leave all
 * the time, so that the close must not take the peer for dead.
 */
class SlowPathTest {
    private static final int MESSAGES = 12 * 1024;
    private static final int SEND_BUFFER = 4 << 20;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final SimSockets SOCKETS = SimSockets.linux().withBuffers(SEND_BUFFER, 128 * 1024);
    private static final ClosePolicy PATIENT = GracefulPolicy.builder()
            .drainTimeout(Duration.ofMinutes(5))
            .finishTimeout(Duration.ofMinutes(5))
            .build();

    @ParameterizedTest
    @ValueSource(longs = {100_000, 1_000_000})
    void aSlowPeerIsNoStall(long bytesPerSecond) throws IOException {
        assertClean(close(PATIENT, SOCKETS, bytesPerSecond));
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000, 1_000_000})
    void aSlowPeerIsNoStallOnALinkThatFlushesLater(long bytesPerSecond) throws IOException {
        assertClean(close(PATIENT, SOCKETS.flushingLater(Duration.ofMillis(1)), bytesPerSecond));
    }

    @Test
    void whatIsWrittenArrivesThoughTheTimeIsOver() throws IOException {
        Result result = close(GracefulPolicy.defaults(), SOCKETS, 100_000);

        assertEquals(CloseEnding.DEADLINE, result.report().ending());
        assertTrue(result.written() * 1024 > SEND_BUFFER, result::toString);
        assertEquals(result.written(), result.handled());
    }

    private static void assertClean(Result result) {
        assertEquals(CloseEnding.CLEAN, result.report().ending(), result::toString);
        assertEquals(MESSAGES, result.written());
        assertEquals(MESSAGES, result.handled());
    }

    /** Closes with 12 MiB to go, and lets the network come to rest. */
    private static Result close(ClosePolicy policy, SimSockets sockets, long bytesPerSecond) throws IOException {
        SimNetwork sim = new SimNetwork(1);
        SimTransport here = sim.host("here", 1, sockets);
        SimTransport there = sim.host("there", 1, SOCKETS);
        SimConditions path = SimConditions.wideArea().withJitter(Duration.ZERO);
        sim.conditions(path);
        sim.conditions(here, there, path.withBytesPerSecond(bytesPerSecond));
        AtomicInteger handled = new AtomicInteger();
        Network peer = network(there, policy, handled);
        Network closing = network(here, policy, new AtomicInteger());
        peer.listen(there.address(6180));
        Connection connection = closing.dial(there.address(6180));
        sim.runUntil(connection.opened().toCompletableFuture()::isDone, SECOND);
        for (int i = 0; i < MESSAGES; i++) {
            Message message = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[1024]);
            assertTrue(connection.send(message).accepted());
        }

        CompletableFuture<CloseReport> closed = connection.close().toCompletableFuture();
        sim.runUntil(closed::isDone, SECOND.multipliedBy(600));
        peer.shutdown(SECOND.multipliedBy(600));
        closing.shutdown(SECOND.multipliedBy(600));
        sim.run();
        sim.verifyNoLeaks();
        return new Result(closed.join(), handled.get());
    }

    private static Network network(SimTransport host, ClosePolicy policy, AtomicInteger handled) {
        return Network.builder()
                .plaintext()
                .transport(host)
                .closePolicy(policy)
                .limits(Limits.builder().outboxMessages(MESSAGES).build())
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> handled.incrementAndGet())
                .build();
    }

    private record Result(CloseReport report, int handled) {
        long written() {
            return report.account().count(Outcome.WRITTEN);
        }
    }
}
