/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;

/**
 * That a quorum gave up on a round.
 *
 * @param round on which they gave up
 * @param highestCertifiedRound the highest round of which any of them knew a quorum certificate then, below {@code round}
 * @param voters who gave up
 */
public record TimeoutCert(long round, long highestCertifiedRound, Voters voters) {
    /** Checks the bounds. */
    public TimeoutCert {
        Require.positive("round", round);
        Require.within("highestCertifiedRound", highestCertifiedRound, 0, round - 1);
        requireNonNull(voters, "voters");
    }
}
