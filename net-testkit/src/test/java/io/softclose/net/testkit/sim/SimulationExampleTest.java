/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The examples of docs/simulation.md. */
class SimulationExampleTest {
    private final AtomicInteger handled = new AtomicInteger();

    @Test
    void myPolicyKeepsThePromise() {
        Simulation.of("SimulationExampleTest", chance -> new PatientPolicy()).run(100);
    }

    @Test
    void aCloseDuringAPartitionWaitsForItsEnd() throws IOException {
        SimNetwork sim = new SimNetwork(42);
        SimTransport aliceHost = sim.host("alice");
        SimTransport bobHost = sim.host("bob");
        sim.conditions(SimConditions.wideArea());
        Network bob = node(bobHost);
        Network alice = node(aliceHost);
        bob.listen(bobHost.address(6180));
        Connection connection = alice.dial(bobHost.address(6180));
        sim.runUntil(connection.opened().toCompletableFuture()::isDone, Duration.ofSeconds(5));

        sim.partition(aliceHost, bobHost);
        sim.after(Duration.ofSeconds(20), () -> sim.heal(aliceHost, bobHost));
        assertEquals(
                SendResult.ACCEPTED, connection.send(Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[1000])));
        CompletableFuture<CloseReport> closed = connection.close().toCompletableFuture();
        sim.run();

        assertEquals(CloseEnding.CLEAN, closed.join().ending());
        assertEquals(1, closed.join().account().count(Outcome.WRITTEN));
        assertEquals(1, handled.get());
        assertTrue(closed.join().duration().compareTo(Duration.ofSeconds(20)) >= 0);
        alice.shutdown();
        bob.shutdown();
        sim.run();
        sim.verifyNoLeaks();
    }

    private Network node(SimTransport host) {
        return Network.builder()
                .plaintext()
                .transport(host)
                .closePolicy(new PatientPolicy())
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> handled.incrementAndGet())
                .build();
    }

    private static final class PatientPolicy implements ClosePolicy {
        @Override
        public String name() {
            return "patient";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(ClosePlan.Admission.SEAL, Duration.ofSeconds(60), Duration.ofSeconds(30));
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            boolean done = now.sealed() && now.drained();
            return done ? CloseDecision.finish() : CloseDecision.drain(now, Duration.ofMillis(50));
        }
    }
}
