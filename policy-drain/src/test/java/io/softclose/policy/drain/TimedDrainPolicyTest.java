/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.policy.ClosePolicyContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimedDrainPolicyTest implements ClosePolicyContract {
    private static final CloseDecision FINISH = new Finish(Parting.HALF_CLOSE);

    private final TimedDrainPolicy policy = TimedDrainPolicy.defaults();
    private final Snapshots close =
            Snapshots.of(policy, DisconnectReason.REQUESTED_BY_PEER_MANAGER).notSealed();

    @Override
    public ClosePolicy createPolicy() {
        return TimedDrainPolicy.defaults();
    }

    @Test
    void keepsAdmissionOpenAndAddsTheFinishTimeoutToTheDrainTime() {
        assertEquals(
                new ClosePlan(Admission.KEEP_OPEN, Duration.ofMillis(30_500), Duration.ofSeconds(30)),
                policy.plan(DisconnectReason.REQUESTED_BY_PEER_MANAGER));
        assertEquals(
                new ClosePlan(Admission.KEEP_OPEN, Duration.ofMillis(2_100), Duration.ofSeconds(2)),
                policy.plan(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE));
    }

    @Test
    void drainsFor500MillisecondsInAll() {
        assertDrains(Duration.ofMillis(500), close.withQueued(1));
        assertDrains(
                Duration.ofNanos(1),
                close.withQueued(1).after(Duration.ofMillis(500).minusNanos(1)));
        assertFinishes(close.withQueued(1).after(Duration.ofMillis(500)));
        assertFinishes(close.withQueued(1).after(Duration.ofSeconds(31)));
    }

    @Test
    void endsEarlyWhenNothingArrivesFor10Milliseconds() {
        Snapshots drained = close.after(Duration.ofMillis(100));

        assertDrains(Duration.ofMillis(10), drained);
        assertDrains(Duration.ofMillis(4), drained.idleFor(Duration.ofMillis(6)));
        assertFinishes(drained.idleFor(Duration.ofMillis(10)));
    }

    @Test
    void theDrainTimeEndsBeforeTheQuietTimeDoes() {
        assertDrains(Duration.ofMillis(3), close.after(Duration.ofMillis(497)));
    }

    @Test
    void drainsFor100MillisecondsWhenTheLinkIsProbablyBroken() {
        Snapshots broken = Snapshots.of(policy, DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE)
                .notSealed()
                .withQueued(1);

        assertDrains(Duration.ofMillis(1), broken.after(Duration.ofMillis(99)));
        assertFinishes(broken.after(Duration.ofMillis(100)));
    }

    @Test
    void keepsAQuarterOfAShorterDeadlineForFinishing() {
        Snapshots hurried = close.withQueued(1).within(Duration.ofMillis(200));

        assertDrains(Duration.ofMillis(1), hurried.after(Duration.ofMillis(149)));
        assertFinishes(hurried.after(Duration.ofMillis(150)));
        assertFinishes(close.withQueued(1).within(Duration.ZERO));
    }

    @Test
    void aShorterDeadlineThatLeavesEnoughChangesNothing() {
        assertDrains(Duration.ofMillis(500), close.withQueued(1).within(Duration.ofSeconds(1)));
    }

    @Test
    void takesOtherSettings() {
        TimedDrainPolicy other = TimedDrainPolicy.builder()
                .drainTime(Duration.ofSeconds(1))
                .quietTime(Duration.ofMillis(2))
                .shortDrainTime(Duration.ofMillis(3))
                .finishTimeout(Duration.ofSeconds(4))
                .shortFinishTimeout(Duration.ofSeconds(5))
                .build();

        assertEquals(
                "TimedDrainPolicy[drainTime=PT1S, quietTime=PT0.002S, shortDrainTime=PT0.003S, finishTimeout=PT4S, "
                        + "shortFinishTimeout=PT5S]",
                other.toString());
        assertEquals(
                Duration.ofSeconds(5),
                other.plan(DisconnectReason.STALE_CONNECTION).deadline());
        assertEquals(
                Duration.ofMillis(5_003),
                other.plan(DisconnectReason.PROTOCOL_ERROR).deadline());
    }

    @Test
    void refusesSettingsThatAreNotPositive() {
        Duration negative = Duration.ofSeconds(-1);
        Map<String, TimedDrainPolicy.Builder> builders = Map.of(
                "drainTime", TimedDrainPolicy.builder().drainTime(negative),
                "quietTime", TimedDrainPolicy.builder().quietTime(negative),
                "shortDrainTime", TimedDrainPolicy.builder().shortDrainTime(negative),
                "finishTimeout", TimedDrainPolicy.builder().finishTimeout(negative),
                "shortFinishTimeout", TimedDrainPolicy.builder().shortFinishTimeout(negative));

        builders.forEach((name, builder) -> assertEquals(
                name + ": PT-1S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage()));
    }

    private void assertDrains(Duration askAgain, Snapshots snapshots) {
        assertEquals(new Drain(List.of(0), askAgain), policy.decide(snapshots.snapshot()));
    }

    private void assertFinishes(Snapshots snapshots) {
        assertEquals(FINISH, policy.decide(snapshots.snapshot()));
    }
}
