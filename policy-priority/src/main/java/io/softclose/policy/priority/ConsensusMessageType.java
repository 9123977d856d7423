/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kind of AptosNet's {@code ConsensusMsg}, the payload of the protocols ConsensusDirectSendBcs and ConsensusRpcBcs. Its
 * BCS variant index is the payload's first byte, because every index is below 128.
 *
 * <p>The AptosNet audit names ProposalMsg, VoteMsg, CommitVoteMsg, CommitDecisionMsg, OrderVoteMsg and RoundTimeoutMsg as
 * the messages whose loss harms consensus; they are {@link MessageClass#CRITICAL}, and so are the kinds that do the same
 * work under another index. Each of the others says what losing it costs.
 */
public enum ConsensusMessageType {
    /** An RPC's request, under its former index: who asked times out, and asks another peer. */
    DEPRECATED_BLOCK_RETRIEVAL_REQUEST(0, "DeprecatedBlockRetrievalRequest", MessageClass.RECOVERABLE),
    /** Blocks that a peer has asked for and cannot go on without; it times out, and asks another. */
    BLOCK_RETRIEVAL_RESPONSE(1, "BlockRetrievalResponse", MessageClass.RECOVERABLE),
    /** Asks for an {@link #EPOCH_CHANGE_PROOF}; asked again with the next message of a later epoch. */
    EPOCH_RETRIEVAL_REQUEST(2, "EpochRetrievalRequest", MessageClass.RECOVERABLE),
    /** The round's block: without it no vote. */
    PROPOSAL_MSG(3, "ProposalMsg", MessageClass.CRITICAL),
    /**
     * Where the sender stands. Losing it forces its receiver into slow synchronisation, unless a proposal, vote or
     * timeout comes first: these carry the same information. So there are other ways, and they are slow.
     */
    SYNC_INFO(4, "SyncInfo", MessageClass.RECOVERABLE),
    /** Takes a peer into the present epoch; a peer left behind asks for it. */
    EPOCH_CHANGE_PROOF(5, "EpochChangeProof", MessageClass.RECOVERABLE),
    /** A vote on the round's block: short of a quorum the round times out. */
    VOTE_MSG(6, "VoteMsg", MessageClass.CRITICAL),
    /** A vote on the result of execution: short of a quorum nothing is committed. */
    COMMIT_VOTE_MSG(7, "CommitVoteMsg", MessageClass.CRITICAL),
    /** A quorum's result. Losing it forces a slow machine into slower synchronisation. */
    COMMIT_DECISION_MSG(8, "CommitDecisionMsg", MessageClass.CRITICAL),
    /** A batch of transactions, the volume of consensus: who lacks one when a block names it asks for it. */
    BATCH_MSG(9, "BatchMsg", MessageClass.BULK),
    /** Asks for a batch that a block names: who asked times out, and asks another of its signers. */
    BATCH_REQUEST_MSG(10, "BatchRequestMsg", MessageClass.RECOVERABLE),
    /** A batch for a peer that cannot execute its block without, unlike one that is just spread; asked for again. */
    BATCH_RESPONSE(11, "BatchResponse", MessageClass.RECOVERABLE),
    /** A vote for a batch. Any quorum of them will do, and without one the transactions go into a later batch. */
    SIGNED_BATCH_INFO(12, "SignedBatchInfo", MessageClass.RECOVERABLE),
    /** A batch's certificate. Without it this peer cannot propose the batch; others can. */
    PROOF_OF_STORE_MSG(13, "ProofOfStoreMsg", MessageClass.RECOVERABLE),
    /**
     * Whatever the DAG protocol sends: nodes, votes, certificates and fetches share this index, so all of them count as
     * a vote, the worst of them to lose.
     */
    DAG_MESSAGE(14, "DAGMessage", MessageClass.CRITICAL),
    /** Carries commit votes and decisions, as {@link #COMMIT_VOTE_MSG} and {@link #COMMIT_DECISION_MSG} do. */
    COMMIT_MESSAGE(15, "CommitMessage", MessageClass.CRITICAL),
    /** A share of a round's randomness: short of a threshold of shares the round's block cannot be executed. */
    RAND_GEN_MESSAGE(16, "RandGenMessage", MessageClass.CRITICAL),
    /** As {@link #BATCH_RESPONSE}. */
    BATCH_RESPONSE_V2(17, "BatchResponseV2", MessageClass.RECOVERABLE),
    /** A vote on the order, sent as soon as a block has its quorum: short of a quorum nothing is ordered. */
    ORDER_VOTE_MSG(18, "OrderVoteMsg", MessageClass.CRITICAL),
    /** A vote to give up on the round: short of a quorum everybody waits on. */
    ROUND_TIMEOUT_MSG(19, "RoundTimeoutMsg", MessageClass.CRITICAL),
    /** An RPC's request: who asked times out, and asks another peer. */
    BLOCK_RETRIEVAL_REQUEST(20, "BlockRetrievalRequest", MessageClass.RECOVERABLE),
    /** A proposal made before its parent is certified: without it no vote, as with {@link #PROPOSAL_MSG}. */
    OPT_PROPOSAL_MSG(21, "OptProposalMsg", MessageClass.CRITICAL),
    /** As {@link #BATCH_MSG}. */
    BATCH_MSG_V2(22, "BatchMsgV2", MessageClass.BULK),
    /** As {@link #SIGNED_BATCH_INFO}. */
    SIGNED_BATCH_INFO_MSG_V2(23, "SignedBatchInfoMsgV2", MessageClass.RECOVERABLE),
    /** As {@link #PROOF_OF_STORE_MSG}. */
    PROOF_OF_STORE_MSG_V2(24, "ProofOfStoreMsgV2", MessageClass.RECOVERABLE),
    /** A share of a round's secret: short of a threshold of shares the round cannot go on. */
    SECRET_SHARE_MSG(25, "SecretShareMsg", MessageClass.CRITICAL);

    private static final ConsensusMessageType[] BY_INDEX = new ConsensusMessageType[values().length];

    static {
        for (ConsensusMessageType type : values()) {
            BY_INDEX[type.index] = type;
        }
    }

    private final int index;
    private final String wireName;
    private final MessageClass messageClass;

    ConsensusMessageType(int index, String wireName, MessageClass messageClass) {
        this.index = index;
        this.wireName = wireName;
        this.messageClass = messageClass;
    }

    /** The BCS variant index, 0 to 25. */
    public int index() {
        return index;
    }

    /** AptosNet's name, for example {@code VoteMsg}. */
    public String wireName() {
        return wireName;
    }

    /** How much depends on it. */
    public MessageClass messageClass() {
        return messageClass;
    }

    /** The kind with this index, or empty if AptosNet lists none. */
    public static Optional<ConsensusMessageType> ofIndex(int index) {
        return Optional.ofNullable(atIndex(index));
    }

    /** As {@link #ofIndex}, for the hot path. */
    static @Nullable ConsensusMessageType atIndex(int index) {
        return index < 0 || index >= BY_INDEX.length ? null : BY_INDEX[index];
    }
}
