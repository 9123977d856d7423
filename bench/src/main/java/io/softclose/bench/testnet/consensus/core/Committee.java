/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BlockCert;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.SyncInfo;
import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import io.softclose.bench.testnet.consensus.message.Voters;

/**
 * The validators as one of them sees them: who leads a round, and how many make a quorum. Of 3f + 1 validators f may fail; a quorum is
 * 2f + 1, or with other numbers as many as are left when the most fail that may.
 *
 * @param size how many they are
 * @param self which of them this is
 */
public record Committee(int size, int self) {
    /** Whose turn it is to propose: one after the other. */
    public int leader(long round) {
        return (int) (round % size);
    }

    /** Whether this one proposes in a round. */
    boolean leads(long round) {
        return leader(round) == self;
    }

    private int mayFail() {
        return (size - 1) / 3;
    }

    int quorum() {
        return size - mayFail();
    }

    boolean isQuorum(Voters voters) {
        return voters.count() >= quorum();
    }

    /** Whether one of these at least does not fail. */
    boolean hasOneToTrust(Voters voters) {
        return voters.count() > mayFail();
    }

    /** Whether a certificate can be: it has a quorum, or is of the genesis block. */
    boolean holds(QuorumCert cert) {
        return cert.equals(QuorumCert.GENESIS)
                || (cert.round() > cert.parent().round()
                        && cert.block().height() == cert.parent().height() + 1
                        && holds(cert.voters()));
    }

    /** As {@link #holds(QuorumCert)}. */
    boolean holds(BlockCert cert) {
        return cert.equals(BlockCert.GENESIS) || (cert.round() > 0 && holds(cert.voters()));
    }

    /** As {@link #holds(QuorumCert)}. */
    boolean holds(TimeoutCert cert) {
        return holds(cert.voters());
    }

    /** Whether all of its certificates hold. */
    boolean holds(SyncInfo sync) {
        return holds(sync.certified())
                && holds(sync.ordered())
                && holds(sync.committed())
                && sync.timeout().map(this::holds).orElse(true);
    }

    /** As {@link #holds(QuorumCert)}, of whoever has signed one. */
    boolean holds(Voters voters) {
        return isQuorum(voters) && voters.within(size);
    }
}
