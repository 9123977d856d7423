/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;

/**
 * A block, without its content.
 *
 * @param id its name
 * @param round in which it was proposed; 0 for the genesis block alone
 * @param height how many blocks the chain has below it
 */
public record BlockRef(BlockId id, long round, long height) {
    /** The block that every chain begins with. Nobody proposed it, and everybody has it. */
    public static final BlockRef GENESIS = new BlockRef(new BlockId(0, 0, 0, 0), 0, 0);

    /** Checks the bounds. */
    public BlockRef {
        requireNonNull(id, "id");
        Require.notNegative("round", round);
        Require.notNegative("height", height);
    }

    /** For example {@code 7 (round 9, 01ab23cd)}. */
    @Override
    public String toString() {
        return height + " (round " + round + ", " + id + ")";
    }
}
