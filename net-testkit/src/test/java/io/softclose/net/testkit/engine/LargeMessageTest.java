/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.sizedInLane;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseEnding;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a message ends of which some fragments have left and others have not. */
class LargeMessageTest {
    private static final int CHUNK = 64;
    private static final Message LARGE = sizedInLane(1, "large", 2 * CHUNK + 1);
    /** Length word, two variants, request id, fragment count, then a direct-send message with a one-byte length. */
    private static final int HEADER_FRAME = 4 + 1 + 1 + 4 + 1 + 4 + CHUNK;
    /** Length word, two variants, request id, fragment id, one-byte length. */
    private static final int FRAGMENT_HEAD = 4 + 1 + 1 + 4 + 1 + 1;

    private static final int ALL_FRAMES = HEADER_FRAME + FRAGMENT_HEAD + CHUNK + FRAGMENT_HEAD + 1;
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    @BeforeEach
    void smallFrames() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64)).policy.lanes("urgent", "bulk");
    }

    static IntStream everySplit() {
        return IntStream.rangeClosed(0, ALL_FRAMES);
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void aBrokenLinkLeavesItUnsentUnlessAllIsWritten(int taken) {
        Conversation talk = stuckAfter(taken);

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of(taken == ALL_FRAMES ? Outcome.WRITTEN : Outcome.UNSENT), talk.outcomes.of(LARGE));
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void aBrokenLinkLeavesItUncertainIfAllMayHaveBeenFlushed(int taken) {
        Conversation talk = node.connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.link.room(taken);
        talk.sendAll(LARGE);
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of(taken == ALL_FRAMES ? Outcome.UNCERTAIN : Outcome.UNSENT), talk.outcomes.of(LARGE));
    }

    @Test
    void aBrokenLinkReturnsStreamsInTheOrderOfTheirAcceptance() {
        // Together longer than a batch: some are in it whole, and one is under way.
        Message[] messages = new Message[20];
        Arrays.setAll(messages, i -> sizedInLane(1, "m" + i, 250 * CHUNK));
        Conversation talk = node.connect();
        talk.link.room(0);
        talk.sendAll(messages);
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(
                List.of(messages),
                talk.report().returned().stream().map(ReturnedMessage::message).toList());
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void finishCutsItBetweenTwoFrames(int taken) {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Conversation talk = stuckAfter(taken);

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        boolean lastFrameStarted = taken > HEADER_FRAME + FRAGMENT_HEAD + CHUNK;
        assertEquals(List.of(lastFrameStarted ? Outcome.WRITTEN : Outcome.UNSENT), talk.outcomes.of(LARGE));
        assertEquals(lastFrameStarted ? List.of("large") : List.of(), talk.received());
        assertEquals(0, talk.receivedPartly());
        assertEquals(CloseEnding.CLEAN, talk.report().ending());
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void discardLeavesItUnsentIfAByteHasLeftAndTheOthersIntact(int taken) {
        node.policy.decides(snapshot -> node.policy.asked().size() == 1
                ? new CloseDecision.Discard(Set.of(1))
                : ScriptedPolicy.drainThenFinish(snapshot));
        Conversation talk = stuckAfter(taken);
        talk.sendAll(inLane(0, "vote"), sizedInLane(0, "proposal", 3 * CHUNK));

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        boolean lastFrameStarted = taken > HEADER_FRAME + FRAGMENT_HEAD + CHUNK;
        Outcome cut = taken == 0 ? Outcome.DISCARDED : Outcome.UNSENT;
        assertEquals(List.of(lastFrameStarted ? Outcome.WRITTEN : cut), talk.outcomes.of(LARGE));
        assertEquals(
                lastFrameStarted ? List.of("large", "vote", "proposal") : List.of("vote", "proposal"), talk.received());
        assertEquals(0, talk.receivedPartly());
    }

    @Test
    void aLargeMessageThatWaitsBehindAnotherIsDiscardedUntouched() {
        node.policy.decides(snapshot -> node.policy.asked().size() == 1
                ? CloseDecision.discardAll(snapshot)
                : ScriptedPolicy.drainThenFinish(snapshot));
        Message next = sizedInLane(1, "next", 5 * CHUNK);
        Conversation talk = stuckAfter(1);
        talk.sendAll(next);
        node.run();

        talk.connection.close();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(LARGE));
        assertEquals(List.of(Outcome.DISCARDED), talk.outcomes.of(next));
        assertEquals(List.of("large UNSENT", "next DISCARDED"), talk.returned());
    }

    private Conversation stuckAfter(int taken) {
        Conversation talk = node.connect();
        talk.peerTakes(taken);
        talk.sendAll(LARGE);
        node.run();
        return talk;
    }
}
