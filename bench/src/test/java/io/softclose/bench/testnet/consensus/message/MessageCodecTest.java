/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.policy.priority.ConsensusClassifier;
import io.softclose.policy.priority.ConsensusMessageType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final Voters THREE = Voters.NONE.with(0).with(2).with(3);
    private static final BatchRef BATCH = new BatchRef(2, 17, 300);
    private static final Block PARENT = Block.on(QuorumCert.GENESIS, 1, 1, List.of(), 0);
    private static final QuorumCert CERT = new QuorumCert(PARENT.ref(), BlockRef.GENESIS, THREE);
    private static final Block BLOCK = Block.on(CERT, 4, 0, List.of(new BatchProof(BATCH, THREE)), 100);
    private static final SyncInfo SYNC = new SyncInfo(
            CERT, new BlockCert(PARENT.ref(), THREE), BlockCert.GENESIS, Optional.of(new TimeoutCert(3, 1, THREE)));

    /** One of each kind. */
    static List<ConsensusMsg> messages() {
        return List.of(
                new Proposal(BLOCK, SYNC),
                new Vote(BLOCK.ref(), PARENT.ref(), 2, SYNC),
                new OrderVote(CERT, 1),
                new CommitVote(PARENT.ref(), 3),
                new CommitDecision(new BlockCert(PARENT.ref(), THREE)),
                new RoundTimeout(4, 1, SYNC),
                new Sync(SYNC),
                new BlockRetrievalRequest(BLOCK.id(), 0, 10),
                new BlockRetrievalResponse(List.of(BLOCK, PARENT), true),
                new Batch(BATCH),
                new SignedBatchInfo(BATCH, 0),
                new ProofOfStore(new BatchProof(BATCH, THREE)),
                new BatchRequest(BATCH),
                new BatchResponse(BATCH, true),
                new BatchResponse(BATCH, false));
    }

    private static ConsensusMsg decode(byte[] payload) {
        return MessageCodec.decode(ByteBuffer.wrap(payload));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void comesBackAsItWas(ConsensusMsg message) {
        assertEquals(message, decode(MessageCodec.encode(message)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void hasTheClassOfItsTypeByItsFirstByte(ConsensusMsg message) {
        byte[] payload = MessageCodec.encode(message);

        assertEquals(message.type().index(), payload[0]);
        assertEquals(
                message.type().messageClass(),
                new ConsensusClassifier().classOf(Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, payload)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isRefusedWhereverItIsCutOff(ConsensusMsg message) {
        byte[] payload = MessageCodec.encode(message);
        for (int length = 0; length < payload.length; length++) {
            byte[] part = Arrays.copyOf(payload, length);
            assertThrows(MalformedMessageException.class, () -> decode(part));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isRefusedWithOneByteMore(ConsensusMsg message) {
        byte[] payload = MessageCodec.encode(message);
        assertThrows(MalformedMessageException.class, () -> decode(Arrays.copyOf(payload, payload.length + 1)));
    }

    /** What is damaged is refused, or is another message, which is encoded as it came: nothing is passed over. */
    @ParameterizedTest
    @MethodSource("messages")
    void isNeverTakenForWhatItWasWhenDamaged(ConsensusMsg message) {
        byte[] payload = MessageCodec.encode(message);
        SplittableRandom random = new SplittableRandom(26);
        for (int place = 0; place < payload.length; place++) {
            byte[] damaged = payload.clone();
            damaged[place] ^= (byte) (1 + random.nextInt(255));
            try {
                assertEquals(
                        ByteBuffer.wrap(damaged),
                        ByteBuffer.wrap(MessageCodec.encode(decode(damaged))),
                        "byte " + place + ", seed 26");
            } catch (MalformedMessageException refused) {
                assertTrue(refused.toString().contains("expected"), refused.toString());
            }
        }
    }

    @Test
    void hasAMessageOfEachOfItsTypes() {
        Set<ConsensusMessageType> types =
                messages().stream().map(ConsensusMsg::type).collect(Collectors.toSet());

        assertEquals(14, types.size());
        assertEquals(
                "type: BatchMsgV2 (expected: one that this protocol has)",
                assertThrows(MalformedMessageException.class, () -> decode(new byte[] {22}))
                        .getMessage());
        assertEquals(
                "type: 26 (expected: one of ConsensusMsg's)",
                assertThrows(MalformedMessageException.class, () -> decode(new byte[] {26}))
                        .getMessage());
    }

    @Test
    void takesNoMemoryForBlocksThatHaveNotCome() {
        byte[] claims = MessageCodec.encode(new BlockRetrievalResponse(List.of(), false));
        ByteBuffer.wrap(claims).putInt(2, Integer.MAX_VALUE);

        assertThrows(MalformedMessageException.class, () -> decode(claims));
    }

    /** Those of docs/testnet.md. */
    @Test
    void isAsLongAsThePageSays() throws IOException {
        SyncInfo calm = new SyncInfo(CERT, SYNC.ordered(), SYNC.committed(), Optional.empty());
        BatchRef empty = new BatchRef(0, 1, 0);
        Map<String, ConsensusMsg> rows = new TreeMap<>();
        rows.put("VoteMsg (6)", new Vote(BLOCK.ref(), PARENT.ref(), 2, calm));
        rows.put("OrderVoteMsg (18)", new OrderVote(CERT, 1));
        rows.put("CommitVoteMsg (7)", new CommitVote(PARENT.ref(), 3));
        rows.put("CommitDecisionMsg (8)", new CommitDecision(calm.ordered()));
        rows.put("RoundTimeoutMsg (19)", new RoundTimeout(2, 1, calm));
        rows.put("SyncInfo (4)", new Sync(calm));
        rows.put("BlockRetrievalRequest (20)", new BlockRetrievalRequest(BLOCK.id(), 0, 10));
        rows.put("`batchBytes` and", new Batch(empty));
        rows.put("SignedBatchInfo (12)", new SignedBatchInfo(empty, 0));
        rows.put("ProofOfStoreMsg (13)", new ProofOfStore(new BatchProof(empty, THREE)));
        rows.put("BatchRequestMsg (10)", new BatchRequest(empty));
        rows.put("BatchResponse (11)", new BatchResponse(empty, true));
        List<String> page = Files.readAllLines(Path.of("..", "docs", "testnet.md"));

        rows.forEach((name, message) -> {
            int length = MessageCodec.encode(message).length;
            assertTrue(
                    page.stream()
                            .anyMatch(line -> line.contains(name)
                                    && line.matches(".*\\b"
                                            + NumberFormat.getInstance(Locale.ROOT)
                                                    .format(length)
                                                    .replace(",", "[  ]?") + "\\b.*")),
                    name + ": " + length + " bytes (expected: in its row of the page)");
        });
    }

    @Test
    void aBlockIsNamedByItsContent() {
        assertTrue(BLOCK.isWellFormed());
        assertEquals(BLOCK, Block.on(CERT, 4, 0, List.of(new BatchProof(BATCH, THREE)), 100));
        Block other = new Block(BLOCK.ref(), 1, BLOCK.parentCert(), BLOCK.batches(), BLOCK.fillerBytes());
        assertTrue(!other.isWellFormed(), "another author, the same name");
    }
}
