/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsensusMessageTypeTest {
    @Test
    void listsAptosNetsVariantsInTheOrderOfTheirIndices() {
        List<String> variants = List.of(
                "DeprecatedBlockRetrievalRequest",
                "BlockRetrievalResponse",
                "EpochRetrievalRequest",
                "ProposalMsg",
                "SyncInfo",
                "EpochChangeProof",
                "VoteMsg",
                "CommitVoteMsg",
                "CommitDecisionMsg",
                "BatchMsg",
                "BatchRequestMsg",
                "BatchResponse",
                "SignedBatchInfo",
                "ProofOfStoreMsg",
                "DAGMessage",
                "CommitMessage",
                "RandGenMessage",
                "BatchResponseV2",
                "OrderVoteMsg",
                "RoundTimeoutMsg",
                "BlockRetrievalRequest",
                "OptProposalMsg",
                "BatchMsgV2",
                "SignedBatchInfoMsgV2",
                "ProofOfStoreMsgV2",
                "SecretShareMsg");

        assertEquals(
                variants,
                Arrays.stream(ConsensusMessageType.values())
                        .map(ConsensusMessageType::wireName)
                        .toList());
        for (int index = 0; index < variants.size(); index++) {
            ConsensusMessageType type = ConsensusMessageType.ofIndex(index).orElseThrow();
            assertEquals(variants.get(index), type.wireName());
            assertEquals(index, type.index());
        }
    }

    @Test
    void knowsNoOtherIndex() {
        assertEquals(Optional.empty(), ConsensusMessageType.ofIndex(-1));
        assertEquals(Optional.empty(), ConsensusMessageType.ofIndex(26));
        assertEquals(Optional.empty(), ConsensusMessageType.ofIndex(255));
    }

    @Test
    void whatTheAuditNamesIsCriticalAndSoIsWhatDoesTheSameWork() {
        assertEquals(
                EnumSet.of(
                        ConsensusMessageType.PROPOSAL_MSG,
                        ConsensusMessageType.VOTE_MSG,
                        ConsensusMessageType.COMMIT_VOTE_MSG,
                        ConsensusMessageType.COMMIT_DECISION_MSG,
                        ConsensusMessageType.ORDER_VOTE_MSG,
                        ConsensusMessageType.ROUND_TIMEOUT_MSG,
                        ConsensusMessageType.OPT_PROPOSAL_MSG,
                        ConsensusMessageType.COMMIT_MESSAGE,
                        ConsensusMessageType.DAG_MESSAGE,
                        ConsensusMessageType.RAND_GEN_MESSAGE,
                        ConsensusMessageType.SECRET_SHARE_MSG),
                of(MessageClass.CRITICAL));
    }

    @Test
    void onlyBatchesThatAreJustSpreadAreBulk() {
        assertEquals(
                EnumSet.of(ConsensusMessageType.BATCH_MSG, ConsensusMessageType.BATCH_MSG_V2), of(MessageClass.BULK));
    }

    private static Set<ConsensusMessageType> of(MessageClass messageClass) {
        return Arrays.stream(ConsensusMessageType.values())
                .filter(type -> type.messageClass() == messageClass)
                .collect(Collectors.toSet());
    }
}
