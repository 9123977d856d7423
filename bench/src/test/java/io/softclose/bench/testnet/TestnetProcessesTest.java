/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static io.softclose.bench.testnet.QuickTestnet.VICTIM;
import static io.softclose.bench.testnet.QuickTestnet.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.bench.testnet.process.ProcessCrew;
import io.softclose.net.DisconnectReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test network with each validator in a process of its own, which is stopped and killed for real. */
@Timeout(240)
class TestnetProcessesTest {
    private final QuickTestnet quick = new QuickTestnet(Placement.PROCESSES, Duration.ofMillis(100));
    private Crew crew;

    @BeforeEach
    void hire() throws IOException {
        crew = ProcessCrew.of(TestnetSettings.VALIDATORS, Optional.empty());
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

    @Test
    void aProcessThatIsStoppedIsClosedByHealthChecksAndComesBack() throws Exception {
        try (Testnet testnet = quick.start(crew)) {
            testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
            await(() -> quick.closed(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE) >= 3);
            quick.aRoundIsCertified();
            testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));

            await(testnet::connected);
            quick.aRoundIsCertified();
            Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
            assertEquals(List.of(), accounts.missing());
            quick.everythingBalances(accounts.messages());
        }
    }

    @Test
    void aProcessThatIsKilledGoesOnFromWhatItHadSaid() throws Exception {
        try (Testnet testnet = quick.start(crew)) {
            testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
            quick.aRoundIsCertified();
            testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));

            await(testnet::connected);
            quick.aRoundIsCertified();
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
            quick.everythingBalances(others);
        }
    }

    @Test
    void aRunThatIsGivenUpLeavesNobody() throws Exception {
        Testnet testnet = quick.start(crew);
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
        assertFalse(children().isEmpty());

        testnet.close();
        assertEquals(List.of(), children());
    }

    @Test
    void aWholeRunEndsWithAnAccountOfEverythingButWhatWasKilled() throws Exception {
        Variant variant = new Variant("drop", HandOver.OFF);
        Finished result = quick.play(crew, variant, Duration.ofSeconds(4), QuickTestnet.ALL);

        assertEquals(List.of(), result.faults(), "seed " + QuickTestnet.SEED);
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
}
