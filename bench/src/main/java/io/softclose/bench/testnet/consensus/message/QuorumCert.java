/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

/**
 * That a quorum voted for a block.
 *
 * @param block for which they voted
 * @param parent on which it is built
 * @param voters who did
 */
public record QuorumCert(BlockRef block, BlockRef parent, Voters voters) {
    /** Of the genesis block, for which nobody needs to vote. */
    public static final QuorumCert GENESIS = new QuorumCert(BlockRef.GENESIS, BlockRef.GENESIS, Voters.NONE);

    /** Checks that nothing is null. */
    public QuorumCert {
        requireNonNull(block, "block");
        requireNonNull(parent, "parent");
        requireNonNull(voters, "voters");
    }

    /** The block's round. */
    public long round() {
        return block.round();
    }
}
