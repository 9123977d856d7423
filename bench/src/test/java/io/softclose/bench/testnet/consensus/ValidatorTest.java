/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.ValidatorSettings.Load;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalResponse;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One validator, and at the other end a network that sends what the test wants. */
class ValidatorTest {
    private static final PeerId OWN = id(1);
    private static final PeerId FELLOW = id(2);
    private static final PeerId STRANGER = id(3);

    private final SimNetwork sim = new SimNetwork(26);
    private final List<Network> networks = new ArrayList<>();
    private final List<Message> arrived = new ArrayList<>();
    private final Recorder events = new Recorder();

    private static PeerId id(int first) {
        byte[] id = new byte[PeerId.LENGTH];
        id[0] = (byte) first;
        return PeerId.of(id);
    }

    private static final class Recorder implements ValidatorEvents {
        final List<String> rejected = new ArrayList<>();
        final List<Block> committed = new ArrayList<>();
        final List<Long> entered = new ArrayList<>();
        final List<Long> timedOut = new ArrayList<>();
        final Map<MessageKind, Integer> sent = new TreeMap<>();
        final Map<Outcome, Integer> outcomes = new TreeMap<>();
        int refused;

        int sent(MessageKind kind) {
            return sent.getOrDefault(kind, 0);
        }

        @Override
        public void rejected(String why) {
            rejected.add(why);
        }

        @Override
        public void committed(Block block) {
            committed.add(block);
        }

        @Override
        public void roundEntered(long round, boolean byTimeout) {
            entered.add(round);
        }

        @Override
        public void timedOut(long round) {
            timedOut.add(round);
        }

        @Override
        public void sent(Dispatch message, SendResult result) {
            sent.merge(message.kind(), 1, Integer::sum);
            refused += result.accepted() ? 0 : 1;
        }

        @Override
        public void outcome(Dispatch message, Outcome outcome) {
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        networks.forEach(network -> network.shutdown(Duration.ofSeconds(1)));
        sim.run();
        sim.verifyNoLeaks();
    }

    private NetworkBuilder network(PeerId id, SimTransport host) {
        return Network.builder()
                .peerId(id)
                .identityExchange(new Introductions(id))
                .transport(host)
                .closePolicy("graceful");
    }

    private Network built(NetworkBuilder builder) {
        Network network = builder.build();
        networks.add(network);
        return network;
    }

    private static ValidatorSettings.Builder settings(PeerId... validators) {
        return ValidatorSettings.builder(0, List.of(validators)).proposalInterval(Duration.ofMillis(100));
    }

    private Network run(Validator validator, SimTransport host) throws IOException {
        NetworkBuilder builder = network(OWN, host);
        validator.handleOn(builder);
        Network network = built(builder);
        var unused = network.listen(host.address(6180));
        validator.start(network);
        return network;
    }

    /** A connection to the validator of somebody who sends what the test wants. */
    private Connection from(PeerId id, SimTransport validator) {
        Network other = built(network(id, sim.host("other"))
                .handle(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, (connection, message) -> arrived.add(message))
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> arrived.add(message))
                .support(ProtocolId.CONSENSUS_RPC_BCS));
        Connection connection = other.dial(OWN, validator.address(6180));
        sim.runUntil(connection.opened().toCompletableFuture()::isDone, Duration.ofSeconds(5));
        return connection;
    }

    private static Message payload(byte[] bytes) {
        return Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, bytes);
    }

    private void send(Connection connection, byte[] bytes) {
        assertEquals(SendResult.ACCEPTED, connection.send(payload(bytes)));
        sim.runFor(Duration.ofMillis(50));
    }

    @Test
    void oneAloneIsAQuorum() throws IOException {
        SimTransport host = sim.host("alone");
        try (Validator alone =
                new Validator(settings(OWN).load(new Load(5, 100, 5, 100)).build(), events)) {
            run(alone, host);
            sim.runFor(Duration.ofSeconds(2));

            assertTrue(events.committed.size() >= 15, "blocks: " + events.committed.size());
            assertTrue(
                    events.committed.stream().anyMatch(block -> !block.batches().isEmpty()));
            assertEquals(events.committed.size(), alone.state().committedHeight());
            assertEquals(List.of(), events.timedOut);
        }
    }

    @Test
    void whatIsNoMessageOrIsSomebodyElsesIsRejectedAndChangesNothing() throws IOException {
        SimTransport host = sim.host("validator");
        try (Validator validator = new Validator(settings(OWN, FELLOW).build(), events)) {
            run(validator, host);
            Connection fellow = from(FELLOW, host);
            ValidatorState before = validator.state();

            send(fellow, new byte[0]);
            send(fellow, new byte[] {99});
            send(fellow, MessageCodec.encode(new BlockRetrievalRequest(new BlockId(0, 0, 0, 0), 0, 1)));
            Connection stranger = from(STRANGER, host);
            send(stranger, new byte[] {3});

            assertEquals(4, events.rejected.size(), events.rejected.toString());
            assertTrue(events.rejected.get(0).contains("validator 1"), events.rejected.get(0));
            assertTrue(events.rejected.get(3).contains("expected: of another validator"), events.rejected.get(3));
            assertEquals(before, validator.state());
        }
    }

    @Test
    void withoutItsFellowItGivesUpOnTheRoundAgainAndAgainAndEveryMessageEnds() throws IOException {
        SimTransport host = sim.host("validator");
        try (Validator validator = new Validator(
                settings(OWN, FELLOW)
                        .roundTimeout(Duration.ofMillis(200), 1.2, Duration.ofSeconds(1))
                        .build(),
                events)) {
            run(validator, host);
            sim.runFor(Duration.ofSeconds(30));

            assertEquals(List.of(1L), events.timedOut);
            assertTrue(events.sent(MessageKind.ROUND_TIMEOUT) > 100, events.sent.toString());
        }
        networks.get(0).shutdown(Duration.ZERO);
        sim.run();
        assertEquals(
                events.sent.values().stream().mapToInt(Integer::intValue).sum() - events.refused,
                events.outcomes.values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void trafficComesAtItsRate() throws IOException {
        SimTransport host = sim.host("validator");
        Load load = new Load(10, 1_000, 20, 500);
        try (Validator validator =
                new Validator(settings(OWN, FELLOW).load(load).build(), events)) {
            run(validator, host);
            from(FELLOW, host);
            sim.runFor(Duration.ofSeconds(10));

            assertEquals(100, events.sent(MessageKind.BATCH), 2);
            assertEquals(200, events.sent(MessageKind.MEMPOOL), 4);
            assertTrue(arrived.stream()
                    .anyMatch(message ->
                            message.protocol().equals(ProtocolId.MEMPOOL_DIRECT_SEND) && message.size() == 500));
        }
    }

    @Test
    void blocksThatItDoesNotHaveAreAnsweredByNone() throws IOException {
        SimTransport host = sim.host("validator");
        try (Validator validator = new Validator(settings(OWN, FELLOW).build(), events)) {
            run(validator, host);
            Connection fellow = from(FELLOW, host);
            byte[] question = MessageCodec.encode(new BlockRetrievalRequest(new BlockId(9, 9, 9, 9), 0, 10));
            CompletableFuture<Message> answer = fellow.request(
                            Message.of(ProtocolId.CONSENSUS_RPC_BCS, 0, question), Duration.ofSeconds(1))
                    .toCompletableFuture();
            sim.runFor(Duration.ofSeconds(2));

            ConsensusMsg read = MessageCodec.decode(answer.getNow(null).payload());
            assertEquals(new BlockRetrievalResponse(List.of(), false), read);
        }
    }

    @Test
    void onceClosedItSendsNothingAndHasNothingToAnswerWith() throws IOException {
        SimTransport host = sim.host("validator");
        Validator validator = new Validator(
                settings(OWN, FELLOW).load(new Load(50, 10, 50, 10)).build(), events);
        run(validator, host);
        Connection fellow = from(FELLOW, host);
        sim.runFor(Duration.ofSeconds(1));
        validator.close();
        validator.close();
        Map<MessageKind, Integer> sent = new TreeMap<>(events.sent);
        BlockId committed = validator.state().committed().id();
        byte[] question = MessageCodec.encode(new BlockRetrievalRequest(committed, 0, 10));
        CompletableFuture<Message> answer = fellow.request(
                        Message.of(ProtocolId.CONSENSUS_RPC_BCS, 0, question), Duration.ofSeconds(1))
                .toCompletableFuture();
        sim.runFor(Duration.ofSeconds(10));

        assertEquals(sent, events.sent);
        assertEquals(
                new BlockRetrievalResponse(List.of(), false),
                MessageCodec.decode(answer.getNow(null).payload()));
        assertEquals(
                "start: after close (expected: once)",
                assertThrows(IllegalStateException.class, () -> validator.start(networks.get(0)))
                        .getMessage());
    }

    @Test
    void itStartsOnceAndOnItsOwnNetwork() throws IOException {
        SimTransport host = sim.host("validator");
        try (Validator validator = new Validator(settings(OWN, FELLOW).build(), events)) {
            Network other = built(network(FELLOW, sim.host("other")).support(ProtocolId.CONSENSUS_RPC_BCS));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> validator.start(other))
                    .toString()
                    .contains("expected: of validator 0"));
            Network own = run(validator, host);
            assertEquals(
                    "start: called again (expected: once)",
                    assertThrows(IllegalStateException.class, () -> validator.start(own))
                            .getMessage());
        }
    }

    @Test
    void itGoesOnWithWhatItHasKept() throws IOException {
        SimTransport host = sim.host("alone");
        ValidatorStore store = new ValidatorStore();
        Validator first = new Validator(settings(OWN).build(), events, store);
        Network network = run(first, host);
        sim.runFor(Duration.ofSeconds(1));
        first.close();
        network.shutdown(Duration.ZERO);
        sim.runFor(Duration.ofSeconds(1));
        long height = first.state().committedHeight();

        try (Validator second = new Validator(settings(OWN).build(), events, store)) {
            assertEquals(height, second.state().committedHeight());
            run(second, host);
            sim.runFor(Duration.ofSeconds(1));

            assertTrue(second.state().committedHeight() > height);
        }
    }

    @Test
    void everyKindIsOneOfAptosNetsOrMempools() {
        for (MessageKind kind : MessageKind.values()) {
            assertEquals(kind == MessageKind.MEMPOOL, kind.type().isEmpty());
        }
        assertEquals("VoteMsg", MessageKind.VOTE.wireName());
    }

    @Test
    void settingsSayWhatIsWrong() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> ValidatorSettings.builder(2, List.of(OWN, FELLOW)).build())
                .toString()
                .contains("index: 2 (expected: 0 to 1)"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class, () -> settings(OWN, OWN).build())
                .toString()
                .contains("expected: each once"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Load(-1, 0, 0, 0))
                .toString()
                .contains("batchesPerSecond: -1.0"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> settings(OWN)
                                .roundTimeout(Duration.ofSeconds(2), 1.2, Duration.ofSeconds(1))
                                .build())
                .toString()
                .contains("maxRoundTimeout: PT1S (expected: at least roundTimeout, PT2S)"));
    }
}
