/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.inLane;
import static io.softclose.net.testkit.engine.Messages.sizedInLane;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Message;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.CloseSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The barrier of a shutdown: urgent messages of all connections go before anything else of any connection. */
class ShutdownBarrierTest {
    private static final long ALL = Long.MAX_VALUE;
    private static final Duration BUDGET = Duration.ofSeconds(8);
    private static final Duration HALF = BUDGET.dividedBy(2);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    @RegisterExtension
    final Node node = new Node();

    @BeforeEach
    void takeTime() {
        node.policy.lanes("urgent", "bulk").plans(Admission.SEAL, LONG, LONG);
    }

    @Test
    void noConnectionStartsLowerLanesWhileAnotherHasUrgentMessages() {
        Conversation slow = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);

        other.peerTakes(ALL);
        node.pass(HALF.minus(NANO));
        assertEquals(List.of(), other.received());
        slow.peerTakes(ALL);

        assertEquals(List.of("vote"), slow.received());
        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void urgentMessagesGoMeanwhileAndBulkInItsTurnBehindThem() {
        Conversation slow = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"), inLane(0, "a"), inLane(0, "b"));
        node.network().shutdown(BUDGET);

        other.peerTakes(ALL);
        assertEquals(List.of("a", "b"), other.received());
        slow.peerTakes(ALL);

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void aPeerThatTakesNothingHoldsTheOthersForHalfOfTheBudget() {
        Conversation stuck = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        node.pass(HALF.minus(NANO));
        assertEquals(List.of(), other.received());
        node.pass(NANO);

        assertEquals(List.of("bulk"), other.received());
        node.pass(HALF);
        assertEquals(CloseEnding.DEADLINE, stuck.report().ending());
    }

    @Test
    void halfIsHalfOfWhatAConnectionHasIfItsPolicyGivesItLess() {
        node.policy.plans(Admission.SEAL, Duration.ofSeconds(2), LONG);
        holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        node.pass(Duration.ofSeconds(1));

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void aSecondShutdownWithLessTimeHoldsThemForHalfOfThat() {
        holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(LONG);
        other.peerTakes(ALL);
        node.pass(Duration.ofSeconds(1));

        node.network().shutdown(BUDGET);
        node.pass(HALF.minus(NANO));
        assertEquals(List.of(), other.received());
        node.pass(NANO);

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void aPolicyThatStaysOpenIsHeldBackAsWell() {
        node.policy.plans(Admission.KEEP_OPEN, LONG, LONG);
        Conversation slow = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);
        assertEquals(List.of(), other.received());

        slow.peerTakes(ALL);

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void aCloseThatIsUnderWayWaitsAsWellAndIsWaitedFor() {
        Conversation slow = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        slow.connection.close();
        other.connection.close();
        node.run();

        node.network().shutdown(BUDGET);
        node.run();
        other.peerTakes(ALL);
        assertEquals(List.of(), other.received());
        slow.peerTakes(ALL);

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void aMessageThatHasStartedIsFinishedWhateverItsLane() {
        holding(inLane(0, "vote"));
        Conversation other = node.connect();
        other.peerTakes(1);
        other.sendAll(sizedInLane(1, "started", 10), inLane(1, "bulk"));
        node.run();

        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        assertEquals(List.of("started"), other.received());
    }

    @Test
    void aConnectionThatEndsHoldsNobody() {
        Conversation aborted = holding(inLane(0, "vote"));
        Conversation broken = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        aborted.connection.abort();
        node.run();
        assertEquals(List.of(), other.received());
        broken.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void connectionsThatAreNotOpenHoldNobody() {
        node.transport.dialsHang();
        node.dial();
        node.transport.dialsSucceed();
        Conversation other = holding(inLane(1, "bulk"));

        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void aPolicyThatSendsNoUrgentMessagesHoldsNobody() {
        decides(snapshot -> new CloseDecision.Drain(List.of(1), ScriptedPolicy.ASK_AGAIN));
        Conversation one = holding(inLane(0, "vote"), inLane(1, "bulk"));

        node.network().shutdown(BUDGET);
        one.peerTakes(ALL);

        assertEquals(List.of("bulk"), one.received());
    }

    @Test
    void whatAPolicyPutsBeforeTheMostUrgentLaneGoesBeforeIt() {
        node.policy.lanes("urgent", "bulk", "first here");
        decides(snapshot -> new CloseDecision.Drain(List.of(2, 0, 1), ScriptedPolicy.ASK_AGAIN));
        holding(inLane(0, "vote"));
        Conversation other = holding(inLane(0, "a"), inLane(1, "bulk"), inLane(2, "c"));

        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        assertEquals(List.of("c", "a"), other.received());
    }

    @Test
    void aPolicyThatDiscardsThemHoldsNobody() {
        decides(snapshot -> snapshot.lanes().get(0).queuedMessages() > 0
                ? new CloseDecision.Discard(Set.of(0))
                : CloseDecision.drain(snapshot, ScriptedPolicy.ASK_AGAIN));
        holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));

        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        assertEquals(List.of("bulk"), other.received());
    }

    @Test
    void ofOneLaneNobodyWaits() {
        node.policy.lanes("only");
        holding(inLane(0, "stuck"));
        Conversation other = holding(inLane(0, "a"));

        node.network().shutdown(BUDGET);
        other.peerTakes(ALL);

        assertEquals(List.of("a"), other.received());
    }

    @Test
    void aConnectionWithNothingToSendClosesAtOnce() {
        holding(inLane(0, "vote"));
        Conversation idle = node.connect();

        node.network().shutdown(BUDGET);
        node.run();
        idle.peerEnds();

        assertTrue(idle.report().clean());
    }

    @Test
    void forAPolicyTheTimeInWhichItsConnectionIsHeldBackDoesNotPass() {
        Conversation slow = holding(inLane(0, "vote"));
        Conversation other = holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);
        node.run();
        node.pass(Duration.ofSeconds(2));

        slow.peerTakes(ALL);
        node.pass(Duration.ofSeconds(1));
        other.link.room(0);
        other.connection.close();
        node.run();

        CloseSnapshot last = node.policy.asked().get(node.policy.asked().size() - 1);
        assertEquals(Duration.ofSeconds(1), last.elapsed());
        assertEquals(Duration.ofSeconds(5), last.remaining());
        assertEquals(Duration.ofSeconds(1), last.sinceProgress());
    }

    @Test
    void aPolicyWhoseTimeStandsStillIsNotAskedAgainAtOnce() {
        decides(snapshot ->
                snapshot.sealed() && snapshot.drained() ? CloseDecision.finish() : CloseDecision.drain(snapshot, NANO));
        holding(inLane(0, "vote"));
        holding(inLane(1, "bulk"));
        node.network().shutdown(BUDGET);
        node.run();
        int before = node.policy.asked().size();

        node.pass(Duration.ofSeconds(1));

        // Two connections, each asked every ten milliseconds.
        int questions = node.policy.asked().size() - before;
        assertTrue(questions <= 200, () -> "asked " + questions + " times");
    }

    private void decides(Function<CloseSnapshot, CloseDecision> wanted) {
        node.policy.decides(wanted);
    }

    /** A connection with these messages queued, of which the peer takes none yet. */
    private Conversation holding(Message... messages) {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(messages);
        node.run();
        return talk;
    }
}
