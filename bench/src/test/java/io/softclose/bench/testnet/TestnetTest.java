/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static io.softclose.bench.testnet.QuickTestnet.VICTIM;
import static io.softclose.bench.testnet.QuickTestnet.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainFigures.Votes;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.LocalCrew;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.DisconnectReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test network on real sockets, with tiny latency and quick faults. */
@Timeout(120)
class TestnetTest {
    private final QuickTestnet quick = new QuickTestnet(Placement.ONE_PROCESS, Duration.ofMillis(50));
    private final ChainWitness chain = quick.chain;
    private final ConnectionTally connections = quick.connections;
    private final Crew crew = new LocalCrew(TestnetSettings.VALIDATORS, Optional.empty());
    private Testnet testnet;

    @BeforeEach
    void start() throws Exception {
        testnet = quick.start(crew);
    }

    @AfterEach
    void stop() {
        testnet.close();
    }

    @Test
    void aValidatorThatIsRemovedIsClosedAsStaleAndComesBack() throws Exception {
        testnet.step(new Begin(Duration.ZERO, Fault.REMOVED, VICTIM));
        // At the end of each of the other three.
        await(() -> quick.closed(DisconnectReason.STALE_CONNECTION) >= 3);
        await(() -> testnet.connectionsOf(VICTIM) == 0);
        quick.aRoundIsCertified();
        testnet.step(new End(Duration.ZERO, Fault.REMOVED, VICTIM));

        await(testnet::connected);
        quick.aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aValidatorThatIsStalledIsClosedByItsHealthCheckAndComesBack() throws Exception {
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
        await(() -> quick.closed(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE) >= 3);
        quick.aRoundIsCertified();
        testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));

        await(testnet::connected);
        quick.aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aValidatorThatIsKilledIsMissedAndStartsAgain() throws Exception {
        testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
        await(() -> quick.closed(DisconnectReason.INPUT_OUTPUT_ERROR) + quick.closed(DisconnectReason.CONNECTION_CLOSED)
                >= 3);
        quick.aRoundIsCertified();
        testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));

        await(testnet::connected);
        quick.aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aConnectionThatIsResetIsReplaced() throws Exception {
        long before = connections.connections();
        testnet.step(new FaultPlan.Reset(Duration.ZERO, 0, 1));

        await(() -> quick.closed(DisconnectReason.INPUT_OUTPUT_ERROR) >= 1 && connections.connections() > before);
        await(testnet::connected);
        quick.aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aWholeRunEndsWithAnAccountOfEverything() throws Exception {
        Variant variant = new Variant("consensus-priority", HandOver.OFF);
        Finished result = quick.play(crew, variant, Duration.ofSeconds(2), QuickTestnet.ALL);

        assertEquals(List.of(), result.faults(), "seed " + QuickTestnet.SEED);
        assertTrue(result.safe() && result.balanced());
        assertTrue(result.chain().rounds() > 0, result.toString());
        assertTrue(result.chain().commits() > 0, result.toString());
        assertTrue(result.chain().votes().sent() > 0, result.toString());
        assertTrue(result.network().reconnections() > 0, result.toString());
        assertEquals(
                result.network().accepted(),
                result.network().outcomes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Test
    void whatIsOnItsWayWhenAConnectionIsResetIsLostSilently() throws Exception {
        // What is sent to a validator that is cut off is written, and goes no further than its path.
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
        long before = chain.certifiedRound();
        await(() -> chain.certifiedRound() > before + 2);
        for (int other = 0; other < TestnetSettings.VALIDATORS; other++) {
            if (other != VICTIM) {
                testnet.step(new FaultPlan.Reset(Duration.ZERO, Math.min(VICTIM, other), Math.max(VICTIM, other)));
            }
        }
        testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));
        await(testnet::connected);
        quick.aRoundIsCertified();
        chain.end();

        everythingBalances();
        assertTrue(
                chain.figures().votes().silent().orElseThrow() > 0,
                chain.figures().toString());
    }

    @Test
    void withoutFaultsNoVoteIsLost() throws Exception {
        Finished result = quick.play(crew, QuickTestnet.GRACEFUL, Duration.ofSeconds(1), QuickTestnet.NONE);

        Votes votes = result.chain().votes();
        assertEquals(new Votes(votes.sent(), 0, 0, 0, 0, OptionalLong.of(0), 0), votes);
        assertTrue(votes.sent() > 0, votes.toString());
    }

    @Test
    void aPathThatIsABlackHoleIsClosedByHealthChecksAndComesBack() throws Exception {
        testnet.step(new FaultPlan.Hold(Duration.ZERO, 0, 1));
        await(() -> quick.closed(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE) >= 2);
        // Of the others nobody is told anything.
        await(() -> testnet.connectionsOf(0) == 2 && testnet.connectionsOf(1) == 2);
        assertEquals(3, testnet.connectionsOf(2));
        assertEquals(3, testnet.connectionsOf(3));
        // A path that is held for two reasons is passed when both are gone.
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, 0));
        testnet.step(new End(Duration.ZERO, Fault.STALLED, 0));
        await(() -> testnet.connectionsOf(0) == 2);
        quick.aRoundIsCertified();
        assertEquals(2, testnet.connectionsOf(1));
        testnet.step(new FaultPlan.Release(Duration.ZERO, 0, 1));

        await(testnet::connected);
        quick.aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void whoStartsAgainTrustsNobodyWhoIsRemoved() throws Exception {
        int removed = 0;
        testnet.step(new Begin(Duration.ZERO, Fault.REMOVED, removed));
        await(() -> testnet.connectionsOf(removed) == 0);
        testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
        testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));
        await(() -> testnet.connectionsOf(VICTIM) == 2);
        quick.aRoundIsCertified();
        assertEquals(0, testnet.connectionsOf(removed));
        testnet.step(new End(Duration.ZERO, Fault.REMOVED, removed));

        await(testnet::connected);
        quick.aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void votesThatAConnectionLeavesAreHandedOver() throws Exception {
        testnet.close();
        // So much that it is soon in the way of votes, where nothing passes.
        QuickTestnet loaded = new QuickTestnet(Placement.ONE_PROCESS, Duration.ofMillis(50));
        testnet = loaded.start(crew, 1_000_000);
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
        await(() -> loaded.chain.figures().votes().handedOver() > 0);
        testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));
        await(testnet::connected);
        loaded.aRoundIsCertified();
        loaded.chain.end();

        Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
        Votes votes = loaded.chain.figures().votes();
        long handOvers =
                accounts.messages().stream().mapToLong(MessageTally::handedOver).sum();
        assertTrue(votes.handedOver() <= votes.handOvers() && votes.handOvers() <= handOvers, votes + ", " + accounts);
        loaded.everythingBalances(accounts.messages());
    }

    private void everythingBalances() throws Exception {
        Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
        assertEquals(List.of(), accounts.missing());
        quick.everythingBalances(accounts.messages());
    }
}
