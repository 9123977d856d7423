/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.bench.testnet.process.ProcessCrew;
import io.softclose.net.DisconnectReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test network with each validator in a process of its own, which is stopped and killed for real. */
@Timeout(240)
class TestnetProcessesTest {
    private static final long SEED = 5;
    private static final int VICTIM = 2;
    private static final Variant GRACEFUL = new Variant("graceful", HandOver.ON);

    private final ChainWitness chain =
            new ChainWitness(TestnetSettings.VALIDATORS, Duration.ofMillis(4), Receivers.SEEN, System::nanoTime);
    private final ConnectionTally connections = new ConnectionTally();
    private Crew crew;

    @BeforeEach
    void hire() throws IOException {
        crew = ProcessCrew.of(TestnetSettings.VALIDATORS);
    }

    @AfterEach
    void nobodyIsLeft() {
        crew.close();
        assertEquals(List.of(), children());
    }

    private static List<String> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .map(ProcessHandle::toString)
                .toList();
    }

    private Testnet started() throws Exception {
        Testnet testnet = new Testnet(crew, GRACEFUL, settings(Duration.ofSeconds(1), Set.of()), chain, connections);
        connections.begin();
        testnet.connect();
        await(testnet::connected);
        testnet.start();
        await(chain::hasCommitted);
        chain.begin();
        return testnet;
    }

    @Test
    void aProcessThatIsStoppedIsClosedByHealthChecksAndComesBack() throws Exception {
        try (Testnet testnet = started()) {
            testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
            await(() -> closed(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE) >= 3);
            aRoundIsCertified();
            testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));

            await(testnet::connected);
            aRoundIsCertified();
            Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
            assertEquals(List.of(), accounts.missing());
            everythingBalances(accounts);
        }
    }

    @Test
    void aProcessThatIsKilledGoesOnFromWhatItHadSaid() throws Exception {
        try (Testnet testnet = started()) {
            testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
            aRoundIsCertified();
            testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));

            await(testnet::connected);
            aRoundIsCertified();
            Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
            assertEquals(5, accounts.messages().size());
            assertEquals(1, accounts.missing().size());
            Missing missing = accounts.missing().get(0);
            assertEquals(VICTIM, missing.validator());
            // What is pending is the killed one's alone, and its account is there.
            assertTrue(accounts.messages().get(VICTIM).accepted() > 0, accounts.toString());
            assertEquals(missing.pending(), accounts.messages().get(VICTIM).pending());
            List<MessageTally> others = new ArrayList<>(accounts.messages());
            others.remove(VICTIM);
            everythingBalances(new Testnet.Accounts(others, List.of()));
        }
    }

    @Test
    void aRunThatIsGivenUpLeavesNobody() throws Exception {
        Testnet testnet = started();
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
        assertFalse(children().isEmpty());

        testnet.close();
        assertEquals(List.of(), children());
    }

    @Test
    void aWholeRunEndsWithAnAccountOfEverythingButWhatWasKilled() throws Exception {
        Finished result = (Finished) new RunPlayer(settings(Duration.ofSeconds(4), TestnetSettings.allFaults()), crew)
                .play(new Variant("drop", HandOver.OFF));

        assertEquals(List.of(), result.faults(), "seed " + SEED);
        assertTrue(result.safe() && result.balanced());
        assertTrue(result.chain().rounds() > 0, result.toString());
        assertTrue(result.chain().commits() > 0, result.toString());
        assertTrue(result.network().reconnections() > 0, result.toString());
        assertEquals(1, result.missing().size());
        long ended = result.network().outcomes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertEquals(
                result.network().accepted(), ended + result.missing().get(0).pending());
    }

    private long closed(DisconnectReason reason) {
        return connections.closes().getOrDefault(reason, 0L);
    }

    private void aRoundIsCertified() throws InterruptedException {
        long before = chain.certifiedRound();
        await(() -> chain.certifiedRound() > before + 1);
    }

    private void everythingBalances(Testnet.Accounts accounts) {
        for (MessageTally messages : accounts.messages()) {
            assertEquals(0, messages.pending(), messages.toString());
        }
        assertEquals(List.of(), connections.faults());
        assertEquals(List.of(), chain.violations());
        assertEquals(List.of(), chain.rejections());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static TestnetSettings settings(Duration duration, Set<Fault> faults) {
        return new TestnetSettings(
                AnyTransport.NIO,
                new WanConditions(Duration.ofMillis(2), Duration.ofMillis(1), 10_000_000),
                Duration.ofMillis(100),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                TrafficLoad.of(100_000),
                duration,
                Duration.ofMillis(100),
                faults,
                SEED,
                Placement.PROCESSES);
    }
}
