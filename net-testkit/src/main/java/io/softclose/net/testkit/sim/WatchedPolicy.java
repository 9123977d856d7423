/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A policy, and what it answered last. Everything happens in one thread, so the last answer is the one in force. */
final class WatchedPolicy implements ClosePolicy {
    /** What a close without a plan, or without anything to drain, is given: see the engine's documentation. */
    private static final ClosePlan NO_PLAN =
            new ClosePlan(ClosePlan.Admission.SEAL, Duration.ofSeconds(5), Duration.ofSeconds(5));

    private static final ClosePlan NOTHING_TO_DRAIN =
            new ClosePlan(ClosePlan.Admission.SEAL, Duration.ZERO, Duration.ofSeconds(5));

    private final ClosePolicy policy;
    private final Map<DisconnectReason, ClosePlan> plans = new EnumMap<>(DisconnectReason.class);
    private @Nullable CloseDecision decision;
    private boolean everAtOnce;
    private boolean everFailed;

    WatchedPolicy(ClosePolicy policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public LanePlan lanes(Limits limits) {
        return policy.lanes(limits);
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        plans.put(reason, NO_PLAN);
        ClosePlan plan = policy.plan(reason);
        if (plan == null) {
            everFailed = true;
        } else {
            plans.put(reason, plan);
        }
        return plan;
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        decision = null;
        boolean answered = false;
        try {
            CloseDecision made = policy.decide(snapshot);
            answered = made != null;
            decision = made;
            everAtOnce |=
                    made instanceof CloseDecision.Finish finish && finish.parting() == CloseDecision.Parting.AT_ONCE;
            return made;
        } finally {
            everFailed |= !answered;
        }
    }

    /** The plan in force for a close with this reason that has just started. */
    ClosePlan planned(DisconnectReason reason) {
        return reason.drain() == DisconnectReason.Drain.NONE ? NOTHING_TO_DRAIN : plans.getOrDefault(reason, NO_PLAN);
    }

    /** The last decision; null if there was none, or no decision. */
    @Nullable
    CloseDecision decision() {
        return decision;
    }

    /** Whether it ever closed without waiting for the peer. */
    boolean everAtOnce() {
        return everAtOnce;
    }

    /** Whether it ever failed to answer. */
    boolean everFailed() {
        return everFailed;
    }
}
