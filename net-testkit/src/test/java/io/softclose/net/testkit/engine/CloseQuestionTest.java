/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.frameSize;
import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.CloseSnapshot.LaneSnapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a policy is asked, and when. */
class CloseQuestionTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void thePolicyIsShownWhatWaitsAndWhatIsOnTheWay() {
        node.policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(inLane(0, "aa"), inLane(1, "bbb"), inLane(1, "cc"));
        node.run();
        node.pass(SECOND);

        talk.connection.close(DisconnectReason.STALE_CONNECTION);
        node.run();

        CloseSnapshot first = node.policy.asked().get(0);
        assertEquals(DisconnectReason.STALE_CONNECTION, first.reason());
        assertEquals(Duration.ZERO, first.elapsed());
        assertEquals(ScriptedPolicy.DEADLINE, first.remaining());
        assertTrue(first.sealed());
        assertEquals(Duration.ZERO, first.idle());
        assertEquals(List.of(new LaneSnapshot("urgent", 1, 2), new LaneSnapshot("bulk", 2, 5)), first.lanes());
        assertTrue(first.bytesOnTheWay() >= frameSize(message("aa")) - 3, first::toString);
        assertEquals(0, first.writtenMessages());
        assertEquals(Duration.ZERO, first.sinceProgress());
        assertFalse(first.peerEnded());
    }

    @Test
    void theSnapshotFollowsWhatHappens() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"), message("b"));
        talk.connection.close();
        node.pass(Duration.ofMillis(1500));
        assertEquals(Duration.ofSeconds(1), last().elapsed());
        assertEquals(Duration.ofSeconds(1), last().sinceProgress());

        talk.peerTakes(frameSize(message("a")));
        assertEquals(1, last().writtenMessages());
        assertEquals(1, last().queuedMessages());
        assertEquals(Duration.ZERO, last().sinceProgress());
        assertEquals(Duration.ofMillis(1500), last().elapsed());
        assertEquals(ScriptedPolicy.DEADLINE.minusMillis(1500), last().remaining());
        talk.peerEnds();
        assertTrue(last().peerEnded());
        talk.peerTakes(frameSize(message("b")) - 2);
        node.pass(ScriptedPolicy.ASK_AGAIN);
        assertEquals(2, last().bytesOnTheWay());
        talk.peerTakes(ALL);

        assertTrue(last().drained());
        assertEquals(2, last().writtenMessages());
        assertEquals(0, last().bytesOnTheWay());
    }

    @Test
    void messagesWrittenBeforeTheCloseAreNotCountedAsItsOwn() {
        Conversation talk = node.connect();
        talk.sendAll(message("before"));
        node.run();

        talk.connection.close();
        node.run();

        assertEquals(0, last().writtenMessages());
    }

    @Test
    void thePolicyIsAskedAgainWhenItWantedTo() {
        node.policy.decides(snapshot -> CloseDecision.drain(snapshot, Duration.ofMillis(2500)));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"));

        talk.connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofSeconds(4));
        node.pass(Duration.ofMillis(2499));
        int before = node.policy.asked().size();
        assertEquals(Duration.ZERO, last().elapsed());
        node.pass(Duration.ofMillis(1));

        assertEquals(before + 1, node.policy.asked().size());
        assertEquals(Duration.ofMillis(2500), last().elapsed());
    }

    @Test
    void idleTimeIsCountedWhileNothingWaits() {
        node.policy
                .plans(Admission.KEEP_OPEN, ScriptedPolicy.DEADLINE, ScriptedPolicy.STALL_TIMEOUT)
                .decides(snapshot -> snapshot.idle().compareTo(Duration.ofMillis(10)) >= 0
                        ? CloseDecision.finish()
                        : CloseDecision.drain(snapshot, Duration.ofMillis(2)));
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        talk.connection.close();
        node.pass(Duration.ofMillis(8));
        talk.sendAll(message("b"));
        node.pass(Duration.ofMillis(8));
        assertEquals(ConnectionState.DRAINING, talk.connection.state());
        assertEquals(Duration.ofMillis(8), last().idle());

        node.pass(Duration.ofMillis(2));

        assertEquals(ConnectionState.FINISHING, talk.connection.state());
        assertEquals(List.of("a", "b"), talk.received());
    }

    @Test
    void nothingIsIdleThatThePeerHasNotTaken() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"));
        talk.connection.close();

        node.pass(Duration.ofSeconds(3));

        assertEquals(Duration.ZERO, last().idle());
    }

    @Test
    void nothingIsIdleThatThePolicyKeepsWaiting() {
        node.policy
                .lanes("urgent", "bulk")
                .decides(snapshot -> new CloseDecision.Drain(List.of(0), ScriptedPolicy.ASK_AGAIN));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(inLane(1, "b"));
        talk.connection.close();
        node.run();

        talk.peerTakes(ALL);
        node.pass(Duration.ofSeconds(3));

        assertEquals(0, last().bytesOnTheWay());
        assertEquals(Duration.ZERO, last().idle());
    }

    @Test
    void anOpenAdmissionAcceptsUntilThePolicyFinishes() {
        node.policy
                .plans(Admission.KEEP_OPEN, ScriptedPolicy.DEADLINE, ScriptedPolicy.STALL_TIMEOUT)
                .decides(snapshot -> snapshot.elapsed().compareTo(SECOND) >= 0
                        ? CloseDecision.finish()
                        : CloseDecision.drain(snapshot, SECOND));
        Conversation talk = node.connect();

        talk.connection.close();
        assertEquals(SendResult.ACCEPTED, talk.send(message("a")));
        node.run();
        assertEquals(ConnectionState.DRAINING, talk.connection.state());
        assertFalse(last().sealed());
        assertEquals(SendResult.ACCEPTED, talk.send(message("b")));
        node.pass(SECOND);
        assertEquals(SendResult.CLOSING, talk.send(message("c")));

        talk.peerEnds();
        assertEquals(List.of("a", "b"), talk.received());
        assertTrue(talk.report().clean());
    }

    @Test
    void whatIsAcceptedJustBeforeTheFinishIsUnsent() {
        node.policy
                .plans(Admission.KEEP_OPEN, ScriptedPolicy.DEADLINE, ScriptedPolicy.STALL_TIMEOUT)
                .decides(snapshot -> CloseDecision.finish());
        Conversation talk = node.connect();
        talk.peerTakes(0);

        talk.connection.close();
        talk.sendAll(message("late"));
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of("late UNSENT"), talk.returned());
        assertTrue(talk.report().clean());
    }

    @Test
    void finishingAtOnceReturnsWhatIsQueued() {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("a"), message("b"));

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertEquals(List.of("a UNSENT", "b UNSENT"), talk.returned());
        assertEquals(List.of(), talk.received());
        assertTrue(talk.report().clean());
    }

    @Test
    void aFinishIsNotAskedForTwice() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();
        int asked = node.policy.asked().size();

        talk.peerSendsMessage("still talking");
        node.pass(SECOND.multipliedBy(2));

        assertEquals(asked, node.policy.asked().size());
    }

    private CloseSnapshot last() {
        List<CloseSnapshot> asked = node.policy.asked();
        return asked.get(asked.size() - 1);
    }
}
