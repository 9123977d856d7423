/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.util.Arrays;
import java.util.List;

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

    private static final int IDS = 256;

    private static final List<ProtocolId> CRITICAL = List.of(
            ProtocolId.CONSENSUS_DIRECT_SEND_BCS,
            ProtocolId.CONSENSUS_DIRECT_SEND_COMPRESSED,
            ProtocolId.CONSENSUS_DIRECT_SEND_JSON);

    private static final List<ProtocolId> RECOVERABLE = List.of(
            ProtocolId.CONSENSUS_RPC_BCS,
            ProtocolId.CONSENSUS_RPC_COMPRESSED,
            ProtocolId.CONSENSUS_RPC_JSON,
            ProtocolId.DKG_DIRECT_SEND_BCS,
            ProtocolId.DKG_DIRECT_SEND_COMPRESSED,
            ProtocolId.DKG_DIRECT_SEND_JSON,
            ProtocolId.DKG_RPC_BCS,
            ProtocolId.DKG_RPC_COMPRESSED,
            ProtocolId.DKG_RPC_JSON,
            ProtocolId.JWK_CONSENSUS_DIRECT_SEND_BCS,
            ProtocolId.JWK_CONSENSUS_DIRECT_SEND_COMPRESSED,
            ProtocolId.JWK_CONSENSUS_DIRECT_SEND_JSON,
            ProtocolId.JWK_CONSENSUS_RPC_BCS,
            ProtocolId.JWK_CONSENSUS_RPC_COMPRESSED,
            ProtocolId.JWK_CONSENSUS_RPC_JSON,
            ProtocolId.CONSENSUS_OBSERVER,
            ProtocolId.CONSENSUS_OBSERVER_RPC,
            ProtocolId.HEALTH_CHECKER_RPC,
            ProtocolId.DISCOVERY_DIRECT_SEND);

    /** By the protocol's id: an application's own are recoverable, what else is in no list is bulk. */
    private static final MessageClass[] IMPLIED = implied();

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
        int id = protocol.id();
        return id == ProtocolId.CONSENSUS_DIRECT_SEND_BCS.id() || id == ProtocolId.CONSENSUS_RPC_BCS.id();
    }

    private static MessageClass impliedBy(ProtocolId protocol) {
        return IMPLIED[protocol.id()];
    }

    private static MessageClass[] implied() {
        MessageClass[] byId = new MessageClass[IDS];
        Arrays.fill(byId, MessageClass.BULK);
        CRITICAL.forEach(protocol -> byId[protocol.id()] = MessageClass.CRITICAL);
        Arrays.fill(byId, ProtocolId.FIRST_OWN, ProtocolId.LAST_OWN + 1, MessageClass.RECOVERABLE);
        RECOVERABLE.forEach(protocol -> byId[protocol.id()] = MessageClass.RECOVERABLE);
        return byId;
    }
}
