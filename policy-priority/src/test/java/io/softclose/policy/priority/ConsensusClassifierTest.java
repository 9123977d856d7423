/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConsensusClassifierTest {
    private static final byte VOTE = 6;
    private static final byte BATCH = 9;
    private static final byte UNLISTED = 26;

    private final ConsensusClassifier classifier = new ConsensusClassifier();

    @Test
    void readsTheKindOfAnUncompressedBcsConsensusMessage() {
        for (ConsensusMessageType type : ConsensusMessageType.values()) {
            byte index = (byte) type.index();
            assertSame(type.messageClass(), classOf(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, index));
            assertSame(type.messageClass(), classOf(ProtocolId.CONSENSUS_RPC_BCS, 0, index));
        }
    }

    @Test
    void readsThePayloadOfASlicedDirectBuffer() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8)
                .put(3, VOTE)
                .put(4, BATCH)
                .position(4)
                .limit(6);
        Message message = Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, buffer);

        assertSame(MessageClass.BULK, classifier.classOf(message));
    }

    @Test
    void aKnownKindIsNotRaised() {
        assertSame(MessageClass.BULK, classOf(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 255, BATCH));
    }

    @Test
    void takesTheProtocolsClassWhenTheKindIsNotListed() {
        assertSame(MessageClass.CRITICAL, classOf(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, UNLISTED));
        assertSame(MessageClass.CRITICAL, classOf(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, (byte) 0xff));
        assertSame(MessageClass.RECOVERABLE, classOf(ProtocolId.CONSENSUS_RPC_BCS, 0, UNLISTED));
        assertSame(MessageClass.RECOVERABLE, classOf(ProtocolId.CONSENSUS_RPC_BCS, 0, (byte) 0x80));
    }

    @Test
    void takesTheProtocolsClassWhenThereIsNoPayload() {
        assertSame(MessageClass.CRITICAL, classOf(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0));
        assertSame(MessageClass.RECOVERABLE, classOf(ProtocolId.CONSENSUS_RPC_BCS, 0));
        assertSame(MessageClass.BULK, classOf(ProtocolId.MEMPOOL_DIRECT_SEND, 0));
    }

    @Test
    void takesTheProtocolsClassWhenTheKindCannotBeRead() {
        Map<ProtocolId, MessageClass> special = Map.of(
                ProtocolId.CONSENSUS_DIRECT_SEND_COMPRESSED, MessageClass.CRITICAL,
                ProtocolId.CONSENSUS_DIRECT_SEND_JSON, MessageClass.CRITICAL,
                ProtocolId.MEMPOOL_DIRECT_SEND, MessageClass.BULK,
                ProtocolId.MEMPOOL_RPC, MessageClass.BULK,
                ProtocolId.STATE_SYNC_DIRECT_SEND, MessageClass.BULK,
                ProtocolId.STORAGE_SERVICE_RPC, MessageClass.BULK,
                ProtocolId.PEER_MONITORING_SERVICE_RPC, MessageClass.BULK,
                ProtocolId.NETBENCH_DIRECT_SEND, MessageClass.BULK,
                ProtocolId.NETBENCH_RPC, MessageClass.BULK,
                ProtocolId.UNKNOWN, MessageClass.BULK);

        for (ProtocolId protocol : unreadable()) {
            MessageClass expected = special.getOrDefault(protocol, MessageClass.RECOVERABLE);
            assertEquals(expected, classOf(protocol, 0, BATCH), protocol::name);
            assertEquals(expected, classOf(protocol, 0, VOTE), protocol::name);
        }
    }

    @Test
    void aHighPriorityRaisesByOneClassAndALowOneChangesNothing() {
        for (ProtocolId protocol : unreadable()) {
            MessageClass implied = classOf(protocol, 0, VOTE);
            MessageClass raised = implied == MessageClass.BULK ? MessageClass.RECOVERABLE : MessageClass.CRITICAL;

            assertEquals(implied, classOf(protocol, 1, VOTE), protocol::name);
            assertEquals(implied, classOf(protocol, 127, VOTE), protocol::name);
            assertEquals(raised, classOf(protocol, 128, VOTE), protocol::name);
            assertEquals(raised, classOf(protocol, 255, VOTE), protocol::name);
        }
    }

    @Test
    void noPriorityMakesBulkCritical() {
        assertSame(MessageClass.RECOVERABLE, classOf(ProtocolId.MEMPOOL_DIRECT_SEND, Message.MAX_PRIORITY, VOTE));
    }

    @Test
    void anApplicationsOwnProtocolIsRecoverableUnlessItsPriorityRaisesIt() {
        for (int id : List.of(ProtocolId.FIRST_OWN, ProtocolId.LAST_OWN)) {
            assertSame(MessageClass.RECOVERABLE, classOf(ProtocolId.of(id, "own"), 127, VOTE));
            assertSame(MessageClass.CRITICAL, classOf(ProtocolId.of(id, "own"), 128, VOTE));
        }
    }

    private static Set<ProtocolId> unreadable() {
        Set<ProtocolId> unreadable = new TreeSet<>(ProtocolId.aptosNet());
        unreadable.removeAll(Set.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, ProtocolId.CONSENSUS_RPC_BCS));
        return unreadable;
    }

    private MessageClass classOf(ProtocolId protocol, int priority, byte... payload) {
        return classifier.classOf(Message.of(protocol, priority, payload));
    }
}
