/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.policy;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Discard;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A contract is worth what it catches: each broken policy fails the test that is there for it. */
class ClosePolicyContractTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration ASK_AGAIN = Duration.ofMillis(1);

    @Nested
    class ASoundPolicy implements ClosePolicyContract {
        @Override
        public ClosePolicy createPolicy() {
            return new Sketch("sound", Admission.SEAL, ClosePolicyContractTest::soundDecision);
        }
    }

    @Test
    void catchesABlankName() {
        ClosePolicyContract contract = () -> new Sketch(" ", Admission.SEAL, ClosePolicyContractTest::soundDecision);

        assertFails(contract::nameIsNotBlankAndStaysTheSame);
    }

    @Test
    void catchesANameThatDiffersBetweenInstances() {
        AtomicInteger instances = new AtomicInteger();
        ClosePolicyContract contract = () -> new Sketch(
                "sketch " + instances.incrementAndGet(), Admission.SEAL, ClosePolicyContractTest::soundDecision);

        assertFails(contract::nameIsNotBlankAndStaysTheSame);
    }

    @Test
    void catchesAPolicyThatThrows() {
        ClosePolicyContract contract = contractOf(snapshot -> {
            if (snapshot.peerEnded()) {
                throw new IllegalStateException("deliberate");
            }
            return CloseDecision.finish();
        });

        assertFails(contract::decidesOnEverySnapshot);
    }

    @Test
    void catchesALaneThatDoesNotExist() {
        ClosePolicyContract contract = contractOf(snapshot -> new Drain(List.of(0, 1), ASK_AGAIN));

        assertFails(contract::decidesOnLanesThatExist);
    }

    @Test
    void catchesAPolicyWithAMemory() {
        AtomicInteger asked = new AtomicInteger();
        ClosePolicyContract contract = contractOf(snapshot ->
                asked.incrementAndGet() > 100 ? CloseDecision.finish() : CloseDecision.drain(snapshot, ASK_AGAIN));

        assertFails(contract::decidesTheSameInAnyOrderAndByAnyInstance);
    }

    @Test
    void catchesAPolicyThatAnswersEachThreadDifferently() {
        ClosePolicyContract contract = contractOf(snapshot -> CloseDecision.drain(
                snapshot, Duration.ofNanos(Thread.currentThread().getId())));

        assertFails(contract::decidesTheSameFromSeveralThreads);
    }

    @Test
    void catchesAPolicyThatNeverFinishes() {
        ClosePolicyContract contract = contractOf(snapshot -> CloseDecision.drain(snapshot, ASK_AGAIN));

        assertFails(contract::finishesWhenNothingIsLeft);
        assertFails(contract::finishesWithAPeerThatReads);
    }

    @Test
    void catchesAPolicyThatDiscardsEmptyLanesForever() {
        ClosePolicyContract contract = contractOf(snapshot -> new Discard(Set.of(0)));

        assertFails(contract::finishesWhenNothingIsLeft);
    }

    @Test
    void catchesAPolicyThatWaitsForADeadPeer() {
        ClosePolicyContract contract = contractOf(
                snapshot -> snapshot.drained() ? CloseDecision.finish() : CloseDecision.drain(snapshot, ASK_AGAIN));

        assertFails(contract::givesUpOnAPeerThatReadsNothing);
        assertFails(contract::givesUpOnAPeerThatReadsNothingWhileMessagesKeepArriving);
    }

    @Test
    void catchesAPolicyThatWaitsForASenderThatNeverStops() {
        ClosePolicyContract contract = () -> new Sketch(
                "patient",
                Admission.KEEP_OPEN,
                snapshot -> snapshot.idle().compareTo(ASK_AGAIN) > 0
                        ? CloseDecision.finish()
                        : CloseDecision.drain(snapshot, ASK_AGAIN));

        assertFails(contract::finishesWhileMessagesKeepArriving);
    }

    private static CloseDecision soundDecision(CloseSnapshot snapshot) {
        boolean nothingLeft = snapshot.sealed() && snapshot.drained();
        boolean halfTheTimeIsOver = snapshot.elapsed().compareTo(snapshot.remaining()) >= 0;
        return nothingLeft || halfTheTimeIsOver ? CloseDecision.finish() : CloseDecision.drain(snapshot, ASK_AGAIN);
    }

    private static ClosePolicyContract contractOf(Function<CloseSnapshot, CloseDecision> decide) {
        return () -> new Sketch("sketch", Admission.SEAL, decide);
    }

    private static void assertFails(Executable test) {
        assertThrows(AssertionError.class, test);
    }

    private record Sketch(String name, Admission admission, Function<CloseSnapshot, CloseDecision> decide)
            implements ClosePolicy {
        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(admission, DEADLINE, DEADLINE);
        }

        @Override
        public CloseDecision decide(CloseSnapshot snapshot) {
            return decide.apply(snapshot);
        }
    }
}
