/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.CloseSnapshot.LaneSnapshot;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.testkit.policy.ClosePolicyContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsensusPriorityPolicyTest implements ClosePolicyContract {
    private static final DisconnectReason FULL = DisconnectReason.REQUESTED_BY_PEER_MANAGER;
    private static final DisconnectReason SHORT = DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE;
    private static final Duration THIRTY_SECONDS = Duration.ofSeconds(30);

    private final ConsensusPriorityPolicy policy = ConsensusPriorityPolicy.defaults();

    @Override
    public ClosePolicy createPolicy() {
        return ConsensusPriorityPolicy.defaults();
    }

    @Test
    void hasALaneForEachClassWithTheCapacityOfTheLimits() {
        Limits limits = Limits.builder().outboxMessages(10).outboxBytes(1_000).build();

        assertEquals(
                List.of(
                        new Lane("critical", 10, 1_000, 65_536),
                        new Lane("recoverable", 10, 1_000, 65_536),
                        new Lane("bulk", 10, 1_000, 65_536)),
                policy.lanes(limits).lanes());
    }

    @Test
    void hasLanesOfOtherCapacities() {
        ConsensusPriorityPolicy other = ConsensusPriorityPolicy.builder()
                .critical(lane -> lane.withMaxMessages(1).withMaxBytes(2).withBurstBytes(3))
                .recoverable(lane -> lane.withMaxMessages(4).withMaxBytes(5).withBurstBytes(6))
                .bulk(lane -> lane.withMaxMessages(7).withMaxBytes(8).withBurstBytes(9))
                .build();

        assertEquals(
                List.of(new Lane("critical", 1, 2, 3), new Lane("recoverable", 4, 5, 6), new Lane("bulk", 7, 8, 9)),
                other.lanes(Limits.defaults()).lanes());
    }

    @Test
    void sortsMessagesByTheirClass() {
        LanePlan plan = policy.lanes(Limits.defaults());

        assertEquals(0, plan.classifier().laneOf(Traffic.consensus(ConsensusMessageType.VOTE_MSG, 0, 10)));
        assertEquals(1, plan.classifier().laneOf(Traffic.consensus(ConsensusMessageType.SYNC_INFO, 0, 10)));
        assertEquals(2, plan.classifier().laneOf(Traffic.bulk(0, 10)));
    }

    @Test
    void sortsMessagesByAnotherClassifier() {
        ConsensusPriorityPolicy other = ConsensusPriorityPolicy.builder()
                .classifier(message -> MessageClass.RECOVERABLE)
                .build();

        assertEquals(1, other.lanes(Limits.defaults()).classifier().laneOf(Traffic.bulk(0, 10)));
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless classifier does
    void aClassifierThatAnswersNullIsNamed() {
        ConsensusPriorityPolicy careless =
                ConsensusPriorityPolicy.builder().classifier(message -> null).build();
        LanePlan plan = careless.lanes(Limits.defaults());

        assertEquals(
                "classOf() answered null",
                assertThrows(NullPointerException.class, () -> plan.classifier().laneOf(Traffic.bulk(0, 10)))
                        .getMessage());
    }

    @Test
    void sealsWithin30SecondsOr3WhenTheLinkIsProbablyBroken() {
        assertEquals(new ClosePlan(Admission.SEAL, THIRTY_SECONDS, Duration.ofSeconds(5)), policy.plan(FULL));
        assertEquals(new ClosePlan(Admission.SEAL, Duration.ofSeconds(3), Duration.ofSeconds(5)), policy.plan(SHORT));
    }

    @Test
    void drainsEachClassForItsOwnTime() {
        Snapshots close = new Snapshots(FULL, THIRTY_SECONDS).queued(1, 1, 1);

        assertDrains(List.of(0, 1, 2), Duration.ofSeconds(5), close);
        assertDrains(
                List.of(0, 1, 2),
                Duration.ofNanos(1),
                close.after(Duration.ofSeconds(5).minusNanos(1)));
        assertDrains(List.of(0, 1), Duration.ofSeconds(5), close.after(Duration.ofSeconds(5)));
        assertDrains(List.of(0), Duration.ofSeconds(10), close.after(Duration.ofSeconds(10)));
        assertFinishes(close.after(Duration.ofSeconds(20)));
    }

    @Test
    void finishesWhenNoClassThatHasTimeHasMessages() {
        Snapshots bulkOnly = new Snapshots(FULL, THIRTY_SECONDS).queued(0, 0, 1);

        assertDrains(List.of(0, 1, 2), Duration.ofSeconds(5), bulkOnly);
        assertFinishes(bulkOnly.after(Duration.ofSeconds(5)));
        assertFinishes(bulkOnly.queued(0, 0, 0));
    }

    @Test
    void waitsForSendsThatMayStillArrive() {
        Snapshots notSealed = new Snapshots(FULL, THIRTY_SECONDS).notSealed();

        assertDrains(List.of(0, 1, 2), Duration.ofSeconds(5), notSealed);
        assertDrains(List.of(0), Duration.ofSeconds(10), notSealed.after(Duration.ofSeconds(10)));
        assertFinishes(notSealed.after(Duration.ofSeconds(20)));
    }

    @Test
    void dividesTheTimeInProportionWhenTheLinkIsProbablyBroken() {
        Snapshots broken = new Snapshots(SHORT, Duration.ofSeconds(3)).queued(1, 1, 1);

        assertDrains(List.of(0, 1, 2), Duration.ofMillis(250), broken);
        assertDrains(List.of(0, 1), Duration.ofMillis(250), broken.after(Duration.ofMillis(250)));
        assertDrains(List.of(0), Duration.ofMillis(500), broken.after(Duration.ofMillis(500)));
        assertFinishes(broken.after(Duration.ofSeconds(1)));
    }

    @Test
    void keepsAQuarterOfAShorterDeadlineForFinishing() {
        Snapshots hurried = new Snapshots(FULL, Duration.ofMillis(300)).queued(1, 1, 1);

        assertDrains(List.of(0, 1, 2), Duration.ofNanos(56_250_000), hurried);
        assertDrains(List.of(0, 1), Duration.ofNanos(55_500_000), hurried.after(Duration.ofMillis(57)));
        assertDrains(List.of(0), Duration.ofMillis(112), hurried.after(Duration.ofMillis(113)));
        assertFinishes(hurried.after(Duration.ofMillis(225)));
    }

    @Test
    void aShorterDeadlineThatLeavesEnoughChangesNothing() {
        Snapshots broken = new Snapshots(SHORT, Duration.ofSeconds(2)).queued(1, 1, 1);

        assertDrains(List.of(0, 1, 2), Duration.ofMillis(250), broken);
    }

    @Test
    void dividesFractionsOfSecondsToo() {
        ConsensusPriorityPolicy quick = ConsensusPriorityPolicy.builder()
                .critical(lane -> lane.withDrainTimeout(Duration.ofMillis(1_500)))
                .recoverable(lane -> lane.withDrainTimeout(Duration.ofMillis(750)))
                .bulk(lane -> lane.withDrainTimeout(Duration.ofMillis(500)))
                .build();
        CloseSnapshot hurried =
                new Snapshots(FULL, Duration.ofMillis(1_200)).queued(1, 1, 1).snapshot();

        // Three quarters of 1.2 s for what is critical, and a third of that for bulk.
        assertEquals(new Drain(List.of(0, 1, 2), Duration.ofMillis(300)), quick.decide(hurried));
    }

    @Test
    void longTimeoutsDoNotOverflow() {
        Duration centuries = Duration.ofDays(200_000);
        ConsensusPriorityPolicy patient = ConsensusPriorityPolicy.builder()
                .critical(lane -> lane.withDrainTimeout(centuries))
                .recoverable(lane -> lane.withDrainTimeout(centuries))
                .bulk(lane -> lane.withDrainTimeout(centuries.dividedBy(2)))
                .build();
        CloseSnapshot snapshot =
                new Snapshots(FULL, Duration.ofSeconds(4)).queued(1, 1, 1).snapshot();

        assertEquals(new Drain(List.of(0, 1, 2), Duration.ofMillis(1_500)), patient.decide(snapshot));
    }

    @Test
    void takesOtherSettings() {
        ConsensusPriorityPolicy other = ConsensusPriorityPolicy.builder()
                .critical(lane -> lane.withDrainTimeout(Duration.ofSeconds(6)))
                .recoverable(lane -> lane.withDrainTimeout(Duration.ofSeconds(3)))
                .bulk(lane -> lane.withDrainTimeout(Duration.ofSeconds(2)).withMaxMessages(7))
                .answerTimeout(Duration.ofSeconds(1))
                .shortDrainTimeout(Duration.ofSeconds(4))
                .finishTimeout(Duration.ofSeconds(5))
                .shortFinishTimeout(Duration.ofSeconds(8))
                .stallTimeout(Duration.ofSeconds(9))
                .build();

        assertEquals(
                "ConsensusPriorityPolicy[classifier=ConsensusClassifier[], classLanes=ClassLanes[critical=LaneSettings["
                        + "maxMessages=OptionalInt.empty, maxBytes=OptionalLong.empty, burstBytes=65536, "
                        + "drainTimeout=PT6S], recoverable=LaneSettings[maxMessages=OptionalInt.empty, "
                        + "maxBytes=OptionalLong.empty, burstBytes=65536, drainTimeout=PT3S], bulk=LaneSettings["
                        + "maxMessages=OptionalInt[7], maxBytes=OptionalLong.empty, burstBytes=65536, "
                        + "drainTimeout=PT2S]], answerTimeout=PT1S, shortDrainTimeout=PT4S, finishTimeout=PT5S, "
                        + "shortFinishTimeout=PT8S, stallTimeout=PT9S]",
                other.toString());
        assertEquals(new ClosePlan(Admission.SEAL, Duration.ofSeconds(11), Duration.ofSeconds(9)), other.plan(FULL));
        assertEquals(new ClosePlan(Admission.SEAL, Duration.ofSeconds(12), Duration.ofSeconds(9)), other.plan(SHORT));
    }

    @Test
    void refusesTimeoutsThatAreNotPositive() {
        Duration negative = Duration.ofSeconds(-1);
        Map<String, ConsensusPriorityPolicy.Builder> builders = Map.of(
                "shortDrainTimeout", ConsensusPriorityPolicy.builder().shortDrainTimeout(negative),
                "finishTimeout", ConsensusPriorityPolicy.builder().finishTimeout(negative),
                "shortFinishTimeout", ConsensusPriorityPolicy.builder().shortFinishTimeout(negative),
                "stallTimeout", ConsensusPriorityPolicy.builder().stallTimeout(negative));

        builders.forEach((name, builder) -> assertRefused(name + ": PT-1S (expected: > 0)", builder::build));
    }

    @Test
    void refusesLanesOutOfBounds() {
        LaneSettings lane = new LaneSettings(1, Duration.ofSeconds(1));

        assertRefused("maxMessages: 0 (expected: 1 to 1048576)", () -> lane.withMaxMessages(0));
        assertRefused("maxMessages: 1048577 (expected: 1 to 1048576)", () -> lane.withMaxMessages((1 << 20) + 1));
        assertRefused("maxBytes: 0 (expected: 1 to 1099511627776)", () -> lane.withMaxBytes(0));
        assertRefused("burstBytes: 0 (expected: 1 to 9223372036854775807)", () -> lane.withBurstBytes(0));
        assertRefused("drainTimeout: PT0S (expected: > 0)", () -> lane.withDrainTimeout(Duration.ZERO));
    }

    @Test
    void refusesAClassThatWouldDrainForLongerThanTheOneAboveIt() {
        Duration minute = Duration.ofMinutes(1);

        assertRefused(
                "recoverable.drainTimeout: PT1M (expected: at most critical.drainTimeout, PT20S)",
                () -> ConsensusPriorityPolicy.builder()
                        .recoverable(lane -> lane.withDrainTimeout(minute))
                        .build());
        assertRefused(
                "bulk.drainTimeout: PT1M (expected: at most recoverable.drainTimeout, PT10S)",
                () -> ConsensusPriorityPolicy.builder()
                        .bulk(lane -> lane.withDrainTimeout(minute))
                        .build());
        assertRefused(
                "shortDrainTimeout: PT1M (expected: at most critical.drainTimeout, PT20S)",
                () -> ConsensusPriorityPolicy.builder()
                        .shortDrainTimeout(minute)
                        .build());
    }

    @Test
    void waitsForAnswersOwedAndAwaitedFor5SecondsOnceAllElseHasGone() {
        Snapshots close = new Snapshots(FULL, THIRTY_SECONDS);
        List<Integer> all = List.of(0, 1, 2);

        assertDrains(all, Duration.ofSeconds(5), close.answers(1, 0));
        assertDrains(all, Duration.ofSeconds(5), close.answers(0, 1));
        assertFinishes(close.answers(1, 1).after(Duration.ofSeconds(5)));
        assertFinishes(close.answers(0, 0));
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    private void assertDrains(List<Integer> lanes, Duration askAgain, Snapshots snapshots) {
        assertEquals(new Drain(lanes, askAgain), policy.decide(snapshots.snapshot()));
    }

    private void assertFinishes(Snapshots snapshots) {
        assertEquals(CloseDecision.finish(), policy.decide(snapshots.snapshot()));
    }

    /** A close that was given this much time, and has just started. */
    private record Snapshots(
            DisconnectReason reason,
            Duration granted,
            Duration elapsed,
            boolean sealed,
            long critical,
            long recoverable,
            long bulk,
            int owed,
            int awaited) {
        Snapshots(DisconnectReason reason, Duration granted) {
            this(reason, granted, Duration.ZERO, true, 0, 0, 0, 0, 0);
        }

        Snapshots after(Duration time) {
            return new Snapshots(reason, granted, time, sealed, critical, recoverable, bulk, owed, awaited);
        }

        Snapshots notSealed() {
            return new Snapshots(reason, granted, elapsed, false, critical, recoverable, bulk, owed, awaited);
        }

        Snapshots queued(long ofCritical, long ofRecoverable, long ofBulk) {
            return new Snapshots(reason, granted, elapsed, sealed, ofCritical, ofRecoverable, ofBulk, owed, awaited);
        }

        Snapshots answers(int ofOwed, int ofAwaited) {
            return new Snapshots(reason, granted, elapsed, sealed, critical, recoverable, bulk, ofOwed, ofAwaited);
        }

        CloseSnapshot snapshot() {
            return new CloseSnapshot(
                    reason,
                    elapsed,
                    granted.minus(elapsed),
                    sealed,
                    Duration.ZERO,
                    List.of(lane("critical", critical), lane("recoverable", recoverable), lane("bulk", bulk)),
                    0,
                    0,
                    Duration.ZERO,
                    false,
                    owed,
                    awaited);
        }

        private static LaneSnapshot lane(String name, long messages) {
            return new LaneSnapshot(name, messages, 100 * messages);
        }
    }
}
