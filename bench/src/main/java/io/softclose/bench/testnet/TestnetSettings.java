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
import java.util.List;

/**
 * What all runs of a comparison have in common.
 *
 * @param transport that of all validators, below TLS
 * @param path what each path between two validators does to bytes
 * @param lossPercent how many of a hundred packets are lost on each path; above 0 only with {@link Placement#NAMESPACES}, for relays carry
 *     none
 * @param healthInterval how often each validator checks each connection's health, and how long an answer may take
 * @param reconnectInterval how often each validator looks for peers without a connection, and how long it waits after the first
 *     failure
 * @param roundTimeout how long a validator waits for a round before it gives it up, for the first time
 * @param load what there is besides votes
 * @param duration from the first block to the end of the measurement
 * @param faults what goes wrong
 * @param seed of everything that is left to chance
 * @param placement where the validators run
 */
public record TestnetSettings(
        AnyTransport transport,
        WanConditions path,
        double lossPercent,
        Duration healthInterval,
        Duration reconnectInterval,
        Duration roundTimeout,
        TrafficLoad load,
        Duration duration,
        Faults faults,
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
        if (!(lossPercent >= 0 && lossPercent < 100)) {
            throw new IllegalArgumentException("loss: " + lossPercent + " (expected: 0 to less than 100 percent)");
        }
        if (lossPercent > 0 && placement != Placement.NAMESPACES) {
            throw new IllegalArgumentException("loss: " + lossPercent
                    + " without --netns (expected: with it; a relay carries bytes, and loses none)");
        }
        Require.positive("healthInterval", healthInterval);
        Require.positive("reconnectInterval", reconnectInterval);
        Require.positive("roundTimeout", roundTimeout);
        Require.positive("duration", duration);
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
    public FaultPlan plan() {
        return faults.plan(seed, duration, VALIDATORS);
    }
}
