/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import io.softclose.policy.priority.ConsensusMessageType;
import java.util.List;

/** What one validator says to another. The names are AptosNet's, without their ending {@code Msg}. */
public sealed interface ConsensusMsg {
    /** AptosNet's type of it, whose index begins its payload. */
    ConsensusMessageType type();

    /** The round that it is about; 0 if it is about none. */
    default long round() {
        return 0;
    }

    /**
     * A round's block.
     *
     * @param sync has the certificate that the block is built on, and the one that began the round
     */
    record Proposal(Block block, SyncInfo sync) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public Proposal {
            requireNonNull(block, "block");
            requireNonNull(sync, "sync");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.PROPOSAL_MSG;
        }

        @Override
        public long round() {
            return block.round();
        }
    }

    /** A vote for a block, with its parent, so that whoever collects votes needs neither. */
    record Vote(BlockRef block, BlockRef parent, int author, SyncInfo sync) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public Vote {
            requireNonNull(block, "block");
            requireNonNull(parent, "parent");
            requireNonNull(sync, "sync");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.VOTE_MSG;
        }

        @Override
        public long round() {
            return block.round();
        }
    }

    /** A vote to order a block that is certified. */
    record OrderVote(QuorumCert cert, int author) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public OrderVote {
            requireNonNull(cert, "cert");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.ORDER_VOTE_MSG;
        }

        @Override
        public long round() {
            return cert.round();
        }
    }

    /** A vote to commit a block that is ordered, and executed here. */
    record CommitVote(BlockRef block, int author) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public CommitVote {
            requireNonNull(block, "block");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.COMMIT_VOTE_MSG;
        }

        @Override
        public long round() {
            return block.round();
        }
    }

    /** That a quorum commits a block. */
    record CommitDecision(BlockCert cert) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public CommitDecision {
            requireNonNull(cert, "cert");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.COMMIT_DECISION_MSG;
        }

        @Override
        public long round() {
            return cert.round();
        }
    }

    /**
     * A vote to give up on a round.
     *
     * @param sync has the highest quorum certificate that its author knows
     */
    record RoundTimeout(long round, int author, SyncInfo sync) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public RoundTimeout {
            Require.positive("round", round);
            requireNonNull(sync, "sync");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.ROUND_TIMEOUT_MSG;
        }
    }

    /** Where its sender stands. */
    record Sync(SyncInfo sync) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public Sync {
            requireNonNull(sync, "sync");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.SYNC_INFO;
        }

        @Override
        public long round() {
            return sync.round();
        }
    }

    /**
     * A request for a block and those below it.
     *
     * @param knownHeight that of the last block that is not wanted
     * @param most how many blocks are wanted at most
     */
    record BlockRetrievalRequest(BlockId from, long knownHeight, int most) implements ConsensusMsg {
        /** How many blocks may be asked for at a time. */
        public static final int MOST = 100;

        /** Checks the bounds. */
        public BlockRetrievalRequest {
            requireNonNull(from, "from");
            Require.notNegative("knownHeight", knownHeight);
            Require.within("most", most, 1, MOST);
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.BLOCK_RETRIEVAL_REQUEST;
        }
    }

    /**
     * The answer.
     *
     * @param blocks each followed by the one that it is built on; none if the wanted one is not there
     * @param more whether the one below the last is there as well
     */
    record BlockRetrievalResponse(List<Block> blocks, boolean more) implements ConsensusMsg {
        /** Copies the list. */
        public BlockRetrievalResponse {
            blocks = List.copyOf(blocks);
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.BLOCK_RETRIEVAL_RESPONSE;
        }
    }

    /** A batch of transactions, which are as many bytes that mean nothing. */
    record Batch(BatchRef batch) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public Batch {
            requireNonNull(batch, "batch");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.BATCH_MSG;
        }
    }

    /** That its author stores a batch. */
    record SignedBatchInfo(BatchRef batch, int author) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public SignedBatchInfo {
            requireNonNull(batch, "batch");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.SIGNED_BATCH_INFO;
        }
    }

    /** That a quorum stores a batch. */
    record ProofOfStore(BatchProof proof) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public ProofOfStore {
            requireNonNull(proof, "proof");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.PROOF_OF_STORE_MSG;
        }
    }

    /** A request for a batch. */
    record BatchRequest(BatchRef batch) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public BatchRequest {
            requireNonNull(batch, "batch");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.BATCH_REQUEST_MSG;
        }
    }

    /**
     * The answer.
     *
     * @param found whether the batch is there, and follows
     */
    record BatchResponse(BatchRef batch, boolean found) implements ConsensusMsg {
        /** Checks that nothing is null. */
        public BatchResponse {
            requireNonNull(batch, "batch");
        }

        @Override
        public ConsensusMessageType type() {
            return ConsensusMessageType.BATCH_RESPONSE;
        }
    }
}
