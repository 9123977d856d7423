/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static io.softclose.bench.testnet.QuickTestnet.VICTIM;
import static io.softclose.bench.testnet.QuickTestnet.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.Shell;
import io.softclose.bench.lab.WireMesh;
import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.FaultPlan.Reset;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.process.ProcessCrew;
import io.softclose.net.DisconnectReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Validators in network namespaces, over wires that nothing shapes, so without netem; needs root. */
@Tag("kernel")
@Timeout(240)
class TestnetNamespacesTest {
    private final QuickTestnet quick = new QuickTestnet(Placement.NAMESPACES, Duration.ofMillis(100));
    private WireMesh wires;
    private Crew crew;

    @BeforeEach
    void hire() throws Exception {
        wires = WireMesh.unshaped(TestnetSettings.VALIDATORS);
        crew = ProcessCrew.of(TestnetSettings.VALIDATORS, Optional.of(wires));
    }

    @AfterEach
    void nothingIsLeft() {
        crew.close();
        wires.namespaces().forEach(namespace -> assertFalse(there().contains(namespace), namespace));
    }

    private static List<String> there() {
        return Shell.attempt("ip", "netns", "list")
                .output()
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
    }

    @Test
    void theyAgreeOverTheirWiresWhateverIsDoneToThem() throws Exception {
        assertTrue(there().containsAll(wires.namespaces()));
        try (Testnet testnet = quick.start(crew)) {
            testnet.step(new Reset(Duration.ZERO, 0, 1));
            await(() -> quick.closed(DisconnectReason.INPUT_OUTPUT_ERROR) >= 1);
            await(testnet::connected);
            testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
            await(() -> quick.closed(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE) >= 3);
            testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));
            await(testnet::connected);
            testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
            quick.aRoundIsCertified();
            testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));
            await(testnet::connected);
            quick.aRoundIsCertified();

            Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
            assertEquals(1, accounts.missing().size());
            assertEquals(List.of(), quick.chain.violations());
            assertEquals(List.of(), quick.connections.faults());
        }
    }

    @Test
    void whatIsInThemEndsWithThem() throws Exception {
        Testnet testnet = quick.start(crew);
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));

        wires.close();

        assertFalse(there().stream().anyMatch(wires.namespaces()::contains));
        testnet.close();
    }
}
