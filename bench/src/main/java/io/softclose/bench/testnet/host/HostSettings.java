/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.host;

import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.net.spi.Require;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * What there is to know of one validator on a host.
 *
 * @param node what a validator is told wherever it runs
 * @param listen where it accepts connections
 * @param others where the other validators are found, by their indices
 * @param expectedRound what a round takes when all is well
 * @param duration how long it is measured, from the first block that it commits
 */
public record HostSettings(
        NodeSettings node,
        InetSocketAddress listen,
        Map<Integer, InetSocketAddress> others,
        Duration expectedRound,
        Duration duration) {
    /** Copies the map. */
    public HostSettings {
        others = Map.copyOf(others);
        Require.positive("expectedRound", expectedRound);
        Require.positive("duration", duration);
    }
}
