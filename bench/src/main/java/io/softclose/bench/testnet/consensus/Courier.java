/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.MalformedMessageException;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends a validator's messages to its fellows, as peers, and tells what becomes of each. */
final class Courier {
    /** Consensus messages tell by their first byte what they are, so their priority says nothing. */
    private static final int PRIORITY = 0;

    private final int self;
    private final ValidatorEvents events;
    private final List<Peer> peers = new ArrayList<>();

    Courier(ValidatorSettings settings, ValidatorEvents events, Network network) {
        self = settings.index();
        this.events = events;
        settings.validators().forEach(id -> peers.add(network.peer(id)));
    }

    void send(int to, ConsensusMsg message) {
        offer(to, MessageKind.of(message), message.round(), payload(message));
    }

    void broadcast(ConsensusMsg message) {
        broadcast(MessageKind.of(message), message.round(), payload(message));
    }

    void broadcastMempool(int bytes) {
        broadcast(MessageKind.MEMPOOL, 0, Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, PRIORITY, new byte[bytes]));
    }

    /** Sends one message object to all, from the next index on, so that nobody is always first. */
    private void broadcast(MessageKind kind, long round, Message message) {
        for (int i = 1; i < peers.size(); i++) {
            offer((self + i) % peers.size(), kind, round, message);
        }
    }

    private static Message payload(ConsensusMsg message) {
        return Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, PRIORITY, MessageCodec.encode(message));
    }

    private void offer(int to, MessageKind kind, long round, Message message) {
        SendResult result = peers.get(to).send(message, (sent, outcome) -> events.outcome(kind, round, outcome));
        events.sent(kind, round, result);
    }

    /**
     * Asks another validator.
     *
     * @param answered told of the answer, or that there is none; on any thread, before this returns if it is refused at once
     */
    void ask(int whom, ConsensusMsg question, Duration timeout, Consumer<Optional<ConsensusMsg>> answered) {
        Message message = Message.of(ProtocolId.CONSENSUS_RPC_BCS, PRIORITY, MessageCodec.encode(question));
        events.sent(MessageKind.of(question), question.round(), SendResult.ACCEPTED);
        var unused = peers.get(whom)
                .request(message, timeout)
                .whenComplete((answer, failure) -> answered.accept(answer == null ? Optional.empty() : read(answer)));
    }

    private static Optional<ConsensusMsg> read(Message answer) {
        try {
            return Optional.of(MessageCodec.decode(answer.payload()));
        } catch (MalformedMessageException malformed) {
            return Optional.empty();
        }
    }
}
