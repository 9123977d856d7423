/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.softclose.bench.testnet.consensus.ValidatorSettings.Load;

/**
 * What validators send besides votes.
 *
 * @param proposalBytes size of a proposal
 * @param traffic batches, and mempool's messages
 */
public record TrafficLoad(int proposalBytes, Load traffic) {
    /** Messages in a second, of each kind and to each peer: several while one round goes on. */
    private static final double RATE = 20;

    /** A quarter of it is batches' bytes, the rest mempool's. */
    private static final int BATCH_PART = 4;

    /**
     * Of this much in a second, from each validator to each other.
     *
     * @param bytesPerSecond zero for votes and proposals alone
     */
    public static TrafficLoad of(long bytesPerSecond) {
        int each = Math.toIntExact(Math.round(bytesPerSecond / RATE));
        return new TrafficLoad(
                4096, each == 0 ? Load.none() : new Load(RATE, each / BATCH_PART, RATE, each - each / BATCH_PART));
    }
}
