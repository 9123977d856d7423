/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.bench.testnet.node.TrafficLoad;
import io.softclose.bench.testnet.node.Variant;
import io.softclose.net.PeerId;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What all runs of a comparison have in common.
 *
 * @param transport that of all validators, below TLS
 * @param path what each path between two validators does to bytes
 * @param healthInterval how often each validator checks each connection's health, and how long an answer may take
 * @param reconnectInterval how often each validator looks for peers without a connection, and how long it waits after the first
 *     failure
 * @param roundTimeout how long a validator waits for a round before it gives it up, for the first time
 * @param load what there is besides votes
 * @param duration from the first block to the end of the measurement
 * @param resetEvery how often a connection by chance is reset
 * @param faults what goes wrong
 * @param seed of everything that is left to chance
 * @param placement where the validators run
 */
public record TestnetSettings(
        AnyTransport transport,
        WanConditions path,
        Duration healthInterval,
        Duration reconnectInterval,
        Duration roundTimeout,
        TrafficLoad load,
        Duration duration,
        Duration resetEvery,
        Set<Fault> faults,
        long seed,
        Placement placement) {
    /** How many validators there are: the fewest of which one may fail. */
    public static final int VALIDATORS = 4;

    /**
     * What an operating system would hold of a connection over paths like these: about what fits onto one. Between sockets of one
     * machine it would let buffers grow to megabytes, and whatever waits would wait there, where no policy has a say.
     */
    private static final int SOCKET_BUFFER_BYTES = 64 * 1024;

    /** Checks all of it. */
    public TestnetSettings {
        Require.positive("healthInterval", healthInterval);
        Require.positive("reconnectInterval", reconnectInterval);
        Require.positive("roundTimeout", roundTimeout);
        Require.positive("duration", duration);
        Require.positive("resetEvery", resetEvery);
        faults = Set.copyOf(faults);
    }

    /** What the validator at this index is told. */
    NodeSettings node(int index, List<PeerId> validators, Variant variant) {
        return new NodeSettings(
                index,
                validators,
                variant,
                transport,
                SOCKET_BUFFER_BYTES,
                healthInterval,
                reconnectInterval,
                roundTimeout,
                load,
                seed);
    }

    /** What goes wrong when. */
    FaultPlan plan() {
        return FaultPlan.of(seed, faults, duration, resetEvery, VALIDATORS);
    }

    /** All faults. */
    public static Set<Fault> allFaults() {
        return EnumSet.allOf(Fault.class);
    }
}
