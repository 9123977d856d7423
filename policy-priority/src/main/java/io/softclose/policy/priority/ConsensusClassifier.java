/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;

/**
 * Sorts AptosNet's messages by what losing them costs. It reads one byte of the payload, and allocates nothing.
 *
 * <p>An uncompressed BCS consensus message (ConsensusDirectSendBcs, ConsensusRpcBcs) tells its kind by its first byte, and
 * has the class of its {@link ConsensusMessageType}, whatever its priority. A kind that is not listed, an empty payload,
 * and every other message take the class that their protocol implies:
 *
 * <table>
 * <caption>The class that a protocol implies</caption>
 * <tr><th>protocols</th><th>class</th><th>why</th></tr>
 * <tr><td>ConsensusDirectSend, in every encoding</td><td>critical</td><td>votes and proposals travel here, and nobody asks
 *     for them again; a batch that is taken for a vote harms less than a vote that is taken for a batch</td></tr>
 * <tr><td>ConsensusRpc, in every encoding</td><td>recoverable</td><td>who asked has a timeout, and asks again</td></tr>
 * <tr><td>DKG and JWKConsensus, in every encoding</td><td>recoverable</td><td>they have an epoch's time, not a round's, and
 *     repeat themselves until they have a quorum</td></tr>
 * <tr><td>ConsensusObserver, ConsensusObserverRpc</td><td>recoverable</td><td>an observer that misses a message falls back
 *     to state synchronisation</td></tr>
 * <tr><td>HealthCheckerRpc</td><td>recoverable</td><td>a lost ping is followed by another, but a ping that waits behind bulk
 *     makes a busy link look like a dead one</td></tr>
 * <tr><td>DiscoveryDirectSend</td><td>recoverable</td><td>little, and repeated only after a while; without it peers cannot be
 *     dialled</td></tr>
 * <tr><td>MempoolDirectSend, MempoolRpc</td><td>bulk</td><td>transactions: other peers have them too</td></tr>
 * <tr><td>StateSyncDirectSend, StorageServiceRpc</td><td>bulk</td><td>chunks of state: asked for again, of any peer</td></tr>
 * <tr><td>PeerMonitoringServiceRpc</td><td>bulk</td><td>figures that are taken again before long</td></tr>
 * <tr><td>NetbenchDirectSend, NetbenchRpc, Unknown</td><td>bulk</td><td>nothing depends on them</td></tr>
 * </table>
 *
 * <p>A {@link Message#priority()} of {@value #RAISING_PRIORITY} or more raises such a message by one class. So a priority
 * never lowers a message, and never makes bulk critical: however many messages call themselves urgent, those of mempool
 * cannot take a vote's place. Whoever compresses consensus messages and knows more about them than their protocol tells
 * writes a {@link MessageClassifier} that decides on these and leaves the rest to this one.
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
