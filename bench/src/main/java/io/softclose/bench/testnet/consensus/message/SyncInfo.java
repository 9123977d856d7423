/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The highest certificates that a validator has, which it sends along with proposals, votes and timeouts, so that whoever has fallen
 * behind catches up.
 *
 * @param certified the highest quorum certificate
 * @param ordered of the last block that is ordered
 * @param committed of the last block that is committed
 * @param timeout the highest timeout certificate, if it is of a later round than {@code certified}
 */
public record SyncInfo(QuorumCert certified, BlockCert ordered, BlockCert committed, Optional<TimeoutCert> timeout) {
    /** Checks that nothing is null. */
    public SyncInfo {
        requireNonNull(certified, "certified");
        requireNonNull(ordered, "ordered");
        requireNonNull(committed, "committed");
        requireNonNull(timeout, "timeout");
    }

    /** The round that follows from the certificates: the one after the last that a quorum has certified or given up. */
    public long round() {
        return 1 + Math.max(certified.round(), timeout.map(TimeoutCert::round).orElse(0L));
    }
}
