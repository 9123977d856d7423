/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;

/**
 * Sorts AptosNet's messages by what losing them costs. It reads one byte of the payload, and allocates nothing.
 *
 * <p>An uncompressed BCS consensus message (ConsensusDirectSendBcs, ConsensusRpcBcs) tells its kind by its first byte, and
 * has the class of its {@link ConsensusMessageType}, whatever its priority. A kind that is not listed, an empty payload,
 * and every other message take the class that their protocol implies: docs/decisions/0007-priority-lanes.md lists them.
 *
 * <p>A {@link Message#priority()} of {@value #RAISING_PRIORITY} or more raises such a message by one class. A priority
 * never lowers a message and never makes bulk critical, so messages of mempool that call themselves urgent cannot take a
 * vote's place. Whoever compresses consensus messages and can tell them apart writes a {@link MessageClassifier} that
 * decides on these and leaves the rest to this one.
 */
public record ConsensusClassifier() implements MessageClassifier {
    /** From this priority on, a message whose kind cannot be told by its first byte is raised by one class. */
    public static final int RAISING_PRIORITY = 128;

    @Override
    public MessageClass classOf(Message message) {
        ProtocolId protocol = message.protocol();
        if (tellsItsKind(protocol) && message.size() > 0) {
            ConsensusMessageType type = ConsensusMessageType.atIndex(message.payloadByte(0));
            if (type != null) {
                return type.messageClass();
            }
        }
        MessageClass implied = impliedBy(protocol);
        return message.priority() >= RAISING_PRIORITY ? implied.raised() : implied;
    }

    private static boolean tellsItsKind(ProtocolId protocol) {
        return protocol == ProtocolId.CONSENSUS_DIRECT_SEND_BCS || protocol == ProtocolId.CONSENSUS_RPC_BCS;
    }

    private static MessageClass impliedBy(ProtocolId protocol) {
        return switch (protocol) {
            case CONSENSUS_DIRECT_SEND_BCS, CONSENSUS_DIRECT_SEND_COMPRESSED, CONSENSUS_DIRECT_SEND_JSON ->
                MessageClass.CRITICAL;
            case CONSENSUS_RPC_BCS,
                    CONSENSUS_RPC_COMPRESSED,
                    CONSENSUS_RPC_JSON,
                    DKG_DIRECT_SEND_BCS,
                    DKG_DIRECT_SEND_COMPRESSED,
                    DKG_DIRECT_SEND_JSON,
                    DKG_RPC_BCS,
                    DKG_RPC_COMPRESSED,
                    DKG_RPC_JSON,
                    JWK_CONSENSUS_DIRECT_SEND_BCS,
                    JWK_CONSENSUS_DIRECT_SEND_COMPRESSED,
                    JWK_CONSENSUS_DIRECT_SEND_JSON,
                    JWK_CONSENSUS_RPC_BCS,
                    JWK_CONSENSUS_RPC_COMPRESSED,
                    JWK_CONSENSUS_RPC_JSON,
                    CONSENSUS_OBSERVER,
                    CONSENSUS_OBSERVER_RPC,
                    HEALTH_CHECKER_RPC,
                    DISCOVERY_DIRECT_SEND -> MessageClass.RECOVERABLE;
            case MEMPOOL_DIRECT_SEND,
                    MEMPOOL_RPC,
                    STATE_SYNC_DIRECT_SEND,
                    STORAGE_SERVICE_RPC,
                    PEER_MONITORING_SERVICE_RPC,
                    NETBENCH_DIRECT_SEND,
                    NETBENCH_RPC,
                    UNKNOWN -> MessageClass.BULK;
        };
    }
}
