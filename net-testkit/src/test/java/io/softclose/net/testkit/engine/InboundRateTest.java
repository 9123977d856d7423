/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionState;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A peer that sends faster than it may: what it sends waits, and nothing else changes. */
class InboundRateTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TENTH = SECOND.dividedBy(10);
    private static final int FRAME_BYTES = Conversation.frameOf("m00").length;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void aSecondsWorthIsReadAtOnceAndTheRestAsTimePasses() {
        Conversation talk = talkAt(10);

        talk.peerSends(frames(25));
        assertEquals(10, node.handled.size());
        node.pass(TENTH);
        assertEquals(11, node.handled.size());
        node.pass(SECOND);
        assertEquals(21, node.handled.size());
        node.pass(SECOND);

        assertEquals(labels(25), node.handled);
    }

    @Test
    void afterALongRestThereIsCreditForOneSecond() {
        Conversation talk = talkAt(10);
        talk.peerSends(frames(10));
        node.pass(SECOND.multipliedBy(60));

        talk.peerSends(frames(25));

        assertEquals(10 + 10, node.handled.size());
    }

    @Test
    void bytesCountApart() {
        node.limits(limits -> limits.inboundBytesPerSecond(10L * FRAME_BYTES));
        Conversation talk = node.connect();

        for (int frame = 0; frame < 25; frame++) {
            talk.peerSends(frames(1));
        }
        assertEquals(10, node.handled.size());
        node.pass(SECOND.multipliedBy(3));

        assertEquals(25, node.handled.size());
    }

    @Test
    void aMessageOfMoreThanASecondsWorthIsTakenAndPaidFor() {
        node.limits(limits -> limits.inboundBytesPerSecond(100));
        Conversation talk = node.connect();

        talk.peerSends(WireBytes.directSend(Messages.PROTOCOL.id(), 0, new byte[491]));
        assertEquals(1, node.handled.size());
        talk.peerSendsMessage("next");
        node.pass(SECOND.multipliedBy(4).minusNanos(1));
        assertEquals(1, node.handled.size());
        node.pass(SECOND);

        assertEquals(2, node.handled.size());
    }

    @Test
    void whatIsMalformedCountsToo() {
        Conversation talk = talkAt(10);

        for (int frame = 0; frame < 10; frame++) {
            talk.peerSends(WireBytes.frame((byte) 99));
        }
        talk.peerSendsMessage("behind");
        assertEquals(List.of(), node.handled);
        node.pass(TENTH);

        assertEquals(List.of("behind"), node.handled);
        assertEquals(10, node.events.takeViolations().size());
    }

    @Test
    void writingGoesOnMeanwhileAndItIsSaidThatNothingIsRead() {
        Conversation talk = talkAt(1);
        talk.peerSends(frames(3));
        assertFalse(talk.connection.stats().reading());

        talk.sendAll(message("ours"));
        node.run();

        assertEquals(List.of("ours"), talk.received());
        node.pass(SECOND.multipliedBy(3));
        assertTrue(talk.connection.stats().reading());
    }

    @Test
    void theLinkStopsReadingOnceEnoughIsHeld() {
        Conversation talk = talkAt(1);
        byte[] read = WireBytes.directSend(Messages.PROTOCOL.id(), 0, new byte[32 * 1024]);

        talk.peerSends(read);
        talk.peerSends(read);
        assertTrue(reads(talk));
        talk.peerSends(read);
        assertFalse(reads(talk));
        node.pass(SECOND.multipliedBy(3));

        assertTrue(reads(talk));
        assertEquals(3, node.handled.size());
    }

    @Test
    void theRestOfAMessageThatWaitsIsNotMissed() {
        node.limits(limits -> limits.inboundMessagesPerSecond(1).messageTimeout(Duration.ofMillis(2_500)));
        Conversation talk = node.connect();
        byte[] frame = Conversation.frameOf("half");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(frames(3));
        bytes.write(frame, 0, 4);

        talk.peerSends(bytes.toByteArray());
        node.pass(SECOND.multipliedBy(5));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        talk.peerSends(Arrays.copyOfRange(frame, 4, frame.length));

        assertEquals(4, node.handled.size());
    }

    @Test
    void thePeersEndWaitsBehindWhatIsHeldForTheGraceTimeAtMost() {
        node.limits(limits -> limits.inboundMessagesPerSecond(1).pausedGrace(SECOND.multipliedBy(5)));
        Conversation talk = node.connect();

        talk.peerSends(frames(40));
        talk.peerEnds();
        node.pass(SECOND.multipliedBy(3));
        assertEquals(4, node.handled.size());
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        node.pass(SECOND.multipliedBy(2));

        assertEquals(labels(40), node.handled);
        assertTrue(talk.report().clean());
    }

    @Test
    void whatALinkThatFailsHasBroughtIsHandledAtOnce() {
        Conversation talk = talkAt(1);
        talk.peerSends(frames(40));

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(labels(40), node.handled);
        assertTrue(talk.isClosed());
    }

    @Test
    void aCloseReadsOnAtTheSamePace() {
        Conversation talk = talkAt(2);
        talk.peerSends(frames(5));

        talk.connection.close();
        node.run();
        assertEquals(2, node.handled.size());
        node.pass(SECOND.multipliedBy(2));
        talk.peerEnds();

        assertEquals(labels(5), node.handled);
        assertTrue(talk.report().clean());
    }

    private Conversation talkAt(long messagesPerSecond) {
        node.limits(limits -> limits.inboundMessagesPerSecond(messagesPerSecond));
        return node.connect();
    }

    private static boolean reads(Conversation talk) {
        return talk.link.reading() == Link.Reading.RESUMED;
    }

    private static byte[] frames(int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        labels(count).forEach(label -> bytes.writeBytes(Conversation.frameOf(label)));
        return bytes.toByteArray();
    }

    private static List<String> labels(int count) {
        return IntStream.range(0, count).mapToObj("m%02d"::formatted).toList();
    }
}
