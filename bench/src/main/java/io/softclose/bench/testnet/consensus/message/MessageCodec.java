/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Batch;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchResponse;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalResponse;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitDecision;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.CommitVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.OrderVote;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.ProofOfStore;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Proposal;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.RoundTimeout;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.SignedBatchInfo;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Sync;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Vote;
import io.softclose.policy.priority.ConsensusMessageType;
import java.nio.ByteBuffer;

/**
 * Messages as the payloads that they travel in. The first byte is the BCS variant index of AptosNet's {@code ConsensusMsg}, by which
 * a policy tells what a message is; what follows has the content and about the length of AptosNet's, and a form of its own.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** The payload of a message, in an array of its own. */
    public static byte[] encode(ConsensusMsg message) {
        PayloadWriter out = new PayloadWriter().u8(message.type().index());
        if (message instanceof Proposal proposal) {
            out.block(proposal.block()).sync(proposal.sync());
        } else if (message instanceof Vote vote) {
            out.ref(vote.block()).ref(vote.parent()).author(vote.author()).sync(vote.sync());
        } else if (message instanceof OrderVote vote) {
            out.quorumCert(vote.cert()).author(vote.author());
        } else if (message instanceof CommitVote vote) {
            out.ref(vote.block()).author(vote.author());
        } else if (message instanceof CommitDecision decision) {
            out.blockCert(decision.cert());
        } else if (message instanceof RoundTimeout timeout) {
            out.u64(timeout.round()).author(timeout.author()).sync(timeout.sync());
        } else if (message instanceof Sync info) {
            out.sync(info.sync());
        } else if (message instanceof BlockRetrievalRequest request) {
            out.id(request.from()).u64(request.knownHeight()).u32(request.most());
        } else if (message instanceof BlockRetrievalResponse response) {
            out.bool(response.more()).u32(response.blocks().size());
            response.blocks().forEach(out::block);
        } else if (message instanceof Batch batch) {
            out.batch(batch.batch()).zeros(batch.batch().bytes());
        } else if (message instanceof SignedBatchInfo info) {
            out.batch(info.batch()).author(info.author());
        } else if (message instanceof ProofOfStore proof) {
            out.proof(proof.proof());
        } else if (message instanceof BatchRequest request) {
            out.batch(request.batch());
        } else if (message instanceof BatchResponse response) {
            out.batch(response.batch()).bool(response.found());
            out.zeros(response.found() ? response.batch().bytes() : 0);
        }
        return out.toBytes();
    }

    /** The same block, filled up so that its proposal has so many bytes, if that is shorter without. */
    public static Block fillUp(Block bare, SyncInfo sync, int bytes) {
        int missing = bytes - encode(new Proposal(bare, sync)).length;
        return missing <= 0
                ? bare
                : Block.on(bare.parentCert(), bare.ref().round(), bare.author(), bare.batches(), missing);
    }

    /**
     * The message of a payload.
     *
     * @param payload from its position to its limit; the position is moved
     * @throws MalformedMessageException if it is none
     */
    public static ConsensusMsg decode(ByteBuffer payload) {
        PayloadReader in = new PayloadReader(payload);
        int index = in.u8("type");
        ConsensusMessageType type = ConsensusMessageType.ofIndex(index)
                .orElseThrow(
                        () -> new MalformedMessageException("type: " + index + " (expected: one of ConsensusMsg's)"));
        try {
            ConsensusMsg message = content(type, in);
            in.end();
            return message;
        } catch (IllegalArgumentException outOfBounds) {
            throw new MalformedMessageException(type.wireName() + ": " + outOfBounds.getMessage(), outOfBounds);
        }
    }

    private static ConsensusMsg content(ConsensusMessageType type, PayloadReader in) {
        return switch (type) {
            case PROPOSAL_MSG -> new Proposal(in.block(), in.sync());
            case VOTE_MSG -> new Vote(in.ref(), in.ref(), in.author(), in.sync());
            case ORDER_VOTE_MSG -> new OrderVote(in.quorumCert(), in.author());
            case COMMIT_VOTE_MSG -> new CommitVote(in.ref(), in.author());
            case COMMIT_DECISION_MSG -> new CommitDecision(in.blockCert());
            case ROUND_TIMEOUT_MSG -> new RoundTimeout(in.u64("round"), in.author(), in.sync());
            case SYNC_INFO -> new Sync(in.sync());
            case BLOCK_RETRIEVAL_REQUEST -> new BlockRetrievalRequest(in.id(), in.u64("knownHeight"), in.u32("most"));
            case BLOCK_RETRIEVAL_RESPONSE -> retrieved(in.bool("more"), in);
            case BATCH_MSG -> new Batch(filled(in.batch(), in));
            case SIGNED_BATCH_INFO -> new SignedBatchInfo(in.batch(), in.author());
            case PROOF_OF_STORE_MSG -> new ProofOfStore(in.proof());
            case BATCH_REQUEST_MSG -> new BatchRequest(in.batch());
            case BATCH_RESPONSE -> answered(in.batch(), in.bool("found"), in);
            default ->
                throw new MalformedMessageException(
                        "type: " + type.wireName() + " (expected: one that this protocol has)");
        };
    }

    private static BlockRetrievalResponse retrieved(boolean more, PayloadReader in) {
        return new BlockRetrievalResponse(in.blocks(), more);
    }

    private static BatchRef filled(BatchRef batch, PayloadReader in) {
        in.zeros("transactions", batch.bytes());
        return batch;
    }

    private static BatchResponse answered(BatchRef batch, boolean found, PayloadReader in) {
        return new BatchResponse(found ? filled(batch, in) : batch, found);
    }
}
