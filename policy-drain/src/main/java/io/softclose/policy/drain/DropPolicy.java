/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.List;

/**
 * Drops everything that is queued, as AptosNet's writer does, but says so: seals at once, discards the queue, completes
 * and flushes the frame being written, and closes without waiting for the peer.
 *
 * <p>Queued messages are DISCARDED; one that was being streamed is UNSENT. What was WRITTEN <b>may never be seen by the
 * peer</b>: if it is still talking, its unread input makes our kernel answer with a reset (RST), which destroys what the
 * peer has not read. So the ending is UNCONFIRMED at best if something was written. The close takes the flush of one frame,
 * or the transport timeout if the peer reads nothing.
 *
 * <p>For messages that are worthless by the time of a close, and for comparison. Immutable and thread-safe.
 *
 * @param transportTimeout the most that the last flush and the close may take; AptosNet's is 30 s
 */
public record DropPolicy(Duration transportTimeout) implements ClosePolicy {
    /** The name this policy is chosen and reported by. */
    public static final String NAME = "drop";

    /** Checks the setting. */
    public DropPolicy {
        Require.positive("transportTimeout", transportTimeout);
    }

    /** AptosNet's settings. */
    public static DropPolicy defaults() {
        return builder().build();
    }

    /** Starts from AptosNet's settings. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** A sealed close with one limit: AptosNet tells a stalled peer from a slow one by the same timeout. */
    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return new ClosePlan(Admission.SEAL, transportTimeout, transportTimeout);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        if (!snapshot.drained()) {
            return CloseDecision.discardAll(snapshot);
        }
        if (!snapshot.sealed()) {
            // A send accepted before the seal may not have arrived in its lane yet: start nothing, and wait for it.
            return new Drain(List.of(), transportTimeout);
        }
        return new Finish(Parting.AT_ONCE);
    }

    /** Collects settings; each setter is named after the component it sets. */
    public static final class Builder {
        private Duration transportTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /** Sets {@link DropPolicy#transportTimeout}. */
        public Builder transportTimeout(Duration timeout) {
            transportTimeout = timeout;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a setting is out of bounds
         */
        public DropPolicy build() {
            return new DropPolicy(transportTimeout);
        }
    }
}
