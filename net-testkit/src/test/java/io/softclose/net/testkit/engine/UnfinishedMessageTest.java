/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that begin messages and do not end them: for how long, and how much memory they get. */
class UnfinishedMessageTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ALMOST = TIMEOUT.minusMillis(1);
    /** After the timeout, silence is looked for once more. */
    private static final Duration SECOND_LOOK = Duration.ofMillis(100);

    /** With two of these, a budget of one byte is spent. */
    private static final int CHUNK = 200 * 1024;

    private static final byte[] NOTHING = {};

    @RegisterExtension
    final Node node = new Node();

    // Time.

    @Test
    void aFrameWhoseRestDoesNotComeEndsTheConnection() {
        Conversation talk = node.connect();
        talk.peerSends(WireBytes.frameLength(100));

        node.pass(ALMOST);
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        node.pass(TIMEOUT.minus(ALMOST).plus(SECOND_LOOK));

        assertTimedOut(talk);
    }

    @Test
    void aStreamWhoseRestDoesNotComeEndsTheConnection() {
        Conversation talk = node.connect();
        talk.peerSends(header(NOTHING));

        node.pass(TIMEOUT.plus(SECOND_LOOK));

        assertTimedOut(talk);
    }

    @Test
    void aProcessThatWasStoppedReadsWhatHasComeBeforeItJudges() {
        Conversation talk = node.connect();
        byte[] frame = Conversation.frameOf("whole");
        talk.peerSends(Arrays.copyOf(frame, 5));

        node.pass(TIMEOUT);
        talk.peerSends(Arrays.copyOfRange(frame, 5, frame.length));
        node.pass(TIMEOUT);

        assertEquals(List.of("whole"), node.handled);
        assertEquals(ConnectionState.OPEN, talk.connection.state());
    }

    /** Whoever is late to look a second time may not have come to reading in between either. */
    @Test
    void aLoopThatIsBusyAgainDoesNotJudge() {
        Conversation talk = node.connect();
        byte[] frame = Conversation.frameOf("whole");
        talk.peerSends(Arrays.copyOf(frame, 5));
        node.pass(TIMEOUT);

        node.loop.execute(() -> node.loop.spend(TIMEOUT));
        node.run();
        talk.peerSends(Arrays.copyOfRange(frame, 5, frame.length));

        assertEquals(List.of("whole"), node.handled);
        assertEquals(ConnectionState.OPEN, talk.connection.state());
    }

    /** A loop that was busy until the second look was due is hardly late for it, and has read nothing either. */
    @Test
    void whatHasComeAndIsNotReadYetIsNoSilence() {
        Conversation talk = node.connect();
        byte[] frame = Conversation.frameOf("whole");
        talk.peerSends(Arrays.copyOf(frame, 5));
        node.pass(TIMEOUT);

        node.loop.execute(() -> {
            node.loop.spend(SECOND_LOOK.plusMillis(1));
            talk.link.read(Arrays.copyOfRange(frame, 5, frame.length));
        });
        node.run();

        assertEquals(List.of("whole"), node.handled);
        assertEquals(ConnectionState.OPEN, talk.connection.state());
    }

    /** It is late each time, and must come to an end with a peer that is silent for good. */
    @Test
    void aLoopThatIsAlwaysBusyGivesUpASilentPeerAllTheSame() {
        Conversation talk = node.connect();
        talk.peerSends(WireBytes.frameLength(100));
        node.pass(TIMEOUT);

        for (int i = 0; i < 12; i++) {
            node.loop.execute(() -> node.loop.spend(Duration.ofSeconds(1)));
            node.run();
        }

        assertTimedOut(talk);
    }

    @Test
    void theTimeoutIsALimit() {
        node.limits(limits -> limits.messageTimeout(Duration.ofSeconds(2)));
        Conversation talk = node.connect();
        talk.peerSends(WireBytes.frameLength(100));

        node.pass(Duration.ofSeconds(2).plus(SECOND_LOOK));

        assertTimedOut(talk);
    }

    @Test
    void aMessageThatComesByteByByteIsWaitedFor() {
        Conversation talk = node.connect();

        for (byte single : Conversation.frameOf("slow")) {
            node.pass(ALMOST);
            talk.peerSends(single);
        }

        assertEquals(List.of("slow"), node.handled);
        node.pass(Duration.ofHours(1));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
    }

    @Test
    void aStreamMayWaitForMoreUrgentMessages() {
        Conversation talk = node.connect();
        talk.peerSends(header("la".getBytes(US_ASCII)));

        for (int i = 0; i < 20; i++) {
            node.pass(Duration.ofSeconds(20));
            talk.peerSendsMessage("urgent");
        }
        talk.peerSends(WireBytes.fragment(1, 1, "rge".getBytes(US_ASCII)));

        assertEquals("large", node.handled.get(20));
    }

    @Test
    void whoeverDoesNotReadBlamesNobody() {
        Conversation talk = node.connect();
        talk.peerSends(WireBytes.frameLength(100));
        talk.connection.reading(Reading.PAUSED);

        node.pass(Duration.ofHours(1));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        talk.connection.reading(Reading.RESUMED);
        node.run();
        node.pass(ALMOST);
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        node.pass(TIMEOUT.plus(SECOND_LOOK));

        assertTimedOut(talk);
    }

    // Memory.

    @Test
    void whoeverWouldExceedTheBudgetWaitsForMemoryAndLosesNothing() {
        node.limits(limits -> limits.inputBytes(1));
        Conversation first = node.connect();
        Conversation second = node.connect();
        first.peerSends(header(new byte[CHUNK]));
        second.peerSends(header(new byte[CHUNK]));

        byte[] rest = WireBytes.fragment(1, 1, new byte[CHUNK]);
        for (int from = 0; from < rest.length; from += 50_000) {
            second.link.read(Arrays.copyOfRange(rest, from, Math.min(rest.length, from + 50_000)));
        }
        node.run();
        assertEquals(0, node.handled.size());
        assertEquals(Link.Reading.PAUSED, second.link.reading());
        first.peerSends(WireBytes.fragment(1, 1, NOTHING));
        node.run();

        assertEquals(2, node.handled.size());
        assertEquals(Link.Reading.RESUMED, second.link.reading());
        second.peerSendsMessage("after that");
        assertEquals("after that", node.handled.get(2));
    }

    @Test
    void smallMessagesGetThroughWhateverOthersHold() {
        node.limits(limits -> limits.inputBytes(1));
        for (int i = 0; i < 3; i++) {
            node.connect().peerSends(header(new byte[CHUNK]));
        }
        Conversation honest = node.connect();
        String small = "x".repeat(60_000);

        byte[] frame = Conversation.frameOf(small);
        honest.peerSends(Arrays.copyOf(frame, 50_000));
        honest.peerSends(Arrays.copyOfRange(frame, 50_000, frame.length));

        assertEquals(List.of(small), node.handled);
    }

    @Test
    void aMessageThatDoesNotGrowWhileOthersWaitEndsItsConnection() {
        node.limits(limits -> limits.inputBytes(1));
        Conversation hoarder = node.connect();
        Conversation honest = node.connect();
        hoarder.peerSends(header(new byte[CHUNK]));
        honest.peerSends(header(new byte[CHUNK]));
        honest.peerSends(WireBytes.fragment(1, 1, NOTHING));

        for (int i = 0; i < 30; i++) {
            assertEquals(ConnectionState.OPEN, hoarder.connection.state());
            hoarder.peerSendsMessage("ping");
            node.pass(Duration.ofSeconds(1));
        }
        node.run();

        assertTimedOut(hoarder);
        assertEquals(31, node.handled.size());
        assertEquals(ConnectionState.OPEN, honest.connection.state(), "who waits is not timed");
    }

    @Test
    void aMessageThatGrowsByASixteenthIsWaitedForThoughOthersWait() {
        node.limits(limits -> limits.inputBytes(1));
        Conversation slow = node.connect();
        Conversation waiting = node.connect();
        slow.peerSends(header(new byte[CHUNK], 255));
        waiting.peerSends(header(new byte[CHUNK]));

        for (int fragment = 1; fragment <= 10; fragment++) {
            node.pass(Duration.ofSeconds(15));
            slow.peerSends(WireBytes.fragment(1, fragment, new byte[CHUNK / 8]));
        }
        assertEquals(ConnectionState.OPEN, slow.connection.state());
        node.pass(TIMEOUT.plus(SECOND_LOOK));

        assertTimedOut(slow);
    }

    /** It sends more than it may all the time, so that the connection hardly ever reads. */
    @Test
    void whoeverHoldsMemoryAndSendsOtherThingsFasterThanItMayIsNotWaitedForLonger() {
        node.limits(limits -> limits.inputBytes(1).inboundMessagesPerSecond(2));
        Conversation hoarder = node.connect();
        hoarder.peerSends(header(new byte[CHUNK]));
        node.connect().peerSends(header(new byte[CHUNK]));

        for (int i = 0; i < 30; i++) {
            assertEquals(ConnectionState.OPEN, hoarder.connection.state());
            hoarder.peerSendsMessage("ping");
            hoarder.peerSendsMessage("ping");
            hoarder.peerSendsMessage("ping");
            node.pass(Duration.ofSeconds(1));
        }

        assertTimedOut(hoarder);
    }

    @Test
    void whoeverHoldsMemoryIsNotAskedForMoreThanItMaySend() {
        node.limits(limits -> limits.inputBytes(1).inboundBytesPerSecond(4_000));
        Conversation slow = node.connect();
        int large = 8 * CHUNK;
        slow.peerSends(header(new byte[large], 255));
        node.connect().peerSends(header(new byte[CHUNK]));

        // What it has sent at once is paid for by minutes in which nothing is read.
        node.pass(Duration.ofSeconds(large / 4_000));
        for (int fragment = 1; fragment <= 60; fragment++) {
            slow.peerSends(WireBytes.fragment(1, fragment, new byte[3_000]));
            node.pass(Duration.ofSeconds(1));
        }
        assertEquals(ConnectionState.OPEN, slow.connection.state());
        node.pass(TIMEOUT.plus(SECOND_LOOK));

        assertTimedOut(slow);
    }

    /** The application pauses whenever something comes, so it is the peer that says how often. */
    @Test
    void onlyTheTimeInWhichThePeerIsKeptWaitingIsLeftOut() {
        node.limits(limits -> limits.inputBytes(1));
        Conversation hoarder = node.connect();
        hoarder.peerSends(header(new byte[CHUNK]));
        node.connect().peerSends(header(new byte[CHUNK]));

        for (int i = 0; i < 60; i++) {
            assertEquals(ConnectionState.OPEN, hoarder.connection.state());
            hoarder.connection.reading(Reading.PAUSED);
            hoarder.peerSendsMessage("ping");
            node.pass(Duration.ofMillis(500));
            hoarder.connection.reading(Reading.RESUMED);
            node.pass(Duration.ofMillis(500));
        }
        node.pass(SECOND_LOOK);

        assertTimedOut(hoarder);
    }

    @Test
    void aConnectionThatEndsGivesItsMemoryBack() {
        node.limits(limits -> limits.inputBytes(1));
        Conversation first = node.connect();
        Conversation second = node.connect();
        first.peerSends(header(new byte[CHUNK]));
        second.peerSends(header(new byte[CHUNK]));
        second.peerSends(WireBytes.fragment(1, 1, NOTHING));
        assertEquals(0, node.handled.size());

        first.link.fail(new IOException("reset"));
        node.run();

        assertEquals(1, node.handled.size());
    }

    @Test
    void whoeverWaitsHearsThatItsPeerHasGone() {
        node.limits(limits -> limits.inputBytes(1));
        Conversation first = node.connect();
        Conversation second = node.connect();
        first.peerSends(header(new byte[CHUNK]));
        second.peerSends(header(new byte[CHUNK]));

        second.peerEnds();

        assertEquals(DisconnectReason.CONNECTION_CLOSED, second.report().reason());
        assertEquals(1, node.events.takeViolations().size());
    }

    @Test
    void aPeerThatWaitsForMemoryIsStillWrittenTo() {
        node.limits(limits -> limits.inputBytes(1));
        node.connect().peerSends(header(new byte[CHUNK]));
        Conversation waiting = node.connect();
        waiting.peerSends(header(new byte[CHUNK]));

        waiting.sendAll(Messages.message("hello"));
        node.run();

        assertEquals(List.of("hello"), waiting.received());
    }

    private void assertTimedOut(Conversation talk) {
        List<String> violations = node.events.takeViolations();
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.get(0).startsWith("message: "), violations.get(0));
        assertFalse(talk.connection.state() == ConnectionState.OPEN);
        talk.peerEnds();
        assertEquals(DisconnectReason.PROTOCOL_ERROR, talk.report().reason());
    }

    /** Of a stream that one fragment ends. */
    private static byte[] header(byte[] chunk) {
        return header(chunk, 1);
    }

    private static byte[] header(byte[] chunk, int fragments) {
        return WireBytes.directSendHeader(1, fragments, PROTOCOL.id(), 0, chunk);
    }
}
