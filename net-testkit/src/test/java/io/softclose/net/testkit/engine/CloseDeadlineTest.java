/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a close ends that the peer does not help to end. */
class CloseDeadlineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final DisconnectReason REASON = DisconnectReason.STALE_CONNECTION;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void thePlansDeadlineEndsADrain() {
        node.policy.plans(Admission.SEAL, SECOND, SECOND.multipliedBy(60));
        Conversation talk = stuck();

        talk.connection.close();

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        assertEquals(List.of("half UNSENT", "queued UNSENT"), talk.returned());
        assertEquals("the deadline passed while draining", talk.report().detail());
    }

    @Test
    void thePlansDeadlineEndsAFlush() {
        node.policy.plans(Admission.SEAL, SECOND, SECOND.multipliedBy(60)).decides(snapshot -> CloseDecision.finish());
        Conversation talk = stuck();

        talk.connection.close();

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        // In the order of their acceptance, though the one that was being written ended last.
        assertEquals(List.of("half UNSENT", "queued UNSENT"), talk.returned());
        assertEquals("the deadline passed while flushing", talk.report().detail());
    }

    @Test
    void thePlansDeadlineEndsTheWaitForThePeersEnd() {
        node.policy.plans(Admission.SEAL, SECOND, Duration.ofMillis(10));
        Conversation talk = node.connect();
        talk.sendAll(message("a"));

        talk.connection.close();

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        assertEquals(
                "the deadline passed while waiting for the peer's end",
                talk.report().detail());
    }

    @Test
    void theReasonChoosesTheDeadline() {
        node.policy.plans(reason -> new ClosePlan(
                Admission.SEAL,
                reason == DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE ? SECOND : SECOND.multipliedBy(5),
                SECOND.multipliedBy(60)));
        Conversation dying = stuck();
        Conversation stale = stuck();

        dying.connection.close(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE);
        stale.connection.close(REASON);

        assertEndsAfter(dying, SECOND, CloseEnding.DEADLINE);
        assertEndsAfter(stale, SECOND.multipliedBy(4), CloseEnding.DEADLINE);
    }

    @Test
    void aShorterDeadlineOfTheCallerWins() {
        Conversation talk = stuck();

        talk.connection.close(REASON, SECOND);

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
    }

    @Test
    void aLongerDeadlineOfTheCallerDoesNotStretchThePlan() {
        node.policy.plans(Admission.SEAL, SECOND, SECOND.multipliedBy(60));
        Conversation talk = stuck();

        talk.connection.close(REASON, SECOND.multipliedBy(5));

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
    }

    @Test
    void closingAgainWithAShorterDeadlineWins() {
        Conversation talk = stuck();
        talk.connection.close(REASON, SECOND.multipliedBy(4));
        node.pass(SECOND);

        talk.connection.close(REASON, SECOND);

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        assertEquals(SECOND.multipliedBy(2), talk.report().duration());
    }

    @Test
    void closingAgainWithALongerDeadlineChangesNothing() {
        Conversation talk = stuck();
        talk.connection.close(REASON, SECOND.multipliedBy(2));
        node.pass(SECOND);

        talk.connection.close(REASON, SECOND.multipliedBy(4));

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
    }

    @Test
    void aShorterDeadlineWinsAlsoWhileWaitingForThePeersEnd() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.pass(SECOND);

        talk.connection.close(REASON, SECOND);

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
    }

    @Test
    void zeroEndsTheCloseAtOnceWithoutWritingAnything() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();

        talk.connection.close(REASON, Duration.ZERO);
        node.run();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(Duration.ZERO, talk.report().duration());
        assertEquals(List.of("half UNSENT", "queued UNSENT"), talk.returned());
    }

    @Test
    void zeroEndsACloseUnderWay() {
        Conversation talk = stuck();
        talk.connection.close();
        node.pass(SECOND);

        talk.connection.close(REASON, Duration.ZERO);
        node.run();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aPlanOfZeroEndsAtOnce() {
        node.policy.plans(Admission.SEAL, Duration.ZERO, SECOND);
        Conversation talk = stuck();

        talk.connection.close();
        node.run();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void theLongestDeadlineIsNoOverflow() {
        node.policy.plans(Admission.SEAL, Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE));
        Conversation talk = stuck();
        talk.connection.close(REASON, Duration.ofSeconds(Long.MAX_VALUE));
        node.pass(Duration.ofHours(10));
        assertFalse(talk.isClosed());

        talk.peerTakes(Long.MAX_VALUE);
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void theDeadlineLeavesWhatMayHaveBeenFlushedUncertain() {
        Conversation talk = node.connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        Message taken = message("taken");
        talk.sendAll(taken);
        node.run();

        talk.connection.close(REASON, SECOND);

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        assertEquals(List.of(Outcome.UNCERTAIN), talk.outcomes.of(taken));
    }

    @Test
    void theDeadlineEndsWithAnOrdinaryCloseSoThatWhatTheKernelHoldsMayArrive() {
        Conversation talk = stuck();

        talk.connection.close(REASON, SECOND);

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        assertFalse(talk.link.peerSawReset());
    }

    @Test
    void theDeadlineHoldsThoughAdmissionStaysOpen() {
        node.policy.plans(Admission.KEEP_OPEN, SECOND.multipliedBy(3), SECOND.multipliedBy(60));
        Conversation talk = stuck();
        talk.connection.close();

        for (int i = 0; i < 2; i++) {
            node.pass(SECOND);
            talk.sendAll(message("m" + i));
        }

        assertEndsAfter(talk, SECOND, CloseEnding.DEADLINE);
        assertEquals(SendResult.NOT_CONNECTED, talk.send(message("late")));
        assertEquals(List.of("half UNSENT", "queued UNSENT", "m0 UNSENT", "m1 UNSENT"), talk.returned());
    }

    @Test
    void nothingIsAcceptedOnceTheDeadlineHasPassedEvenIfThePolicyKeepsAdmissionOpen() {
        node.policy.plans(Admission.KEEP_OPEN, SECOND, SECOND);
        Conversation talk = node.connect();
        List<SendResult> late = new ArrayList<>();

        talk.connection.close(REASON, Duration.ZERO);
        node.loop.execute(() -> late.add(talk.send(message("late"))));
        node.run();

        assertEquals(List.of(SendResult.CLOSING), late);
    }

    @Test
    void aClosedConnectionIsNotClosedAgainByALaterOrder() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();
        talk.link.fail(new IOException("deliberate"));
        node.run();
        assertEquals(CloseEnding.ERROR, talk.report().ending());

        talk.connection.close(REASON, SECOND);
        node.run();

        assertEquals(0, node.loop.pendingTimers());
        node.pass(SECOND.multipliedBy(2));
        node.loop.verify();
    }

    /** A connection whose peer has taken three bytes of a frame, and takes no more. */
    private Conversation stuck() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();
        return talk;
    }

    private void assertEndsAfter(Conversation talk, Duration time, CloseEnding ending) {
        node.pass(time.minusNanos(1));
        assertFalse(talk.isClosed(), "closed a nanosecond too early");
        node.pass(Duration.ofNanos(1));
        assertEquals(ending, talk.report().ending());
    }
}
