/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.DrainBudget;
import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * Goes on for a fixed time, then stops: sends are accepted and sent as before until the drain time is over, or until
 * nothing has been waiting for the quiet time. The rest is UNSENT. Then the close flushes, half-closes and reads on until
 * the peer's end. The first option of the AptosNet audit.
 *
 * <p>A sender that never pauses makes the close take the whole drain time; an idle connection takes the quiet time and the
 * peer's answer. For senders that cannot be stopped before the connection is. Immutable and thread-safe.
 *
 * @param drainTime the most that messages may be started for; 500 ms
 * @param quietTime how long nothing may be waiting before draining ends early; 10 ms
 * @param shortDrainTime in place of the drain time when the link or the peer is probably broken; 100 ms
 * @param finishTimeout the most that flushing and waiting for the peer's end may take after draining; 30 s
 * @param shortFinishTimeout in place of the finish timeout when the link or the peer is probably broken; 2 s
 */
public record TimedDrainPolicy(
        Duration drainTime,
        Duration quietTime,
        Duration shortDrainTime,
        Duration finishTimeout,
        Duration shortFinishTimeout)
        implements ClosePolicy {
    /** The name this policy is chosen and reported by. */
    public static final String NAME = "timed-drain";

    /** Checks the settings. */
    public TimedDrainPolicy {
        Require.positive("drainTime", drainTime);
        Require.positive("quietTime", quietTime);
        Require.positive("shortDrainTime", shortDrainTime);
        Require.positive("finishTimeout", finishTimeout);
        Require.positive("shortFinishTimeout", shortFinishTimeout);
    }

    /** The settings that the audit proposes. */
    public static TimedDrainPolicy defaults() {
        return builder().build();
    }

    /** Starts from the settings that the audit proposes. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** A close that stays open to sends; a stalled peer is given up when the finish timeout is over, not before. */
    @Override
    public ClosePlan plan(DisconnectReason reason) {
        DrainBudget budget = budget(reason);
        return new ClosePlan(Admission.KEEP_OPEN, budget.total(), budget.finish());
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        Duration drainLeft = budget(snapshot.reason()).drainLeft(snapshot);
        Duration quietLeft = quietTime.minus(snapshot.idle());
        if (drainLeft.isZero() || quietLeft.isNegative() || quietLeft.isZero()) {
            return CloseDecision.finish();
        }
        boolean quietEndsFirst = snapshot.drained() && quietLeft.compareTo(drainLeft) < 0;
        return CloseDecision.drain(snapshot, quietEndsFirst ? quietLeft : drainLeft);
    }

    private DrainBudget budget(DisconnectReason reason) {
        return switch (reason.drain()) {
            case FULL -> new DrainBudget(drainTime, finishTimeout);
            case SHORT, NONE -> new DrainBudget(shortDrainTime, shortFinishTimeout);
        };
    }

    /** Collects settings; each setter is named after the component it sets. */
    public static final class Builder {
        private Duration drainTime = Duration.ofMillis(500);
        private Duration quietTime = Duration.ofMillis(10);
        private Duration shortDrainTime = Duration.ofMillis(100);
        private Duration finishTimeout = Duration.ofSeconds(30);
        private Duration shortFinishTimeout = Duration.ofSeconds(2);

        private Builder() {}

        /** Sets {@link TimedDrainPolicy#drainTime}. */
        public Builder drainTime(Duration time) {
            drainTime = time;
            return this;
        }

        /** Sets {@link TimedDrainPolicy#quietTime}. */
        public Builder quietTime(Duration time) {
            quietTime = time;
            return this;
        }

        /** Sets {@link TimedDrainPolicy#shortDrainTime}. */
        public Builder shortDrainTime(Duration time) {
            shortDrainTime = time;
            return this;
        }

        /** Sets {@link TimedDrainPolicy#finishTimeout}. */
        public Builder finishTimeout(Duration timeout) {
            finishTimeout = timeout;
            return this;
        }

        /** Sets {@link TimedDrainPolicy#shortFinishTimeout}. */
        public Builder shortFinishTimeout(Duration timeout) {
            shortFinishTimeout = timeout;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a setting is out of bounds
         */
        public TimedDrainPolicy build() {
            return new TimedDrainPolicy(drainTime, quietTime, shortDrainTime, finishTimeout, shortFinishTimeout);
        }
    }
}
