/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision.Discard;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.policy.ClosePolicyContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DropPolicyTest implements ClosePolicyContract {
    private static final Duration TRANSPORT_TIMEOUT = Duration.ofSeconds(30);

    private final DropPolicy policy = DropPolicy.defaults();
    private final Snapshots close = Snapshots.of(policy, DisconnectReason.REQUESTED_BY_PEER_MANAGER);

    @Override
    public ClosePolicy createPolicy() {
        return DropPolicy.defaults();
    }

    @Test
    void sealsAndAllowsTheTransportTimeoutForEveryReason() {
        ClosePlan expected = new ClosePlan(Admission.SEAL, TRANSPORT_TIMEOUT, TRANSPORT_TIMEOUT);

        for (DisconnectReason reason : DisconnectReason.values()) {
            assertEquals(expected, policy.plan(reason));
        }
    }

    @Test
    void discardsWhatIsQueued() {
        assertEquals(new Discard(Set.of(0)), policy.decide(close.withQueued(3).snapshot()));
        assertEquals(
                new Discard(Set.of(0)),
                policy.decide(close.withQueued(3).notSealed().snapshot()));
    }

    @Test
    void startsNothingWhileASendMayStillArrive() {
        assertEquals(
                new Drain(List.of(), TRANSPORT_TIMEOUT),
                policy.decide(close.notSealed().snapshot()));
    }

    @Test
    void leavesAtOnceWhenNothingIsQueued() {
        assertEquals(new Finish(Parting.AT_ONCE), policy.decide(close.snapshot()));
    }

    @Test
    void takesAnotherTimeout() {
        Duration second = Duration.ofSeconds(1);
        DropPolicy quick = DropPolicy.builder().transportTimeout(second).build();

        assertEquals(
                new ClosePlan(Admission.SEAL, second, second), quick.plan(DisconnectReason.REQUESTED_BY_PEER_MANAGER));
        assertEquals("DropPolicy[transportTimeout=PT1S]", quick.toString());
    }

    @Test
    void refusesATimeoutThatIsNotPositive() {
        DropPolicy.Builder builder = DropPolicy.builder().transportTimeout(Duration.ZERO);

        assertEquals(
                "transportTimeout: PT0S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }
}
