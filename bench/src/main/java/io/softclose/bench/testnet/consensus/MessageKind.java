/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.VoteNumber;
import io.softclose.policy.priority.ConsensusMessageType;
import io.softclose.policy.priority.MessageClass;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What a validator sends: the kinds of AptosNet's {@code ConsensusMsg} that this protocol has, and mempool's traffic. */
public enum MessageKind {
    /** A round's block, from its leader to all. */
    PROPOSAL(ConsensusMessageType.PROPOSAL_MSG),
    /** A vote for the round's block, to the next leader. */
    VOTE(ConsensusMessageType.VOTE_MSG),
    /** A vote to order a certified block, to all. */
    ORDER_VOTE(ConsensusMessageType.ORDER_VOTE_MSG),
    /** A vote to commit an ordered block, to all. */
    COMMIT_VOTE(ConsensusMessageType.COMMIT_VOTE_MSG),
    /** That a quorum commits, from the block's author to all. */
    COMMIT_DECISION(ConsensusMessageType.COMMIT_DECISION_MSG),
    /** A vote to give up on a round, to all. */
    ROUND_TIMEOUT(ConsensusMessageType.ROUND_TIMEOUT_MSG),
    /** Where a validator stands, to one that has fallen behind. */
    SYNC_INFO(ConsensusMessageType.SYNC_INFO),
    /** A request for blocks, to one that voted for them. */
    BLOCK_RETRIEVAL_REQUEST(ConsensusMessageType.BLOCK_RETRIEVAL_REQUEST),
    /** Its answer. */
    BLOCK_RETRIEVAL_RESPONSE(ConsensusMessageType.BLOCK_RETRIEVAL_RESPONSE),
    /** A batch of transactions, from its author to all. */
    BATCH(ConsensusMessageType.BATCH_MSG),
    /** That a batch is stored, to its author. */
    SIGNED_BATCH_INFO(ConsensusMessageType.SIGNED_BATCH_INFO),
    /** That a quorum stores a batch, from its author to all. */
    PROOF_OF_STORE(ConsensusMessageType.PROOF_OF_STORE_MSG),
    /** A request for a batch that an ordered block names. */
    BATCH_REQUEST(ConsensusMessageType.BATCH_REQUEST_MSG),
    /** Its answer. */
    BATCH_RESPONSE(ConsensusMessageType.BATCH_RESPONSE),
    /** Transactions that spread from mempool to mempool, on a protocol of their own. */
    MEMPOOL();

    private static final Map<ConsensusMessageType, MessageKind> BY_TYPE = new EnumMap<>(ConsensusMessageType.class);

    static {
        for (MessageKind kind : values()) {
            kind.type.ifPresent(type -> BY_TYPE.put(type, kind));
        }
    }

    private final Optional<ConsensusMessageType> type;

    MessageKind() {
        type = Optional.empty();
    }

    MessageKind(ConsensusMessageType type) {
        this.type = Optional.of(type);
    }

    static MessageKind of(ConsensusMsg message) {
        return requireNonNull(BY_TYPE.get(message.type()), () -> "no kind of " + message.type());
    }

    /** AptosNet's type, whose index is the payload's first byte; empty for what is no {@code ConsensusMsg}. */
    public Optional<ConsensusMessageType> type() {
        return type;
    }

    /** The class that <i>consensus-priority</i> sees in it. */
    public MessageClass messageClass() {
        return type.map(ConsensusMessageType::messageClass).orElse(MessageClass.BULK);
    }

    /** Whether a quorum of it decides on something: on a round's block, its order, its commit, or that the round is given up. */
    public boolean isVote() {
        return type.map(VoteNumber::has).orElse(false);
    }

    /** AptosNet's name: {@code VoteMsg}; for mempool's, that of the protocol. */
    public String wireName() {
        return type.map(ConsensusMessageType::wireName).orElse("MempoolDirectSend");
    }
}
