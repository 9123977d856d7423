/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.testnet.FaultPlan.Begin;
import io.softclose.bench.testnet.FaultPlan.End;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainFigures.Votes;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.LocalCrew;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.DisconnectReason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test network on real sockets, with tiny latency and quick faults. */
@Timeout(120)
class TestnetTest {
    private static final long SEED = 5;
    private static final int VICTIM = 2;
    private static final Variant GRACEFUL = new Variant("graceful", HandOver.ON);

    private final ChainWitness chain =
            new ChainWitness(TestnetSettings.VALIDATORS, Duration.ofMillis(4), Receivers.SEEN, System::nanoTime);
    private final ConnectionTally connections = new ConnectionTally();
    private final Crew crew = new LocalCrew(TestnetSettings.VALIDATORS, Optional.empty());
    private Testnet testnet;

    @BeforeEach
    void start() throws Exception {
        testnet = new Testnet(crew, GRACEFUL, settings(Duration.ofSeconds(1), Set.of()), chain, connections);
        connections.begin();
        testnet.connect();
        await(testnet::connected);
        testnet.start();
        await(chain::hasCommitted);
        chain.begin();
    }

    @AfterEach
    void stop() {
        testnet.close();
    }

    @Test
    void aValidatorThatIsRemovedIsClosedAsStaleAndComesBack() throws Exception {
        testnet.step(new Begin(Duration.ZERO, Fault.REMOVED, VICTIM));
        // At the end of each of the other three.
        await(() -> closed(DisconnectReason.STALE_CONNECTION) >= 3);
        await(() -> testnet.connectionsOf(VICTIM) == 0);
        aRoundIsCertified();
        testnet.step(new End(Duration.ZERO, Fault.REMOVED, VICTIM));

        await(testnet::connected);
        aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aValidatorThatIsStalledIsClosedByItsHealthCheckAndComesBack() throws Exception {
        testnet.step(new Begin(Duration.ZERO, Fault.STALLED, VICTIM));
        await(() -> closed(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE) >= 3);
        aRoundIsCertified();
        testnet.step(new End(Duration.ZERO, Fault.STALLED, VICTIM));

        await(testnet::connected);
        aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aValidatorThatIsKilledIsMissedAndStartsAgain() throws Exception {
        testnet.step(new Begin(Duration.ZERO, Fault.KILLED, VICTIM));
        await(() -> closed(DisconnectReason.INPUT_OUTPUT_ERROR) + closed(DisconnectReason.CONNECTION_CLOSED) >= 3);
        aRoundIsCertified();
        testnet.step(new End(Duration.ZERO, Fault.KILLED, VICTIM));

        await(testnet::connected);
        aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aConnectionThatIsResetIsReplaced() throws Exception {
        long before = connections.connections();
        testnet.step(new FaultPlan.Reset(Duration.ZERO, 0, 1));

        await(() -> closed(DisconnectReason.INPUT_OUTPUT_ERROR) >= 1 && connections.connections() > before);
        await(testnet::connected);
        aRoundIsCertified();
        everythingBalances();
    }

    @Test
    void aWholeRunEndsWithAnAccountOfEverything() throws Exception {
        TestnetSettings settings = settings(Duration.ofSeconds(2), EnumSet.allOf(Fault.class));

        Finished result =
                (Finished) new RunPlayer(settings, crew).play(new Variant("consensus-priority", HandOver.OFF));

        assertEquals(List.of(), result.faults(), "seed " + SEED);
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
        aRoundIsCertified();
        chain.end();

        everythingBalances();
        assertTrue(
                chain.figures().votes().silent().orElseThrow() > 0,
                chain.figures().toString());
    }

    @Test
    void withoutFaultsNoVoteIsLost() throws Exception {
        RunPlayer player = new RunPlayer(settings(Duration.ofSeconds(1), Set.of()), crew);

        Finished result = (Finished) player.play(GRACEFUL);

        Votes votes = result.chain().votes();
        assertEquals(new Votes(votes.sent(), 0, 0, OptionalLong.of(0), 0), votes);
        assertTrue(votes.sent() > 0, votes.toString());
    }

    private long closed(DisconnectReason reason) {
        return connections.closes().getOrDefault(reason, 0L);
    }

    /** The chain goes on. */
    private void aRoundIsCertified() throws InterruptedException {
        long before = chain.certifiedRound();
        await(() -> chain.certifiedRound() > before + 1);
    }

    private void everythingBalances() throws Exception {
        Testnet.Accounts accounts = testnet.shutdown(Duration.ofSeconds(5));
        for (MessageTally messages : accounts.messages()) {
            assertEquals(0, messages.pending(), messages.toString());
        }
        assertEquals(List.of(), accounts.missing());
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
                Duration.ofMillis(50),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                TrafficLoad.of(100_000),
                duration,
                Duration.ofMillis(100),
                faults,
                SEED,
                Placement.ONE_PROCESS);
    }
}
