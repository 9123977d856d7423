/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.sizedInLane;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.spi.CloseDecision;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a close does with a stream that is longer than what the engine has ready for the link at a time. */
class StreamUnderWayTest {
    private static final int CHUNK = 2000;
    private static final Message LONG = sizedInLane(1, "long", 200 * CHUNK);
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    @BeforeEach
    void twoLanes() {
        node.limits(limits -> limits.maxFrameSize(CHUNK + 64)).policy.lanes("urgent", "bulk");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK, 2 * CHUNK, 20 * CHUNK})
    void discardCutsItAndLeavesItUnsentIfAByteHasLeft(int taken) {
        node.policy.decides(snapshot -> node.policy.asked().size() == 1
                ? new CloseDecision.Discard(Set.of(1))
                : ScriptedPolicy.drainThenFinish(snapshot));
        Conversation talk = stuckAfter(taken, LONG);
        talk.sendAll(inLane(0, "vote"));

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of(taken == 0 ? Outcome.DISCARDED : Outcome.UNSENT), talk.outcomes.of(LONG));
        assertEquals(List.of("vote"), talk.received());
        assertEquals(0, talk.receivedPartly());
    }

    @Test
    void untouchedItStartsAnewBehindWhatIsMoreUrgent() {
        Conversation talk = stuckAfter(0, LONG);
        talk.sendAll(inLane(0, "vote"));

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of("vote", "long"), talk.received());
        assertEquals(List.of(Outcome.WRITTEN), talk.outcomes.of(LONG));
    }

    @Test
    void aByteOfItCountsThoughItWasMovedForward() {
        Message vote = inLane(0, "vote");
        node.policy.decides(snapshot -> node.policy.asked().size() == 1
                ? new CloseDecision.Discard(Set.of(0))
                : CloseDecision.drain(snapshot, ScriptedPolicy.ASK_AGAIN));
        Conversation talk = stuckAfter(0, vote, LONG);
        talk.connection.close();
        node.run();
        assertEquals(List.of(Outcome.DISCARDED), talk.outcomes.of(vote));

        talk.peerTakes(1);
        node.policy.decides(snapshot -> CloseDecision.discardAll(snapshot));
        node.pass(ScriptedPolicy.ASK_AGAIN);

        assertEquals(List.of(Outcome.UNSENT), talk.outcomes.of(LONG));
    }

    /** A connection that was given these, and whose peer has taken so many bytes of them. */
    private Conversation stuckAfter(int taken, Message... messages) {
        Conversation talk = node.connect();
        talk.peerTakes(taken);
        talk.sendAll(messages);
        node.run();
        return talk;
    }
}
