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
 * Finishes what was accepted: seals at once, sends until every accepted message is written or the drain timeout is
 * over, flushes, half-closes, and reads on until the peer's end. The second option of the AptosNet audit.
 *
 * <p>What the peer does not take within the drain timeout is UNSENT. The close takes as long as the queue needs and the
 * peer takes to answer; a peer that takes nothing ends it after the stall timeout. The choice when nothing is known against
 * it. Immutable and thread-safe.
 *
 * @param drainTimeout the most that messages may be started for; 10 s
 * @param answerTimeout the most that a close waits for answers, owed and awaited, when all else has gone, from its start and
 *     within the drain timeout; 5 s
 * @param shortDrainTimeout in place of the drain timeout when the link or the peer is probably broken; 500 ms
 * @param finishTimeout the most that flushing and waiting for the peer's end may take after draining; 20 s
 * @param shortFinishTimeout in place of the finish timeout when the link or the peer is probably broken; 2.5 s
 * @param stallTimeout the most the peer may take nothing while there is something to write to it; 5 s
 */
public record GracefulPolicy(
        Duration drainTimeout,
        Duration answerTimeout,
        Duration shortDrainTimeout,
        Duration finishTimeout,
        Duration shortFinishTimeout,
        Duration stallTimeout)
        implements ClosePolicy {
    /** The name this policy is chosen and reported by. */
    public static final String NAME = "graceful";

    /** Checks the settings. */
    public GracefulPolicy {
        Require.positive("drainTimeout", drainTimeout);
        Require.notNegative("answerTimeout", answerTimeout);
        Require.positive("shortDrainTimeout", shortDrainTimeout);
        Require.positive("finishTimeout", finishTimeout);
        Require.positive("shortFinishTimeout", shortFinishTimeout);
        Require.positive("stallTimeout", stallTimeout);
    }

    /** The default settings: 30 s in all, as AptosNet allows a close; 3 s when the link is probably broken. */
    public static GracefulPolicy defaults() {
        return builder().build();
    }

    /** Starts from the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return new ClosePlan(Admission.SEAL, budget(reason).total(), stallTimeout);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        // An empty queue that is not sealed is not the end: a send accepted before the seal may be about to arrive.
        boolean nothingLeft = snapshot.sealed() && snapshot.drained();
        Duration drainLeft = budget(snapshot.reason()).drainLeft(snapshot);
        Duration left = nothingLeft ? DrainBudget.answersLeft(snapshot, answerTimeout, drainLeft) : drainLeft;
        return left.isZero() ? CloseDecision.finish() : CloseDecision.drain(snapshot, left);
    }

    private DrainBudget budget(DisconnectReason reason) {
        return switch (reason.drain()) {
            case FULL -> new DrainBudget(drainTimeout, finishTimeout);
            case SHORT, NONE -> new DrainBudget(shortDrainTimeout, shortFinishTimeout);
        };
    }

    /** Collects settings; each setter is named after the component it sets. */
    public static final class Builder {
        private Duration drainTimeout = Duration.ofSeconds(10);
        private Duration answerTimeout = Duration.ofSeconds(5);
        private Duration shortDrainTimeout = Duration.ofMillis(500);
        private Duration finishTimeout = Duration.ofSeconds(20);
        private Duration shortFinishTimeout = Duration.ofMillis(2_500);
        private Duration stallTimeout = Duration.ofSeconds(5);

        private Builder() {}

        /** Sets {@link GracefulPolicy#drainTimeout}. */
        public Builder drainTimeout(Duration timeout) {
            drainTimeout = timeout;
            return this;
        }

        /** Sets {@link GracefulPolicy#answerTimeout}; zero to wait for none. */
        public Builder answerTimeout(Duration timeout) {
            answerTimeout = timeout;
            return this;
        }

        /** Sets {@link GracefulPolicy#shortDrainTimeout}. */
        public Builder shortDrainTimeout(Duration timeout) {
            shortDrainTimeout = timeout;
            return this;
        }

        /** Sets {@link GracefulPolicy#finishTimeout}. */
        public Builder finishTimeout(Duration timeout) {
            finishTimeout = timeout;
            return this;
        }

        /** Sets {@link GracefulPolicy#shortFinishTimeout}. */
        public Builder shortFinishTimeout(Duration timeout) {
            shortFinishTimeout = timeout;
            return this;
        }

        /** Sets {@link GracefulPolicy#stallTimeout}. */
        public Builder stallTimeout(Duration timeout) {
            stallTimeout = timeout;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a setting is out of bounds
         */
        public GracefulPolicy build() {
            return new GracefulPolicy(
                    drainTimeout, answerTimeout, shortDrainTimeout, finishTimeout, shortFinishTimeout, stallTimeout);
        }
    }
}
