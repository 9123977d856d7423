/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that is still talking, and a close after everything was written. Closing the socket right then loses most of it,
 * though every message was WRITTEN: the peer's next bytes are answered with a reset, and that destroys what had not
 * arrived. Ending first, and reading on until the peer's end, loses nothing.
 */
class CarelessCloseTest {
    private static final int MESSAGES = 10_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Sends everything, then parts as it is told. */
    private record Parting10k(Parting parting) implements ClosePolicy {
        @Override
        public String name() {
            return "parting " + parting;
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(Admission.SEAL, SECOND.multipliedBy(60), SECOND.multipliedBy(60));
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            return now.sealed() && now.drained() ? new Finish(parting) : CloseDecision.drain(now, SECOND);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void closingAtOnceLosesMostOfWhatWasWritten(long seed) throws IOException {
        int lost = lost(seed, Parting.AT_ONCE);
        System.out.println("closing at once, seed " + seed + ": lost " + lost + " of " + MESSAGES);

        assertTrue(lost > MESSAGES / 2, "lost " + lost + " of " + MESSAGES);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void endingFirstAndReadingOnLosesNothing(long seed) throws IOException {
        assertEquals(0, lost(seed, Parting.HALF_CLOSE));
    }

    /** How many of the messages that the close reports as WRITTEN the peer's handler never saw. */
    private static int lost(long seed, Parting parting) throws IOException {
        SimNetwork sim = new SimNetwork(seed);
        // As on a real loopback: a large send buffer, and a receive buffer of 128 KiB.
        SimSockets sockets = SimSockets.linux().withBuffers(4 << 20, 128 * 1024);
        SimTransport here = sim.host("closing", 1, sockets);
        SimTransport there = sim.host("talking", 1, sockets);
        AtomicInteger handled = new AtomicInteger();
        Network talking = network(there, parting, handled);
        Network closing = network(here, parting, new AtomicInteger());
        talking.listen(there.address(6180));
        Connection connection = closing.dial(there.address(6180));
        sim.runUntil(() -> !talking.connections().isEmpty(), SECOND);
        Connection back = talking.connections().get(0);
        // A talking peer: a message now and then, as long as it may.
        talk(sim, back);
        // Busy when the rest comes, as a peer that is flooded is.
        there.pause(Duration.ofMillis(3));
        for (int i = 0; i < MESSAGES; i++) {
            send(sim, connection);
        }

        CloseReport report = close(sim, connection);
        sim.runFor(SECOND);
        talking.shutdown(SECOND);
        closing.shutdown(SECOND);
        sim.run();
        sim.verifyNoLeaks();

        assertEquals(MESSAGES, report.account().count(Outcome.WRITTEN));
        return MESSAGES - handled.get();
    }

    private static void send(SimNetwork sim, Connection connection) {
        Message message = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[200]);
        while (!connection.send(message).accepted()) {
            sim.step();
        }
    }

    private static void talk(SimNetwork sim, Connection back) {
        if (back.send(Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[100]))
                .accepted()) {
            sim.after(Duration.ofMillis(1), () -> talk(sim, back));
        }
    }

    private static CloseReport close(SimNetwork sim, Connection connection) {
        var closed = connection.close().toCompletableFuture();
        sim.runUntil(closed::isDone, SECOND.multipliedBy(100));
        return closed.join();
    }

    private static Network network(SimTransport host, Parting parting, AtomicInteger handled) {
        return Network.builder()
                .plaintext()
                .transport(host)
                .closePolicy(new Parting10k(parting))
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> handled.incrementAndGet())
                .build();
    }
}
