/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static io.softclose.net.testkit.engine.Messages.sized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionState;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.wire.WireFrame;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads that throw when their turn comes: their messages are UNSENT, and no frame has other bytes than it should. */
class UnreadablePayloadTest {
    private static final long ALL = Long.MAX_VALUE;
    /** More than a batch takes at a time. */
    private static final int LONG = 300_000;

    private static final int CHUNK = 64;

    @RegisterExtension
    final Node node = new Node();

    private final Message bad = Unreadable.all(message("bad"));

    @Test
    void theOthersGo() {
        Conversation talk = node.connect();

        talk.sendAll(message("a"), bad, message("b"));
        node.run();

        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(bad));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertTold(bad);
    }

    @Test
    void oneThatIsAloneLeavesNothingBehind() {
        Conversation talk = node.connect();

        talk.sendAll(bad);
        node.run();

        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(bad));
        assertEquals(0, talk.link.lentBuffers());
        assertTold(bad);
        talk.sendAll(message("next"));
        node.run();
        assertEquals(List.of("next"), talk.received());
    }

    @Test
    void itsRoomIsGivenBack() {
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = node.connect();

        talk.sendAll(bad);
        node.run();

        talk.sendAll(message("next"));
        node.run();
        assertEquals(List.of("next"), talk.received());
        assertTold(bad);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void aFrameLongerThanABatchIsTakenBackWhileNothingOfItHasLeft(int readable) {
        Message large = Unreadable.from(readable, sized("bad", LONG));
        Conversation talk = node.connect();

        talk.sendAll(large, message("b"));
        node.run();

        assertEquals(List.of("b"), talk.received());
        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(large));
        assertTold(large);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, CHUNK, 5 * CHUNK - 1})
    void aStreamIsTakenBackWhileNothingOfItHasLeft(int readable) {
        Message stream = Unreadable.from(readable, sized("bad", 5 * CHUNK));
        Conversation talk = connectWithSmallFrames();

        talk.sendAll(message("a"), stream, message("b"));
        node.run();

        List<WireFrame> frames = talk.receivedFrames();
        assertTrue(frames.stream().allMatch(WireFrame.DirectSend.class::isInstance), frames::toString);
        assertEquals(List.of("a", "b"), Conversation.assemble(frames));
        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(stream));
        assertTold(stream);
    }

    @Test
    void aStreamThatHasBegunToLeaveIsReplacedByTheNext() {
        // More than a batch's bytes, so that the peer has many of its frames before it fails.
        node.limits(limits -> limits.maxFrameSize(2000 + CHUNK));
        Message stream = Unreadable.from(150 * 2000, sized("bad", 200 * 2000));
        Conversation talk = node.connect();

        talk.sendAll(stream, sized("next", 3 * 2000), message("b"));
        node.run();

        assertEquals(List.of("b", "next"), talk.received().stream().sorted().toList());
        assertEquals(0, talk.receivedPartly());
        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(stream));
        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertTold(stream);
    }

    @Test
    void aStreamOfWhichAFrameIsHalfWrittenIsReplacedOnceThatIsWhole() {
        node.limits(limits -> limits.maxFrameSize(2000 + CHUNK));
        Message stream = Unreadable.from(150 * 2000, sized("bad", 200 * 2000));
        Conversation talk = node.connect();
        talk.peerTakes(10);

        talk.sendAll(stream, sized("next", 3 * 2000));
        node.run();
        talk.peerTakes(ALL);

        assertEquals(List.of("next"), talk.received());
        assertEquals(0, talk.receivedPartly());
        assertTold(stream);
    }

    @Test
    void whatWasUnreadableBeforeTheCloseIsCountedAndNotReturned() {
        Conversation talk = node.connect();
        talk.sendAll(bad);
        node.run();

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(1, talk.report().account().count(Outcome.UNSENT));
        assertEquals(List.of(), talk.returned());
        assertTrue(talk.report().clean());
        assertTold(bad);
    }

    @Test
    void whatIsUnreadableDuringTheCloseIsReturned() {
        Conversation talk = node.connect();
        talk.peerTakes(1);
        talk.sendAll(sized("a", LONG), bad, message("b"));
        node.run();

        talk.connection.close();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(List.of("bad UNSENT"), talk.returned());
        assertTrue(talk.report().clean());
        assertTold(bad);
    }

    private Conversation connectWithSmallFrames() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64));
        return node.connect();
    }

    /** Each was told once, with what reading it threw. */
    private void assertTold(Message... unreadable) {
        List<Throwable> failures = node.events.takeFailures();
        assertEquals(unreadable.length, failures.size());
        failures.forEach(failure -> assertInstanceOf(InternalError.class, failure.getCause()));
        assertEquals(
                Stream.of(unreadable)
                        .map(message -> "the payload of " + message + " cannot be read: " + Unreadable.FAULT)
                        .toList(),
                failures.stream().map(Throwable::getMessage).toList());
    }
}
