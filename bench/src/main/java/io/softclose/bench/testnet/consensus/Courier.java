/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.MalformedMessageException;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.bench.testnet.consensus.message.VoteNumber;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends a validator's messages to its fellows, as peers, and tells what becomes of each. What must outlive the process is stored before a
 * message leaves that relies on it.
 */
final class Courier {
    /** Consensus messages tell by their first byte what they are, so their priority says nothing. */
    private static final int PRIORITY = 0;

    /** A message that is the same to all to whom it goes. */
    private record Numbered(MessageKind kind, long round, long number, Message message) {}

    private final int self;
    private final ValidatorEvents events;
    private final ValidatorStore store;
    private final List<Peer> peers = new ArrayList<>();

    Courier(ValidatorSettings settings, ValidatorEvents events, ValidatorStore store, Network network) {
        self = settings.index();
        this.events = events;
        this.store = store;
        settings.validators().forEach(id -> peers.add(network.peer(id)));
    }

    void send(int to, ConsensusMsg message) {
        Numbered numbered = numbered(message);
        store.save();
        offer(to, numbered);
    }

    void broadcast(ConsensusMsg message) {
        broadcast(numbered(message));
    }

    void broadcastMempool(int bytes) {
        broadcast(new Numbered(
                MessageKind.MEMPOOL, 0, 0, Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, PRIORITY, new byte[bytes])));
    }

    /** Sends one message object to all, from the next index on, so that nobody is always first. */
    private void broadcast(Numbered message) {
        store.save();
        for (int i = 1; i < peers.size(); i++) {
            offer((self + i) % peers.size(), message);
        }
    }

    private Numbered numbered(ConsensusMsg message) {
        MessageKind kind = MessageKind.of(message);
        byte[] payload = MessageCodec.encode(message);
        long number = 0;
        if (kind.isVote()) {
            number = store.nextVote();
            VoteNumber.write(message.type(), payload, number);
        }
        return new Numbered(
                kind, message.round(), number, Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, PRIORITY, payload));
    }

    private void offer(int to, Numbered offered) {
        Dispatch dispatch = new Dispatch(to, offered.kind(), offered.round(), offered.number());
        SendResult result = peers.get(to).send(offered.message(), new Fate(dispatch, events));
        events.sent(dispatch, result);
    }

    /** Tells what becomes of one message to one validator. */
    private record Fate(Dispatch dispatch, ValidatorEvents events) implements OutcomeListener {
        @Override
        public void ended(Message message, Outcome outcome) {
            events.outcome(dispatch, outcome);
        }

        @Override
        public void handedOver(Message message) {
            events.handedOver(dispatch);
        }
    }

    /**
     * Asks another validator.
     *
     * @param answered told of the answer, or that there is none; on any thread, before this returns if it is refused at once
     */
    void ask(int whom, ConsensusMsg question, Duration timeout, Consumer<Optional<ConsensusMsg>> answered) {
        Message message = Message.of(ProtocolId.CONSENSUS_RPC_BCS, PRIORITY, MessageCodec.encode(question));
        events.sent(new Dispatch(whom, MessageKind.of(question), question.round(), 0), SendResult.ACCEPTED);
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
