/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.policy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.DisconnectReason;
import io.softclose.net.DisconnectReason.Drain;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.Lane;
import io.softclose.net.testkit.policy.SimulatedClose.Ending;
import io.softclose.net.testkit.policy.SimulatedClose.Load;
import io.softclose.net.testkit.policy.SimulatedClose.Peer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ClosePolicy} must do, as tests for a policy's author to inherit:
 *
 * <pre>{@code
 * class MyPolicyTest implements ClosePolicyContract {
 *     @Override
 *     public ClosePolicy createPolicy() {
 *         return new MyPolicy();
 *     }
 * }
 * }</pre>
 *
 * <p>It asks for decisions only and needs no connection. The snapshots are made from a fixed seed, and the one that
 * fails is part of the message.
 */
public interface ClosePolicyContract {
    /** A new policy, with the same settings each time. */
    ClosePolicy createPolicy();

    /** A policy is chosen and reported by its name. */
    @Test
    default void nameIsNotBlankAndStaysTheSame() {
        ClosePolicy policy = createPolicy();
        String name = policy.name();

        assertFalse(name.isBlank(), "name: \"" + name + "\" (expected: not blank)");
        assertEquals(name, policy.name());
        assertEquals(name, createPolicy().name());
    }

    /** Lanes must do for the smallest outbox as for the largest. */
    @Test
    default void lanesFitEveryOutbox() {
        Limits smallest = Limits.builder().outboxMessages(1).outboxBytes(1).build();
        Limits largest =
                Limits.builder().outboxMessages(1 << 20).outboxBytes(1L << 40).build();

        for (Limits limits : List.of(smallest, Limits.defaults(), largest)) {
            List<Lane> lanes = createPolicy().lanes(limits).lanes();

            assertFalse(lanes.isEmpty(), "no lanes for " + limits);
            assertEquals(lanes, createPolicy().lanes(limits).lanes(), () -> "not the same lanes for " + limits);
        }
    }

    /** The engine asks for a plan for each reason that leaves something to drain. */
    @Test
    default void hasAPlanForEveryReasonThatLeavesSomethingToDrain() {
        drainingReasons().forEach(reason -> {
            ClosePlan plan = createPolicy().plan(reason);

            assertNotNull(plan, () -> "plan for " + reason);
            assertEquals(plan, createPolicy().plan(reason), () -> "not the same plan for " + reason);
        });
    }

    /** A policy that throws, or answers null, ends the close with everything UNSENT. */
    @Test
    default void decidesOnEverySnapshot() {
        ClosePolicy policy = createPolicy();
        for (CloseSnapshot snapshot : CloseSnapshots.of(policy)) {
            CloseDecision decision;
            try {
                decision = policy.decide(snapshot);
            } catch (RuntimeException thrown) {
                throw new AssertionError("decide threw " + thrown + " on " + snapshot, thrown);
            }
            assertNotNull(decision, () -> "decision on " + snapshot);
        }
    }

    /** A lane that does not exist cannot be drained or discarded. */
    @Test
    default void decidesOnLanesThatExist() {
        ClosePolicy policy = createPolicy();
        for (CloseSnapshot snapshot : CloseSnapshots.of(policy)) {
            SimulatedClose.requireLanesOf(snapshot, policy.decide(snapshot));
        }
    }

    /** A decision depends on settings and snapshot alone: not on those before, nor on the instance. */
    @Test
    default void decidesTheSameInAnyOrderAndByAnyInstance() {
        ClosePolicy policy = createPolicy();
        List<CloseSnapshot> snapshots = CloseSnapshots.of(policy);
        List<CloseDecision> decisions = decideAll(policy, snapshots);

        assertSameDecisions(snapshots, decisions, decideAll(policy, snapshots));
        List<CloseSnapshot> reversed = new ArrayList<>(snapshots);
        Collections.reverse(reversed);
        List<CloseDecision> decidedInReverse = new ArrayList<>(decideAll(createPolicy(), reversed));
        Collections.reverse(decidedInReverse);
        assertSameDecisions(snapshots, decisions, decidedInReverse);
    }

    /** One instance serves every connection, from any thread. */
    @Test
    default void decidesTheSameFromSeveralThreads() throws InterruptedException, ExecutionException {
        ClosePolicy policy = createPolicy();
        List<CloseSnapshot> snapshots = CloseSnapshots.of(policy);
        List<CloseDecision> expected = decideAll(createPolicy(), snapshots);
        Callable<List<CloseDecision>> decideAll = () -> decideAll(policy, snapshots);

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<List<CloseDecision>> decided : threads.invokeAll(Collections.nCopies(4, decideAll))) {
                assertSameDecisions(snapshots, expected, decided.get());
            }
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS), "the threads have ended");
        }
    }

    /** A close of which nothing is left must not wait for its deadline. */
    @Test
    default void finishesWhenNothingIsLeft() {
        assertEnds(new Load(0, false), Peer.READING, Ending.FINISHED);
    }

    /** A peer that takes everything lets every close finish. */
    @Test
    default void finishesWithAPeerThatReads() {
        assertEnds(new Load(500, false), Peer.READING, Ending.FINISHED);
    }

    /** A sender that never stops must not keep a connection from closing. */
    @Test
    default void finishesWhileMessagesKeepArriving() {
        assertEnds(new Load(20, true), Peer.READING, Ending.FINISHED);
    }

    /** What is queued for a dead peer must not wait for the deadline: then nothing is left for a proper parting. */
    @Test
    default void givesUpOnAPeerThatReadsNothing() {
        assertEnds(new Load(500, false), Peer.DEAD, Ending.FINISHED, Ending.NOTHING_LEFT_TO_START);
    }

    /** Both at once: a dead peer, and senders that go on. */
    @Test
    default void givesUpOnAPeerThatReadsNothingWhileMessagesKeepArriving() {
        assertEnds(new Load(20, true), Peer.DEAD, Ending.FINISHED, Ending.NOTHING_LEFT_TO_START);
    }

    private void assertEnds(Load load, Peer peer, Ending... allowed) {
        assertAll(drainingReasons().map(reason -> () -> {
            SimulatedClose close = new SimulatedClose(createPolicy(), reason, load, peer);
            Ending ending = close.run();
            assertTrue(
                    List.of(allowed).contains(ending),
                    () -> reason + " by the plan's deadline: " + ending + " (expected: one of " + List.of(allowed)
                            + "), last decided " + close.lastDecision() + " on " + close.lastSnapshot());
        }));
    }

    private static Stream<DisconnectReason> drainingReasons() {
        return Stream.of(DisconnectReason.values()).filter(reason -> reason.drain() != Drain.NONE);
    }

    private static List<CloseDecision> decideAll(ClosePolicy policy, List<CloseSnapshot> snapshots) {
        return snapshots.stream().map(policy::decide).toList();
    }

    private static void assertSameDecisions(
            List<CloseSnapshot> snapshots, List<CloseDecision> expected, List<CloseDecision> actual) {
        for (int i = 0; i < snapshots.size(); i++) {
            CloseSnapshot snapshot = snapshots.get(i);
            assertEquals(expected.get(i), actual.get(i), () -> "not the same decision on " + snapshot);
        }
    }
}
