/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainWitness;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.bench.testnet.figures.ConnectionTally;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.DisconnectReason;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Test networks with tiny latency and quick faults, and what tests wait for and look at. */
final class QuickTestnet {
    static final long SEED = 5;
    static final int VICTIM = 2;
    static final Variant GRACEFUL = new Variant("graceful", HandOver.ON);
    static final Faults NONE = new Faults.ByChance(Set.of(), Duration.ofSeconds(1));
    /** All faults, and resets a hundred times as often as anybody has them. */
    static final Faults ALL = new Faults.ByChance(Set.of(Fault.values()), Duration.ofMillis(100));

    private static final long LOAD = 100_000;

    final ChainWitness chain =
            new ChainWitness(TestnetSettings.VALIDATORS, Duration.ofMillis(4), Receivers.SEEN, System::nanoTime);
    final ConnectionTally connections = new ConnectionTally();

    private final Placement placement;
    private final Duration healthInterval;

    /**
     * Networks whose validators are there.
     *
     * @param healthInterval how long a validator may be slow to answer: longer where they do not share a process
     */
    QuickTestnet(Placement placement, Duration healthInterval) {
        this.placement = placement;
        this.healthInterval = healthInterval;
    }

    /** What a run of this long is like. */
    TestnetSettings settings(Duration duration, Faults faults) {
        return settings(duration, faults, LOAD);
    }

    private TestnetSettings settings(Duration duration, Faults faults, long load) {
        return new TestnetSettings(
                AnyTransport.NIO,
                new WanConditions(Duration.ofMillis(2), Duration.ofMillis(1), 10_000_000),
                0,
                healthInterval,
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                TrafficLoad.of(load),
                duration,
                faults,
                SEED,
                placement);
    }

    /** One without faults, which has committed a block, and is observed from now on. */
    Testnet start(Crew crew) throws Exception {
        return start(crew, LOAD);
    }

    /**
     * As {@link #start(Crew)}.
     *
     * @param load besides votes, in bytes a second
     */
    Testnet start(Crew crew, long load) throws Exception {
        Testnet testnet = new Testnet(crew, GRACEFUL, settings(Duration.ofSeconds(1), NONE, load), chain, connections);
        connections.begin();
        testnet.connect();
        await(testnet::connected);
        testnet.start();
        await(chain::hasCommitted);
        chain.begin();
        return testnet;
    }

    /** A whole run. */
    Finished play(Crew crew, Variant variant, Duration duration, Faults faults) throws InterruptedException {
        return (Finished) new RunPlayer(settings(duration, faults), crew).play(variant);
    }

    /** How many connections have closed for this. */
    long closed(DisconnectReason reason) {
        return connections.closes().getOrDefault(reason, 0L);
    }

    /** The chain goes on. */
    void aRoundIsCertified() throws InterruptedException {
        long before = chain.certifiedRound();
        await(() -> chain.certifiedRound() > before + 1);
    }

    /** All messages of these validators have their outcome, and nothing is as it must not be. */
    void everythingBalances(List<MessageTally> accounts) {
        for (MessageTally messages : accounts) {
            assertEquals(0, messages.pending(), messages.toString());
        }
        assertEquals(List.of(), connections.faults());
        assertEquals(List.of(), chain.violations());
        assertEquals(List.of(), chain.rejections());
    }

    /** Waits, for as long as the test may take. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
