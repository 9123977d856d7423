/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BlockCert;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.SyncInfo;
import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import java.util.Optional;

/** The highest certificates of each kind that a validator has. They only rise, and outlive the process. */
final class Certificates {
    private QuorumCert certified = QuorumCert.GENESIS;
    private BlockCert ordered = BlockCert.GENESIS;
    private BlockCert committed = BlockCert.GENESIS;
    private Optional<TimeoutCert> timeout = Optional.empty();

    QuorumCert certified() {
        return certified;
    }

    BlockCert ordered() {
        return ordered;
    }

    BlockCert committed() {
        return committed;
    }

    Optional<TimeoutCert> timeout() {
        return timeout;
    }

    /** Whether it is higher than the highest so far, which it is then instead; so with the others. */
    boolean certify(QuorumCert cert) {
        if (cert.round() <= certified.round()) {
            return false;
        }
        certified = cert;
        return true;
    }

    boolean order(BlockCert cert) {
        if (cert.round() <= ordered.round()) {
            return false;
        }
        ordered = cert;
        return true;
    }

    boolean commit(BlockCert cert) {
        if (cert.round() <= committed.round()) {
            return false;
        }
        committed = cert;
        return true;
    }

    boolean giveUp(TimeoutCert cert) {
        if (timeout.isPresent() && cert.round() <= timeout.get().round()) {
            return false;
        }
        timeout = Optional.of(cert);
        return true;
    }

    /** All of them, for the others. */
    SyncInfo sync() {
        return new SyncInfo(certified, ordered, committed, timeout.filter(cert -> cert.round() > certified.round()));
    }

    /** Whether others that stand there would learn something from here. */
    boolean isAheadOf(SyncInfo other) {
        return certified.round() > other.certified().round()
                || ordered.round() > other.ordered().round()
                || committed.round() > other.committed().round()
                || sync().round() > other.round();
    }
}
