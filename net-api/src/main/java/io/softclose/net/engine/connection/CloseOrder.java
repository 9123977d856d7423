/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.DisconnectReason;
import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * What a close starts with.
 *
 * @param reason why
 * @param plan the policy's frame for it
 * @param calledAt when it was asked for, on the loop's clock: a loop that is busy comes to it later
 * @param deadlineAt when it must have ended, on the loop's clock
 * @param barrier of the network's shutdown that it belongs to, or {@link Barrier#NONE}
 * @param policyFailure what the policy threw instead of a plan
 */
public record CloseOrder(
        DisconnectReason reason,
        ClosePlan plan,
        long calledAt,
        long deadlineAt,
        Barrier barrier,
        Optional<Throwable> policyFailure) {
    /** For when a policy has no plan: enough to let what was written arrive. */
    private static final ClosePlan FALLBACK =
            new ClosePlan(Admission.SEAL, Duration.ofSeconds(5), Duration.ofSeconds(5));

    private static final ClosePlan NOTHING_TO_DRAIN =
            new ClosePlan(Admission.SEAL, Duration.ZERO, Duration.ofSeconds(5));

    /**
     * Asks the policy. Callable from any thread.
     *
     * @param now on the loop's clock
     */
    static CloseOrder of(ClosePolicy policy, DisconnectReason reason, long now) {
        ClosePlan plan = NOTHING_TO_DRAIN;
        Optional<Throwable> failure = Optional.empty();
        if (reason.drain() != DisconnectReason.Drain.NONE) {
            try {
                plan = policy.plan(reason);
                if (plan == null) {
                    throw new NullPointerException("plan() of policy \"" + policy.name() + "\" answered null");
                }
            } catch (Throwable thrown) {
                plan = FALLBACK;
                failure = Optional.of(thrown);
            }
        }
        return new CloseOrder(reason, plan, now, now + Nanos.of(plan.deadline()), Barrier.NONE, failure);
    }

    /** Whether admission stops when the close starts. */
    boolean seals() {
        return plan.admission() == Admission.SEAL;
    }

    /** The same, to end by another time if that is earlier. */
    CloseOrder by(long otherDeadlineAt) {
        return otherDeadlineAt - deadlineAt < 0 ? with(otherDeadlineAt, barrier) : this;
    }

    /** The same, behind another barrier if that is one. */
    CloseOrder behind(Barrier other) {
        return other != Barrier.NONE && other != barrier ? with(deadlineAt, other) : this;
    }

    private CloseOrder with(long newDeadlineAt, Barrier newBarrier) {
        return new CloseOrder(reason, plan, calledAt, newDeadlineAt, newBarrier, policyFailure);
    }
}
