/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

/**
 * That a quorum stores a batch, so that a block may name it.
 *
 * @param batch that they store
 * @param voters who does
 */
public record BatchProof(BatchRef batch, Voters voters) {
    /** Checks that nothing is null. */
    public BatchProof {
        requireNonNull(batch, "batch");
        requireNonNull(voters, "voters");
    }
}
