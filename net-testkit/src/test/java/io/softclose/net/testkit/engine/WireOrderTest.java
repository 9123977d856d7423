/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static io.softclose.net.testkit.engine.Messages.sizedInLane;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.SendResult;
import io.softclose.net.spi.Lane;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In which order messages reach the wire. */
class WireOrderTest {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int CHUNK = 64;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void aLaneIsFirstInFirstOut() {
        Conversation talk = node.connect();
        List<String> sent = new ArrayList<>();

        for (int i = 0; i < 1000; i++) {
            sent.add("m" + i);
            talk.sendAll(message("m" + i));
            if (i % 7 == 0) {
                node.run();
            }
        }
        node.run();

        assertEquals(sent, talk.received());
    }

    @Test
    void whatIsUrgentGoesFirst() {
        node.policy.lanes("urgent", "middle", "bulk");
        Conversation talk = node.connect();

        talk.sendAll(inLane(2, "c1"), inLane(1, "b1"), inLane(2, "c2"), inLane(0, "a1"), inLane(1, "b2"));
        node.run();

        assertEquals(List.of("a1", "b1", "b2", "c1", "c2"), talk.received());
    }

    @Test
    void whatIsUrgentOvertakesWhatThePeerHasNotTakenYet() {
        node.policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();
        talk.peerTakes(0);
        for (int i = 0; i < 500; i++) {
            talk.sendAll(sizedInLane(1, "b" + i, 1000));
        }
        node.run();

        talk.sendAll(inLane(0, "urgent"));
        talk.peerTakes(NEVER);

        int place = talk.received().indexOf("urgent");
        assertTrue(place < 250, () -> "place " + place + " of 501 (expected: no more than a batch before it)");
    }

    /** A frame that was cut would have its first bytes travel in a packet of their own. */
    @Test
    void aWriteEndsWithAWholeFrame() {
        Conversation talk = node.connect();
        talk.receivedFrames();
        talk.link.flushing(FakeLink.Flushing.ON_DEMAND);
        for (int i = 0; i < 500; i++) {
            talk.sendAll(sized("m" + i, 1000));
        }
        node.run();

        for (int written = 0; written < 500; ) {
            talk.link.flush(NEVER);
            node.run();
            int frames = talk.receivedFrames().size();
            assertTrue(frames > 100 || written + frames == 500, () -> frames + " frames in one write");
            assertEquals(0, talk.receivedPartly());
            written += frames;
        }
    }

    @Test
    void aLaneGivesWayAfterItsBurst() {
        node.policy.lanes(new Lane("urgent", 100, 10_000, 30), new Lane("bulk", 100, 10_000, NEVER));
        Conversation talk = node.connect();

        for (int i = 1; i <= 7; i++) {
            talk.sendAll(sizedInLane(0, "a" + i, 10));
        }
        talk.sendAll(sizedInLane(1, "b1", 10), sizedInLane(1, "b2", 10), sizedInLane(1, "b3", 10));
        node.run();

        assertEquals(List.of("a1", "a2", "a3", "b1", "a4", "a5", "a6", "b2", "a7", "b3"), talk.received());
    }

    @Test
    void aBurstCountsOnlyWhileALowerLaneWaits() {
        node.policy.lanes(new Lane("urgent", 100, 10_000, 30), new Lane("bulk", 100, 10_000, NEVER));
        Conversation talk = node.connect();

        for (int i = 1; i <= 7; i++) {
            talk.sendAll(sizedInLane(0, "a" + i, 10));
        }
        node.run();

        assertEquals(List.of("a1", "a2", "a3", "a4", "a5", "a6", "a7"), talk.received());
    }

    @Test
    void noLaneOfThreeStarves() {
        node.policy.lanes(
                new Lane("urgent", 100, 10_000, 20),
                new Lane("middle", 100, 10_000, 20),
                new Lane("bulk", 100, 10_000, NEVER));
        Conversation talk = node.connect();

        for (int i = 0; i < 60; i++) {
            talk.sendAll(sizedInLane(0, "a", 10));
        }
        for (int i = 0; i < 20; i++) {
            talk.sendAll(sizedInLane(1, "b", 10));
        }
        talk.sendAll(sizedInLane(2, "c", 10), sizedInLane(2, "c", 10));
        node.run();

        String order = String.join("", talk.received());
        assertEquals(82, order.length());
        String whileAllWait = order.substring(0, order.lastIndexOf('c'));
        assertTrue(!whileAllWait.contains("aaa"), () -> "the urgent lane gives way after 20 bytes: " + order);
        assertTrue(whileAllWait.length() < 40, () -> "the lowest lane has its turns: " + order);
        assertTrue(
                order.chars().filter(lane -> lane == 'a').count() == 60 && order.startsWith("aa"),
                () -> "the urgent lane goes first: " + order);
    }

    @Test
    void aLargeMessageIsStreamedInChunks() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64));
        Conversation talk = node.connect();

        talk.sendAll(sized("edge", CHUNK), sized("large", 3 * CHUNK + 1));
        node.run();

        List<WireFrame> frames = talk.receivedFrames();
        assertEquals(5, frames.size());
        assertEquals(
                List.of(64, 64, 64, 64, 1),
                frames.stream().map(WireOrderTest::payloadSize).toList());
        assertEquals(Set.of("edge", "large"), Set.copyOf(Conversation.assemble(frames)));
    }

    @Test
    void aLargeMessageDoesNotDelaySmallOnesBehindIt() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64));
        Conversation talk = node.connect();

        talk.sendAll(sized("large", 200 * CHUNK), message("s1"), message("s2"));
        node.run();

        List<WireFrame> frames = talk.receivedFrames();
        assertEquals(List.of("s1", "s2", "large"), Conversation.assemble(frames));
        assertTrue(
                frames.get(5) instanceof WireFrame.StreamFragment,
                () -> "small ones go within the first frames: " + frames.subList(0, 6));
    }

    @Test
    void aLargeMessageOfALowerLaneDoesNotDelayUrgentOnes() {
        node.limits(limits -> limits.maxFrameSize(8 * 1024)).policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();
        talk.peerTakes(100);
        talk.sendAll(sizedInLane(1, "large", 1 << 20));
        node.run();

        talk.sendAll(inLane(0, "vote"));
        talk.peerTakes(NEVER);

        List<WireFrame> frames = talk.receivedFrames();
        assertEquals(List.of("vote", "large"), Conversation.assemble(frames));
    }

    @Test
    void aLargeMessageIsNotStarvedBySmallOnes() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64));
        Conversation talk = node.connect();

        talk.sendAll(sized("large", 10 * CHUNK));
        for (int i = 0; i < 1000; i++) {
            talk.sendAll(message("s"));
        }
        node.run();

        int place = talk.received().indexOf("large");
        assertTrue(place < 1000, () -> "place " + place + " of 1001 (expected: not the last)");
    }

    @Test
    void oneLargeMessageIsStreamedAtATime() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64)).policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();

        talk.sendAll(
                sizedInLane(1, "l1", 5 * CHUNK),
                sizedInLane(1, "l2", 4 * CHUNK),
                sizedInLane(0, "l3", 3 * CHUNK),
                sizedInLane(0, "l4", 2 * CHUNK));
        node.run();

        assertEquals(List.of("l3", "l4", "l1", "l2"), talk.received());
    }

    @Test
    void aFullLaneDoesNotBlockAnother() {
        node.policy.lanes(new Lane("urgent", 1, 1000, NEVER), new Lane("bulk", 2, 1000, NEVER));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(inLane(1, "b1"), inLane(1, "b2"));
        assertEquals(SendResult.OUTBOX_FULL, talk.send(inLane(1, "b3")));

        talk.sendAll(inLane(0, "a1"));
        talk.peerTakes(NEVER);

        assertEquals(List.of("a1", "b1", "b2"), talk.received());
    }

    @Test
    void theBytesAreTheSameHoweverFewThePeerTakesAtATime() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64));
        byte[] expected = bytesOf(conversationWith(NEVER));

        for (int bytesPerWrite = 1; bytesPerWrite <= 64; bytesPerWrite++) {
            Conversation talk = conversationWith(bytesPerWrite);
            assertArrayEquals(expected, bytesOf(talk), bytesPerWrite + " a write");
        }
    }

    private static int payloadSize(WireFrame frame) {
        if (frame instanceof WireFrame.StreamFragment fragment) {
            return fragment.chunk().remaining();
        }
        WireFrame message = frame instanceof WireFrame.StreamHeader header ? header.message() : frame;
        return ((WireFrame.DirectSend) message).payload().remaining();
    }

    private Conversation conversationWith(long bytesPerWrite) {
        Conversation talk = node.connect();
        talk.link.takes(bytesPerWrite);
        Message[] messages = {message("a"), sized("large", 2 * CHUNK + 5), message("b"), message("")};
        talk.sendAll(messages);
        node.run();
        return talk;
    }

    private static byte[] bytesOf(Conversation talk) {
        return talk.link.takeReceived();
    }
}
