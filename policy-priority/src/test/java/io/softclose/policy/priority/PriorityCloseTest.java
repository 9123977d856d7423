/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.testkit.wire.WireFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the policy promises at a close, over a link of limited bandwidth. */
class PriorityCloseTest {
    /** Messages of 64 bytes that may be in flight when a close starts: those of a batch, the last one cut off. */
    private static final int IN_FLIGHT = 128 * 1024 / (64 + 9) + 1;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConsensusPriorityPolicy policy = ConsensusPriorityPolicy.builder()
            .critical(lane -> lane.withMaxMessages(20_000))
            .bulk(lane -> lane.withMaxMessages(200_000))
            .build();

    @Test
    void everyVoteGoesFirstWith300MillisecondsLeftAndTheRestComesBack() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(10_000);
            List<Message> bulk = Traffic.bulk(100_000, 0, 64);
            peer.accept(bulk);
            peer.pass(Duration.ofMillis(20));
            List<byte[]> received = new ArrayList<>(peer.receivedPayloads());
            int before = received.size();
            peer.accept(Traffic.votes(500));
            peer.connection().close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofMillis(300));
            CloseReport report = peer.awaitClosed(PATIENCE);

            received.addAll(peer.receivedPayloads());
            assertEquals(CloseEnding.CLEAN, report.ending());
            int lastVote = lastIndex(received, Traffic::isVote);
            assertTrue(lastVote < before + IN_FLIGHT + 500, () -> "last vote at " + lastVote);
            assertEquals(500, received.stream().filter(Traffic::isVote).count());
            assertEquals(500, lane(report, "critical").count(Outcome.WRITTEN));
            int bulkReceived = received.size() - 500;
            assertEquals(100_000 - bulkReceived, lane(report, "bulk").count(Outcome.UNSENT));
            assertEquals(
                    bulk.subList(bulkReceived, 100_000),
                    report.returned().stream().map(ReturnedMessage::message).toList());
        }
    }

    @Test
    void noBulkStartsWhileAVoteWaits() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(1_000);
            peer.accept(Traffic.bulk(5_000, 0, 64));
            peer.accept(Traffic.votes(5_000));
            peer.connection().close();
            peer.awaitClosed(PATIENCE);

            List<byte[]> received = peer.receivedPayloads();
            List<Integer> votesAt = IntStream.range(0, received.size())
                    .filter(at -> Traffic.isVote(received.get(at)))
                    .boxed()
                    .toList();
            assertEquals(5_000, votesAt.size());
            assertTrue(votesAt.get(0) <= IN_FLIGHT, () -> "first vote at " + votesAt.get(0));
            assertEquals(4_999, votesAt.get(4_999) - votesAt.get(0), "votes that nothing came between");
        }
    }

    @Test
    void bulkGoesOnWhenNothingAboveItWaits() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(1_000);
            peer.accept(Traffic.votes(10));
            peer.accept(Traffic.bulk(5_000, 0, 64));
            peer.connection().close();
            CloseReport report = peer.awaitClosed(PATIENCE);

            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(5_010, report.account().count(Outcome.WRITTEN));
            assertEquals(5_010, peer.received().size());
        }
    }

    @Test
    void eachClassHasItsOwnTime() {
        ConsensusPriorityPolicy brief = ConsensusPriorityPolicy.builder()
                .critical(lane -> lane.withMaxMessages(20_000).withDrainTimeout(Duration.ofSeconds(4)))
                .recoverable(lane -> lane.withDrainTimeout(Duration.ofSeconds(2)))
                .bulk(lane -> lane.withMaxMessages(5_000).withDrainTimeout(Duration.ofSeconds(1)))
                .build();
        try (PacedPeer peer = new PacedPeer(brief, Limits.defaults())) {
            peer.bandwidth(1_000);
            peer.accept(Traffic.bulk(5_000, 0, 64));
            peer.accept(Traffic.votes(15_000)); // 3.15 s of the link's time
            peer.connection().close();
            CloseReport report = peer.awaitClosed(PATIENCE);

            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(15_000, lane(report, "critical").count(Outcome.WRITTEN));
            assertTrue(lane(report, "bulk").count(Outcome.UNSENT) > 0, "bulk came back");
            assertTrue(report.duration().compareTo(Duration.ofSeconds(4)) < 0, () -> "duration: " + report.duration());
        }
    }

    @Test
    void aPeerThatReadsGetsEveryCriticalMessageBeforeTheEnd() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(200);
            peer.accept(Traffic.bulk(100_000, 0, 64));
            peer.accept(Traffic.votes(15_000)); // 15.75 s of the link's time
            peer.connection().close(DisconnectReason.STALE_CONNECTION);
            CloseReport report = peer.awaitClosed(PATIENCE);

            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(
                    15_000,
                    peer.receivedPayloads().stream().filter(Traffic::isVote).count());
        }
    }

    @Test
    void aPeerThatTakesNothingHasEveryVoteComeBack() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(0);
            peer.accept(Traffic.bulk(100, 0, 64));
            List<Message> votes = Traffic.votes(1_000);
            peer.accept(votes);
            peer.connection().close();
            CloseReport report = peer.awaitClosed(PATIENCE);

            assertEquals(CloseEnding.STALL, report.ending());
            assertEquals(1_100, report.account().count(Outcome.UNSENT));
            assertEquals(
                    votes,
                    report.returned().stream()
                            .filter(returned -> returned.lane().equals("critical"))
                            .map(ReturnedMessage::message)
                            .toList());
        }
    }

    @Test
    void expiredMessagesAreSkipped() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(1_000);
            peer.accept(Traffic.bulk(3_000, 0, 64));
            Duration timeToLive = Duration.ofMillis(100);
            peer.accept(Traffic.votes(50).stream()
                    .map(vote -> vote.withTimeToLive(timeToLive))
                    .toList());
            peer.accept(Traffic.votes(20));
            peer.bandwidth(0);
            peer.pass(timeToLive);
            peer.bandwidth(1_000);
            peer.connection().close();
            CloseReport report = peer.awaitClosed(PATIENCE);

            assertEquals(50, lane(report, "critical").count(Outcome.EXPIRED));
            assertEquals(20, lane(report, "critical").count(Outcome.WRITTEN));
            assertEquals(
                    20, peer.receivedPayloads().stream().filter(Traffic::isVote).count());
        }
    }

    @Test
    void votesPassAStreamThatIsFinishedForAProposal() {
        Limits limits = Limits.builder().maxFrameSize(16 * 1024).build();
        try (PacedPeer peer = new PacedPeer(policy, limits)) {
            peer.bandwidth(10_000);
            peer.accept(Traffic.bulk(1, 0, 2 * 1024 * 1024));
            peer.pass(Duration.ofMillis(5));
            // The wire carries one stream at a time: the proposal waits for the end of the one under way.
            peer.accept(List.of(Traffic.consensus(ConsensusMessageType.PROPOSAL_MSG, 0, 64 * 1024)));
            peer.accept(Traffic.votes(200));
            peer.connection().close();
            CloseReport report = peer.awaitClosed(PATIENCE);

            List<WireFrame> received = peer.received();
            int lastVote = lastIndex(received, frame -> frame instanceof WireFrame.DirectSend);
            int framesInFlight = 2 * 128 / 16;
            assertTrue(lastVote < 200 + framesInFlight, () -> "last vote at " + lastVote);
            assertEquals(202, report.account().count(Outcome.WRITTEN));
        }
    }

    @Test
    void aStartedStreamIsCutWhenItsClassIsOutOfTimeAndNothingElseWaits() {
        Limits limits = Limits.builder().maxFrameSize(16 * 1024).build();
        try (PacedPeer peer = new PacedPeer(policy, limits)) {
            peer.bandwidth(1_000);
            Message stream = Traffic.bulk(0, 3 * 1024 * 1024); // 3.1 s of the link's time
            peer.accept(List.of(stream));
            peer.pass(Duration.ofMillis(5));
            peer.connection().close(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE);
            CloseReport report = peer.awaitClosed(PATIENCE);

            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(1, report.returned().size());
            assertEquals(Outcome.UNSENT, report.returned().get(0).outcome());
            assertFalse(peer.received().size() > 3 * 1024 / 16, "the stream is complete");
        }
    }

    private static LaneAccount lane(CloseReport report, String name) {
        return report.account().lanes().stream()
                .filter(lane -> lane.lane().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static <T> int lastIndex(List<T> received, Predicate<T> wanted) {
        return IntStream.range(0, received.size())
                .filter(at -> wanted.test(received.get(at)))
                .max()
                .orElse(-1);
    }
}
