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

class GracefulPolicyTest implements ClosePolicyContract {
    private static final CloseDecision FINISH = new Finish(Parting.HALF_CLOSE);

    private final GracefulPolicy policy = GracefulPolicy.defaults();
    private final Snapshots close = Snapshots.of(policy, DisconnectReason.REQUESTED_BY_PEER_MANAGER);

    @Override
    public ClosePolicy createPolicy() {
        return GracefulPolicy.defaults();
    }

    @Test
    void sealsWithin30SecondsOr3WhenTheLinkIsProbablyBroken() {
        assertEquals(
                new ClosePlan(Admission.SEAL, Duration.ofSeconds(30), Duration.ofSeconds(5)),
                policy.plan(DisconnectReason.REQUESTED_BY_PEER_MANAGER));
        assertEquals(
                new ClosePlan(Admission.SEAL, Duration.ofSeconds(3), Duration.ofSeconds(5)),
                policy.plan(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE));
    }

    @Test
    void drainsUntilEverythingAcceptedIsWritten() {
        assertDrains(Duration.ofSeconds(10), close.withQueued(1));
        assertDrains(Duration.ofSeconds(10), close.notSealed());
        assertFinishes(close);
    }

    @Test
    void givesUpDrainingAfter10Seconds() {
        assertDrains(
                Duration.ofNanos(1),
                close.withQueued(1).after(Duration.ofSeconds(10).minusNanos(1)));
        assertFinishes(close.withQueued(1).after(Duration.ofSeconds(10)));
        assertFinishes(close.withQueued(1).notSealed().after(Duration.ofSeconds(10)));
    }

    @Test
    void givesUpDrainingAfter500MillisecondsWhenTheLinkIsProbablyBroken() {
        Snapshots broken = Snapshots.of(policy, DisconnectReason.PROTOCOL_ERROR).withQueued(1);

        assertDrains(Duration.ofMillis(1), broken.after(Duration.ofMillis(499)));
        assertFinishes(broken.after(Duration.ofMillis(500)));
    }

    @Test
    void waitsForAnswersOwedAndAwaitedFor5SecondsOnceAllElseHasGone() {
        assertDrains(Duration.ofSeconds(5), close.withAnswers(1, 0));
        assertDrains(Duration.ofSeconds(5), close.withAnswers(0, 1));
        assertDrains(
                Duration.ofNanos(1),
                close.withAnswers(1, 1).after(Duration.ofSeconds(5).minusNanos(1)));
        assertFinishes(close.withAnswers(1, 1).after(Duration.ofSeconds(5)));
        assertDrains(
                Duration.ofSeconds(5), close.withAnswers(1, 1).withQueued(1).after(Duration.ofSeconds(5)));
    }

    @Test
    void waitsForAnswersNoLongerThanForMessages() {
        Snapshots broken = Snapshots.of(policy, DisconnectReason.PROTOCOL_ERROR).withAnswers(1, 1);

        assertDrains(Duration.ofMillis(500), broken);
        assertFinishes(broken.after(Duration.ofMillis(500)));
    }

    @Test
    void waitsForNoAnswersIfItIsToldSo() {
        GracefulPolicy hurried =
                GracefulPolicy.builder().answerTimeout(Duration.ZERO).build();

        assertEquals(FINISH, hurried.decide(close.withAnswers(1, 1).snapshot()));
    }

    @Test
    void keepsAQuarterOfAShorterDeadlineForFinishing() {
        Snapshots hurried = close.withQueued(1).within(Duration.ofSeconds(4));

        assertDrains(Duration.ofSeconds(3), hurried);
        assertFinishes(hurried.after(Duration.ofSeconds(3)));
    }

    @Test
    void takesOtherSettings() {
        GracefulPolicy other = GracefulPolicy.builder()
                .drainTimeout(Duration.ofSeconds(1))
                .answerTimeout(Duration.ofSeconds(7))
                .shortDrainTimeout(Duration.ofSeconds(2))
                .finishTimeout(Duration.ofSeconds(3))
                .shortFinishTimeout(Duration.ofSeconds(4))
                .stallTimeout(Duration.ofSeconds(5))
                .build();

        assertEquals(
                "GracefulPolicy[drainTimeout=PT1S, answerTimeout=PT7S, shortDrainTimeout=PT2S, "
                        + "finishTimeout=PT3S, shortFinishTimeout=PT4S, stallTimeout=PT5S]",
                other.toString());
        assertEquals(
                new ClosePlan(Admission.SEAL, Duration.ofSeconds(4), Duration.ofSeconds(5)),
                other.plan(DisconnectReason.STALE_CONNECTION));
        assertEquals(
                new ClosePlan(Admission.SEAL, Duration.ofSeconds(6), Duration.ofSeconds(5)),
                other.plan(DisconnectReason.PROTOCOL_ERROR));
    }

    @Test
    void refusesSettingsThatAreNotPositive() {
        Duration negative = Duration.ofSeconds(-1);
        Map<String, GracefulPolicy.Builder> builders = Map.of(
                "drainTimeout", GracefulPolicy.builder().drainTimeout(negative),
                "shortDrainTimeout", GracefulPolicy.builder().shortDrainTimeout(negative),
                "finishTimeout", GracefulPolicy.builder().finishTimeout(negative),
                "shortFinishTimeout", GracefulPolicy.builder().shortFinishTimeout(negative),
                "stallTimeout", GracefulPolicy.builder().stallTimeout(negative));

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
