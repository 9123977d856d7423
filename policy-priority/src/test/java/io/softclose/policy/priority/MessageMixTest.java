/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.policy.priority.Arrivals.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What holds for every mix of messages, over a link of any bandwidth, whenever it closes. A failure prints its seed. */
class MessageMixTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What may be in flight when a close starts: a batch and a frame. */
    private static final int IN_FLIGHT_BYTES = (128 + 4) * 1024;

    /** Messages of more than 4 032 bytes are streamed. */
    private static final Limits LIMITS = Limits.builder().maxFrameSize(4 * 1024).build();

    /**
     * A message that is to be sent.
     *
     * @param millisToLive 0 for ever
     */
    record Draft(ConsensusMessageType type, int size, int millisToLive) {
        Message message(int number) {
            Message message = Traffic.consensus(type, number, size);
            return millisToLive == 0 ? message : message.withTimeToLive(Duration.ofMillis(millisToLive));
        }
    }

    /** A message that had its outcome. */
    record Ended(int number, Outcome outcome) {}

    @Provide
    Arbitrary<List<Draft>> mixes() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(Traffic.HEAD_BYTES, 4_032)),
                Tuple.of(1, Arbitraries.integers().between(4_033, 40_000)));
        Arbitrary<Integer> lives = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, 200)));
        return Combinators.combine(Arbitraries.of(ConsensusMessageType.class), sizes, lives)
                .as(Draft::new)
                .list()
                .ofMaxSize(400)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyMessageEndsOnceAndOnlyWhatIsWrittenIsOnTheWire(
            @ForAll("mixes") List<Draft> mix,
            @ForAll @IntRange(min = 500, max = 20_000) int bandwidth,
            @ForAll @IntRange(max = 40) int openMillis,
            @ForAll @IntRange(min = 1, max = 2_000) int deadlineMillis) {
        try (PacedPeer peer = new PacedPeer(ConsensusPriorityPolicy.defaults(), LIMITS)) {
            peer.bandwidth(bandwidth);
            List<Ended> ended = send(peer, mix);
            peer.pass(Duration.ofMillis(openMillis));
            peer.connection().close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMillis(deadlineMillis));
            CloseReport report = peer.awaitClosed(PATIENCE);
            Arrivals arrivals = new Arrivals();
            arrivals.add(peer.received());

            assertEquals(mix.size(), ended.size(), "outcomes");
            Map<Integer, Outcome> outcomes = ended.stream().collect(Collectors.toMap(Ended::number, Ended::outcome));
            assertEquals(mix.size(), report.account().total().accepted());
            for (Outcome outcome : Outcome.values()) {
                assertEquals(with(outcome, outcomes).size(), report.account().count(outcome), outcome::name);
            }
            assertEquals(with(Outcome.WRITTEN, outcomes), Set.copyOf(arrivals.completed()));
            assertEquals(
                    arrivals.completed().size(),
                    Set.copyOf(arrivals.completed()).size(),
                    "none twice");
            assertReturned(report, outcomes);
            assertOrderWithinLanes(arrivals);
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void atACloseNothingStartsBeforeWhatIsMoreUrgent(
            @ForAll("mixes") List<Draft> mix,
            @ForAll @IntRange(min = 500, max = 20_000) int bandwidth,
            @ForAll @IntRange(max = 40) int openMillis) {
        try (PacedPeer peer = new PacedPeer(ConsensusPriorityPolicy.defaults(), LIMITS)) {
            peer.bandwidth(bandwidth);
            send(peer, mix);
            peer.pass(Duration.ofMillis(openMillis));
            Arrivals arrivals = new Arrivals();
            arrivals.add(peer.received());
            long inFlightUntil = arrivals.bytes() + IN_FLIGHT_BYTES;
            peer.connection().close();
            CloseReport report = peer.awaitClosed(PATIENCE);
            arrivals.add(peer.received());

            assertTrue(report.clean(), report::detail);
            List<MessageClass> classes = arrivals.started().stream()
                    .filter(arrival -> arrival.startedAfter() > inFlightUntil)
                    .map(Arrival::messageClass)
                    .toList();
            assertEquals(classes.stream().sorted().toList(), classes);
        }
    }

    /** Sends the mix; what is answered fills up as the messages end. */
    private static List<Ended> send(PacedPeer peer, List<Draft> mix) {
        List<Ended> ended = new ArrayList<>();
        for (int i = 0; i < mix.size(); i++) {
            int number = i;
            Message message = mix.get(i).message(number);
            SendResult result =
                    peer.connection().send(message, (same, outcome) -> ended.add(new Ended(number, outcome)));
            assertEquals(SendResult.ACCEPTED, result);
        }
        return ended;
    }

    private static Set<Integer> with(Outcome wanted, Map<Integer, Outcome> outcomes) {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getValue() == wanted)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Whatever was not written came back, but for what expired while the connection was open; in order. */
    private static void assertReturned(CloseReport report, Map<Integer, Outcome> outcomes) {
        Set<Integer> returned = report.returned().stream()
                .map(each -> each.message().payload().getInt(1))
                .collect(Collectors.toSet());
        assertTrue(returned.containsAll(with(Outcome.UNSENT, outcomes)));
        report.returned()
                .forEach(each ->
                        assertEquals(outcomes.get(each.message().payload().getInt(1)), each.outcome()));
        List<Integer> lanes = report.returned().stream()
                .map(ReturnedMessage::lane)
                .map(lane -> List.of("critical", "recoverable", "bulk").indexOf(lane))
                .toList();
        assertEquals(lanes.stream().sorted().toList(), lanes);
    }

    /** Within a lane, whole messages start in the order of their sending, and so do streams. */
    private static void assertOrderWithinLanes(Arrivals arrivals) {
        for (MessageClass messageClass : MessageClass.values()) {
            for (boolean streamed : new boolean[] {true, false}) {
                List<Integer> numbers = arrivals.started().stream()
                        .filter(arrival -> arrival.messageClass() == messageClass && arrival.streamed() == streamed)
                        .map(Arrival::number)
                        .toList();
                assertEquals(numbers.stream().sorted().toList(), numbers);
            }
        }
    }
}
