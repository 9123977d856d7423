/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.sized;
import static io.softclose.net.testkit.engine.Messages.sizedInLane;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Lane;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import io.softclose.net.testkit.wire.WireFrame;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an urgent message waits for that it cannot overtake: frames, batches, and what the operating system holds. */
class UrgencyTest {
    private static final long ALL = Long.MAX_VALUE;
    private static final int FRAGMENT = 8 * 1024;
    private static final int LARGE_BATCH = 128 * 1024;

    @RegisterExtension
    final Node node = new Node();

    private Conversation withTwoLanes() {
        node.limits(limits -> limits.fragmentSize(FRAGMENT)).policy.lanes("urgent", "bulk");
        return node.connect();
    }

    @Test
    void whatMayBeOvertakenGoesInFragments() {
        Conversation talk = withTwoLanes();

        talk.sendAll(sizedInLane(1, "whole", FRAGMENT), sizedInLane(1, "cut", 2 * FRAGMENT + 1));
        node.run();

        assertEquals(List.of(FRAGMENT, FRAGMENT, FRAGMENT, 1), sizes(talk.receivedFrames()));
    }

    @Test
    void nothingOvertakesTheMostUrgentLaneWhichIsCutNoSmallerThanThePeerWants() {
        Conversation talk = withTwoLanes();

        talk.sendAll(sizedInLane(0, "proposal", 20 * FRAGMENT));
        node.run();

        assertEquals(List.of(20 * FRAGMENT), sizes(talk.receivedFrames()));
    }

    @Test
    void withASingleLaneNothingIsCutAndNothingAskedOfTheSystem() {
        node.limits(limits -> limits.fragmentSize(FRAGMENT));
        Conversation talk = node.connect();

        talk.sendAll(sized("large", 20 * FRAGMENT));
        node.run();

        assertEquals(List.of(20 * FRAGMENT), sizes(talk.receivedFrames()));
        assertEquals(OptionalInt.empty(), talk.link.mostUnsent());
    }

    @Test
    void whatWouldNeedTooManyFragmentsGetsLongerOnes() {
        node.limits(limits -> limits.fragmentSize(100).maxFragments(3)).policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();

        talk.sendAll(sizedInLane(1, "bulk", 1001));
        node.run();

        assertEquals(List.of(251, 251, 251, 248), sizes(talk.receivedFrames()));
    }

    @Test
    void theFragmentsOfThePeersFrameSizeAreTheLongest() {
        node.limits(limits -> limits.fragmentSize(FRAGMENT).maxFrameSize(164))
                .policy
                .lanes("urgent", "bulk");
        Conversation talk = node.connect();

        talk.sendAll(sizedInLane(1, "bulk", 250));
        node.run();

        assertEquals(List.of(100, 100, 50), sizes(talk.receivedFrames()));
    }

    @Test
    void anUrgentMessageWaitsForOneFragment() {
        Conversation talk = withTwoLanes();
        talk.peerTakes(0);
        talk.sendAll(sizedInLane(1, "bulk", 100 * FRAGMENT));
        node.run();

        talk.sendAll(inLane(0, "vote"));
        talk.peerTakes(ALL);

        assertEquals(1, placeOfTheVote(talk.receivedFrames()));
    }

    @Test
    void anUrgentMessageWaitsForAFragmentsWorthOfSmallOnes() {
        Conversation talk = withTwoLanes();
        talk.peerTakes(0);
        for (int i = 0; i < 500; i++) {
            talk.sendAll(sizedInLane(1, "b" + i, FRAGMENT / 8));
        }
        node.run();

        talk.sendAll(inLane(0, "vote"));
        talk.peerTakes(ALL);

        int place = placeOfTheVote(talk.receivedFrames());
        assertTrue(place <= 8, () -> "place " + place + " (expected: behind 8 at most)");
    }

    /** A link may have more that is not flushed: Netty's do. */
    @Test
    void nothingIsPutBehindWhatTheSystemDoesNotHave() {
        Conversation talk = withTwoLanes();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.sendAll(inLane(1, "one"), inLane(1, "two"));
        node.run();
        talk.sendAll(inLane(1, "more"), inLane(1, "yet more"));
        talk.link.flush(1);
        node.run();

        talk.sendAll(inLane(0, "vote"));
        for (int batches = 0; batches < 2; batches++) {
            talk.link.flush(ALL);
            node.run();
        }

        assertEquals(2, placeOfTheVote(talk.receivedFrames()));
    }

    @Test
    void batchesAreLargeOnceAsMuchHasLeftInTime() {
        Conversation talk = flushedOnDemand();

        List<Integer> batches = IntStream.range(0, 60)
                .map(i -> nextBatch(talk, Duration.ZERO))
                .boxed()
                .toList();

        int small = LARGE_BATCH / FRAGMENT;
        assertTrue(batches.subList(1, small).stream().allMatch(bytes -> bytes < 2 * FRAGMENT), batches::toString);
        assertTrue(
                batches.subList(small + 2, 60).stream().allMatch(bytes -> bytes > LARGE_BATCH - 2 * FRAGMENT),
                batches::toString);
    }

    @Test
    void aLateBatchMakesThoseAfterItSmallAgain() {
        Conversation talk = flushedOnDemand();
        for (int i = 0; i < 30; i++) {
            nextBatch(talk, Duration.ZERO);
        }

        int late = nextBatch(talk, Duration.ofMillis(11));
        int next = nextBatch(talk, Duration.ZERO);

        assertTrue(late > LARGE_BATCH - 2 * FRAGMENT, () -> late + " bytes");
        assertTrue(next < 2 * FRAGMENT, () -> next + " bytes");
    }

    @Test
    void theSystemIsAskedToHoldLittle() {
        node.limits(limits -> limits.unsentBytes(12_345)).policy.lanes("urgent", "bulk");

        assertEquals(OptionalInt.of(12_345), node.connect().link.mostUnsent());
    }

    @Test
    void zeroAsksForNothing() {
        node.limits(limits -> limits.unsentBytes(0)).policy.lanes("urgent", "bulk");

        assertEquals(OptionalInt.empty(), node.connect().link.mostUnsent());
    }

    /** It has an order of its own, and a peer that acknowledges something is to be seen. */
    @Test
    void aCloseLeavesToTheSystemWhatItHolds() {
        node.policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();

        talk.connection.close();
        node.run();

        assertEquals(OptionalInt.of(Integer.MAX_VALUE), talk.link.mostUnsent());
    }

    /** With a limit, what is acknowledged makes no room: nobody could tell that the peer takes something. */
    @Test
    void underAWriteTimeoutNothingIsAskedOfTheSystem() {
        node.limits(limits -> limits.writeTimeout(Duration.ofSeconds(1))).policy.lanes("urgent", "bulk");

        assertEquals(OptionalInt.empty(), node.connect().link.mostUnsent());
    }

    private Conversation flushedOnDemand() {
        node.limits(limits -> limits.fragmentSize(FRAGMENT))
                .policy
                .lanes(new Lane("urgent", 10, 1000, ALL), new Lane("bulk", 10, 1 << 26, ALL));
        Conversation talk = node.connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        for (int i = 0; i < 8; i++) {
            talk.sendAll(sizedInLane(1, "bulk" + i, 250 * FRAGMENT));
        }
        node.run();
        return talk;
    }

    /** Flushes what was taken after a while, and says how many bytes that were. */
    private int nextBatch(Conversation talk, Duration after) {
        node.loop.advance(after);
        talk.link.flush(ALL);
        node.run();
        return talk.link.takeReceived().length;
    }

    private static int placeOfTheVote(List<WireFrame> frames) {
        for (int place = 0; place < frames.size(); place++) {
            if (frames.get(place) instanceof WireFrame.DirectSend whole && whole.priority() == 0) {
                return place;
            }
        }
        throw new AssertionError("no vote among " + frames.size() + " frames");
    }

    private static List<Integer> sizes(List<WireFrame> frames) {
        return frames.stream().map(UrgencyTest::size).toList();
    }

    private static int size(WireFrame frame) {
        if (frame instanceof WireFrame.StreamFragment fragment) {
            return fragment.chunk().remaining();
        }
        WireFrame message = frame instanceof WireFrame.StreamHeader header ? header.message() : frame;
        return assertInstanceOf(WireFrame.DirectSend.class, message).payload().remaining();
    }
}
