/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.wire.WireFrame;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the lanes promise while the connection is open, over a link of limited bandwidth. */
class OpenConnectionTest {
    /** The engine gives the link batches of at most this many bytes. */
    private static final int BATCH_BYTES = 128 * 1024;

    /** Bytes of a frame that are not payload, of messages up to 127 bytes and up to 16 KiB. */
    private static final int SMALL_HEAD_BYTES = 9;

    /** Votes that fill several batches. */
    private static final int VOTES_WAITING = 4_096;

    /** Payload bytes of a frame that something urgent may come beside. */
    private static final int FRAGMENT_BYTES = 16 * 1024;

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final ConsensusPriorityPolicy policy = ConsensusPriorityPolicy.builder()
            .critical(lane -> lane.withMaxMessages(8_192))
            .recoverable(lane -> lane.withMaxMessages(8_192))
            .bulk(lane -> lane.withMaxMessages(200_000))
            .build();

    @Test
    void aVoteSentLastLeavesWithTheBatchInFlight() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(10_000);
            peer.accept(Traffic.bulk(100_000, 0, 64));
            peer.pass(Duration.ofMillis(50));
            assertEquals(50 * 10_000 / (64 + SMALL_HEAD_BYTES), peer.received().size());

            peer.accept(Traffic.votes(1));
            peer.pass(Duration.ofMillis(BATCH_BYTES / 10_000 + 1));

            assertEquals(1, votesIn(peer.receivedPayloads()));
        }
    }

    @Test
    void votesLeaveInTheOrderOfTheirSending() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(10_000);
            peer.accept(Traffic.bulk(5_000, 0, 64));
            peer.accept(Traffic.votes(500));
            peer.pass(Duration.ofMillis(100));

            List<Integer> numbers = peer.receivedPayloads().stream()
                    .filter(Traffic::isVote)
                    .map(Traffic::number)
                    .toList();
            assertEquals(IntStream.range(0, 500).boxed().toList(), numbers);
        }
    }

    @Test
    void aFloodOfBulkNeverRefusesAVote() {
        try (PacedPeer peer = new PacedPeer(ConsensusPriorityPolicy.defaults(), Limits.defaults())) {
            peer.bandwidth(0);
            int accepted = 0;
            while (peer.connection().send(Traffic.bulk(accepted, 64)) == SendResult.ACCEPTED) {
                accepted++;
            }

            assertEquals(Limits.defaults().outboxMessages(), accepted);
            assertEquals(
                    SendResult.ACCEPTED, peer.connection().send(Traffic.votes(1).get(0)));
            assertEquals(
                    SendResult.ACCEPTED,
                    peer.connection().send(Traffic.consensus(ConsensusMessageType.SYNC_INFO, 0, 64)));
        }
    }

    @Test
    void bulkGetsItsShareWhileVotesKeepComing() {
        int size = 4 * 1024;
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(100_000);
            peer.accept(Traffic.bulk(2_000, 0, size));
            contend(peer, 200);

            // One message in each burst of votes: 4 KiB of 68.
            assertShare(size / (64.0 * 1024 + size), peer.receivedPayloads());
        }
    }

    @Test
    void bulkNeverGetsMoreThanHalfWhateverItsSize() {
        int size = 1024 * 1024;
        Limits limits = Limits.builder().fragmentSize(size).build();
        try (PacedPeer peer = new PacedPeer(policy, limits)) {
            peer.bandwidth(100_000);
            peer.accept(Traffic.bulk(20, 0, size));
            contend(peer, 200);

            assertShare(0.5, peer.receivedPayloads());
        }
    }

    @Test
    void aStreamNeverGetsMoreThanHalf() {
        Limits limits = Limits.builder()
                .maxFrameSize(256 * 1024)
                .fragmentSize(256 * 1024)
                .build();
        try (PacedPeer peer = new PacedPeer(policy, limits)) {
            peer.bandwidth(100_000);
            peer.accept(Traffic.bulk(1, 0, 20 * 1024 * 1024));
            contend(peer, 200);

            long votes = 0;
            long streamed = 0;
            for (WireFrame frame : peer.received()) {
                if (frame instanceof WireFrame.DirectSend vote) {
                    votes += vote.payload().remaining();
                } else {
                    streamed += limits.chunkSize();
                }
            }
            assertEquals(0.5, (double) streamed / (votes + streamed), 0.05);
        }
    }

    @Test
    void ofBulkInFragmentsEachIsATurn() {
        int size = 1024 * 1024;
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(100_000);
            peer.accept(Traffic.bulk(20, 0, size));
            contend(peer, 200);

            double votes = 0;
            double fragments = 0;
            for (WireFrame frame : peer.received()) {
                if (frame instanceof WireFrame.DirectSend vote) {
                    votes += vote.payload().remaining();
                } else {
                    fragments += FRAGMENT_BYTES;
                }
            }
            assertEquals(0.2, fragments / (votes + fragments), 0.02);
        }
    }

    @Test
    void aVoteSentLastWaitsForOneFragmentOfWhatThePeerHasNotTaken() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(1_000);
            peer.accept(Traffic.bulk(4, 0, 4_000_000));
            peer.pass(Duration.ofMillis(50));
            peer.received();

            peer.accept(Traffic.votes(1));
            peer.pass(Duration.ofMillis(FRAGMENT_BYTES / 1_000 + 1));

            assertEquals(
                    1,
                    peer.received().stream()
                            .filter(frame -> frame instanceof WireFrame.DirectSend)
                            .count());
        }
    }

    @Test
    void everyLaneProgressesWhileAllContend() {
        try (PacedPeer peer = new PacedPeer(policy, Limits.defaults())) {
            peer.bandwidth(100_000);
            peer.accept(Traffic.bulk(2_000, 0, 16 * 1024));
            peer.accept(IntStream.range(0, 2_000)
                    .mapToObj(number -> Traffic.consensus(ConsensusMessageType.BATCH_RESPONSE, number, 16 * 1024))
                    .toList());
            contend(peer, 500);

            List<byte[]> received = peer.receivedPayloads();
            double all = bytesOf(received);
            double bulk = bytesOf(received.stream().filter(Traffic::isBulk).toList());
            double votes = bytesOf(received.stream().filter(Traffic::isVote).toList());
            // The lanes below get 16 KiB of 80; of their turns bulk gets one in five.
            assertEquals(0.8, votes / all, 0.02);
            assertEquals(0.2 / 5, bulk / all, 0.01);
        }
    }

    /** Keeps votes waiting for so many milliseconds. */
    private static void contend(PacedPeer peer, int milliseconds) {
        List<Message> votes = Traffic.votes(VOTES_WAITING);
        for (int i = 0; i < milliseconds; i++) {
            while (peer.connection().account().lanes().get(0).pending() < VOTES_WAITING) {
                peer.accept(votes);
            }
            peer.pass(MILLISECOND);
        }
    }

    /** Compares bulk's share of the payload bytes since the first vote. */
    private static void assertShare(double expected, List<byte[]> received) {
        List<byte[]> contended =
                received.stream().dropWhile(payload -> !Traffic.isVote(payload)).toList();
        double bulk = bytesOf(contended.stream().filter(Traffic::isBulk).toList());
        double actual = bulk / bytesOf(contended);
        assertTrue(votesIn(contended) > 1_000, "votes keep coming");
        assertEquals(expected, actual, expected / 20);
    }

    private static long votesIn(List<byte[]> payloads) {
        return payloads.stream().filter(Traffic::isVote).count();
    }

    private static double bytesOf(List<byte[]> payloads) {
        return payloads.stream().mapToDouble(payload -> payload.length).sum();
    }
}
