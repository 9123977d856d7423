/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.scenario;

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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A policy, and what it answered last, and in which event. An event concerns one connection, so the last answer is in force
 * for the connection that writes in the same event.
 */
public final class WatchedPolicy implements ClosePolicy {
    /** What a close without a plan, or without anything to drain, is given: see the engine's documentation. */
    private static final ClosePlan NO_PLAN =
            new ClosePlan(ClosePlan.Admission.SEAL, Duration.ofSeconds(5), Duration.ofSeconds(5));

    private static final ClosePlan NOTHING_TO_DRAIN =
            new ClosePlan(ClosePlan.Admission.SEAL, Duration.ZERO, Duration.ofSeconds(5));

    private final ClosePolicy policy;
    private final LongSupplier events;
    private final UserCode user;
    private final Map<DisconnectReason, ClosePlan> plans = new EnumMap<>(DisconnectReason.class);
    private @Nullable CloseDecision decision;
    /** Whether it has no plan, ever, so that it is known which plan is in force. */
    private final boolean planFails;

    private long decidedIn = -1;
    private boolean everAtOnce;
    private boolean everHeldUrgentBack;
    private boolean everFailed;

    /**
     * Watches one policy.
     *
     * @param events how many events there have been
     * @param user how a policy is that its user wrote
     */
    public WatchedPolicy(ClosePolicy policy, LongSupplier events, UserCode user) {
        this.policy = policy;
        this.events = events;
        this.user = user;
        planFails = user.policyHasNoPlan();
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
        if (planFails) {
            everFailed = true;
            user.fail();
        }
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
        decidedIn = events.getAsLong();
        boolean answered = false;
        try {
            user.takesTime();
            user.policyMayThrow();
            CloseDecision made = policy.decide(snapshot);
            answered = made != null;
            decision = made;
            everHeldUrgentBack |= made instanceof CloseDecision.Drain drain
                    && !drain.laneOrder().contains(0);
            everAtOnce |=
                    made instanceof CloseDecision.Finish finish && finish.parting() == CloseDecision.Parting.AT_ONCE;
            return made;
        } finally {
            everFailed |= !answered;
        }
    }

    /** The plan in force for a close with this reason that has just started. */
    public ClosePlan planned(DisconnectReason reason) {
        return reason.drain() == DisconnectReason.Drain.NONE ? NOTHING_TO_DRAIN : plans.getOrDefault(reason, NO_PLAN);
    }

    /** The last decision; null if there was none, or no decision. */
    @Nullable
    public CloseDecision decision() {
        return decision;
    }

    /** Whether it was asked in this very event. */
    public boolean decidedNow() {
        return decidedIn == events.getAsLong();
    }

    /** Whether it ever closed without waiting for the peer. */
    public boolean everAtOnce() {
        return everAtOnce;
    }

    /** Whether it ever drained without its most urgent lane. */
    public boolean everHeldUrgentBack() {
        return everHeldUrgentBack;
    }

    /** Whether it ever failed to answer. */
    boolean everFailed() {
        return everFailed;
    }
}
