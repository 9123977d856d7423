/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

/**
 * That a quorum orders a block, or commits it, and with it all blocks below.
 *
 * @param block that is ordered, or committed
 * @param voters who says so
 */
public record BlockCert(BlockRef block, Voters voters) {
    /** Of the genesis block, for which nobody needs to vote. */
    public static final BlockCert GENESIS = new BlockCert(BlockRef.GENESIS, Voters.NONE);

    /** Checks that nothing is null. */
    public BlockCert {
        requireNonNull(block, "block");
        requireNonNull(voters, "voters");
    }

    /** The block's round. */
    public long round() {
        return block.round();
    }
}
