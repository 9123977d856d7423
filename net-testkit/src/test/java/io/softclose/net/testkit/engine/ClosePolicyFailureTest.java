/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Outcome;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Discard;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.ClosePlan.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Policies that break their contract, or never come to an end: the close ends all the same, and by its deadline. */
class ClosePolicyFailureTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension
    final Node node = new Node();

    private final IllegalStateException deliberate = new IllegalStateException("deliberate");

    @Test
    void aPlanThatThrowsEndsTheClose() {
        node.policy.plans(reason -> {
            throw deliberate;
        });

        Conversation talk = closeWithOneQueued();

        assertSame(deliberate, assertFailed(talk));
    }

    @Test
    void aPlanThatIsNullEndsTheClose() {
        node.policy.plans(reason -> nullDespiteTheContract());

        assertFailed(closeWithOneQueued());
    }

    @Test
    void aFailedPlanStopsAdmission() {
        node.policy.plans(reason -> nullDespiteTheContract());
        Conversation talk = node.connect();

        talk.connection.close();

        assertFalse(talk.send(message("late")).accepted());
        node.pass(LONG);
        assertEquals(CloseEnding.ERROR, talk.report().ending());
    }

    @Test
    void aDecisionThatThrowsEndsTheClose() {
        assertSame(deliberate, assertFailed(closeDeciding(() -> {
            throw deliberate;
        })));
    }

    @Test
    void anErrorInADecisionEndsTheCloseToo() {
        StackOverflowError overflow = new StackOverflowError("deliberate");

        assertSame(overflow, assertFailed(closeDeciding(() -> {
            throw overflow;
        })));
    }

    @Test
    void aDecisionThatIsNullEndsTheClose() {
        assertFailed(closeDeciding(ClosePolicyFailureTest::nullDespiteTheContract));
    }

    @Test
    void drainingALaneThatDoesNotExistEndsTheClose() {
        assertFailed(closeDeciding(() -> new Drain(List.of(0, 1), ScriptedPolicy.ASK_AGAIN)));
    }

    @Test
    void discardingALaneThatDoesNotExistEndsTheClose() {
        assertFailed(closeDeciding(() -> new Discard(Set.of(-1))));
    }

    @Test
    void aPolicyThatFailsInTheMiddleStillLeavesAWholeFrame() {
        node.policy.decides(snapshot -> {
            if (snapshot.elapsed().isZero()) {
                return CloseDecision.drain(snapshot, Duration.ofSeconds(1));
            }
            throw deliberate;
        });
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();
        talk.connection.close();
        node.pass(Duration.ofSeconds(1));

        talk.peerTakes(Long.MAX_VALUE);
        talk.peerEnds();
        node.pass(LONG);

        assertEquals(List.of("half"), talk.received());
        assertEquals(0, talk.receivedPartly());
        assertSame(deliberate, talk.report().error().orElseThrow());
        assertEquals(List.of("queued UNSENT"), talk.returned());
    }

    @Test
    void aPolicyThatDrainsForEverIsEndedByTheDeadline() {
        node.policy.decides(snapshot -> CloseDecision.drain(snapshot, Duration.ofMillis(1)));
        Conversation talk = node.connect();
        talk.sendAll(message("a"));

        talk.connection.close();
        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("a"), talk.received());
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(ScriptedPolicy.DEADLINE, talk.report().duration());
    }

    @Test
    void aPolicyThatDiscardsForEverIsEndedByTheDeadline() {
        node.policy
                .plans(Admission.KEEP_OPEN, ScriptedPolicy.DEADLINE, ScriptedPolicy.DEADLINE)
                .decides(CloseDecision::discardAll);
        Conversation talk = closeWithOneQueued();
        talk.sendAll(message("late"));

        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("queued DISCARDED", "late DISCARDED"), talk.returned());
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aPolicyThatAlternatesForEverIsEndedByTheDeadline() {
        node.policy.decides(snapshot -> node.policy.asked().size() % 2 == 0
                ? CloseDecision.discardAll(snapshot)
                : new Drain(List.of(), Duration.ofMillis(1)));
        Conversation talk = closeWithOneQueued();

        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("queued DISCARDED"), talk.returned());
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aPolicyThatDrainsNoLaneIsEndedByTheDeadline() {
        node.policy.decides(snapshot -> new Drain(List.of(), Duration.ofSeconds(1)));
        Conversation talk = closeWithOneQueued();

        node.pass(ScriptedPolicy.DEADLINE);

        assertEquals(List.of("queued UNSENT"), talk.returned());
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aPolicyIsAskedForItsNameOnceWhenTheNetworkIsBuilt() {
        node.network();
        node.policy.forgetsItsName();
        node.policy.plans(reason -> nullDespiteTheContract());

        assertFailed(closeWithOneQueued());
    }

    @Test
    void aNetworkIsNotBuiltWithAPolicyThatHasNoName() {
        node.policy.forgetsItsName();

        assertThrows(IllegalStateException.class, () -> node.settings().build());
    }

    @Test
    void aPolicyDecidesOnTheLoop() {
        node.policy.decides(snapshot -> {
            assertTrue(node.loop.inEventLoop());
            return ScriptedPolicy.drainThenFinish(snapshot);
        });
        Conversation talk = closeWithOneQueued();
        talk.peerTakes(Long.MAX_VALUE);

        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    private Conversation closeDeciding(Supplier<CloseDecision> decision) {
        node.policy.decides(snapshot -> decision.get());
        return closeWithOneQueued();
    }

    private Conversation closeWithOneQueued() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        talk.sendAll(message("queued"));
        talk.connection.close();
        node.run();
        return talk;
    }

    /** The failure in the report of a close that has to end by itself. */
    private Throwable assertFailed(Conversation talk) {
        node.pass(LONG);
        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(1, talk.report().account().count(Outcome.UNSENT));
        assertEquals(List.of("queued UNSENT"), talk.returned());
        return talk.report().error().orElseThrow();
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // the point of the tests that use it
    private static <T> T nullDespiteTheContract() {
        return null;
    }
}
