/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.BatchProof;
import io.softclose.bench.testnet.consensus.message.BatchRef;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Batch;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.ProofOfStore;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.SignedBatchInfo;

/** Spreads batches ahead of the blocks that name them: a batch to all, a confirmation back, and with a quorum of those its proof to all. */
final class QuorumStore {
    private final Committee committee;
    private final Batches batches;
    private final Outlet out;

    QuorumStore(Committee committee, Batches batches, Outlet out) {
        this.committee = committee;
        this.batches = batches;
        this.out = out;
    }

    /** Makes a batch of so many bytes, and spreads it. */
    void make(int bytes) {
        BatchRef batch = batches.make(committee.self(), bytes);
        out.broadcast(new Batch(batch));
        signed(batch, committee.self());
    }

    /** Another's batch has come. */
    void store(int author, BatchRef batch) {
        batches.store(batch);
        out.send(author, new SignedBatchInfo(batch, committee.self()));
    }

    /** Somebody stores a batch of this one's. */
    void signed(BatchRef batch, int author) {
        batches.signed(batch, author, committee).ifPresent(proof -> {
            batches.proven(proof);
            out.broadcast(new ProofOfStore(proof));
        });
    }

    /** A quorum stores another's batch, so it is said. */
    void proven(int from, BatchProof proof) {
        if (committee.holds(proof.voters())) {
            batches.proven(proof);
        } else {
            out.rejected("proof of store from " + from + " (expected: of a quorum)");
        }
    }
}
