/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.health;

import io.softclose.net.Connection;
import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * How a {@link HealthChecker} judges. AptosNet's figures are the defaults where it has any.
 *
 * @param interval how often each peer is asked; 10 s, AptosNet's {@code PING_INTERVAL_MS}
 * @param timeout how long an answer may take; 20 s, AptosNet's {@code PING_TIMEOUT_MS}. Four questions may be unanswered at a time, see
 *     {@link Connection#probe}, of which one may be late: with more than three intervals, some are left out
 * @param toleratedFailures how many failures in a row a peer may have; with one more its connection closes; 3, AptosNet's {@code
 *     PING_FAILURES_TOLERATED}
 * @param trafficCounts whether a question without an answer is no failure if anything came from the peer since, or it took bytes that
 *     had to wait: its answer may be on its way behind much else; yes, where AptosNet counts the peer's own questions only
 * @param progressTimeout how long a peer may take nothing, although something waits for it and whatever it sends: neither bytes
 *     that wait, nor questions, which it would answer; 2 min, ours; zero for no such check. It must be longer than the slowest
 *     link takes for what the operating system's buffers hold
 */
public record HealthSettings(
        Duration interval, Duration timeout, int toleratedFailures, boolean trafficCounts, Duration progressTimeout) {
    /** Checks all of it. */
    public HealthSettings {
        Require.positive("interval", interval);
        Require.positive("timeout", timeout);
        Require.notNegative("toleratedFailures", toleratedFailures);
        Require.notNegative("progressTimeout", progressTimeout);
    }

    /** The defaults. */
    public static HealthSettings defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private Duration interval = Duration.ofSeconds(10);
        private Duration timeout = Duration.ofSeconds(20);
        private int toleratedFailures = 3;
        private boolean trafficCounts = true;
        private Duration progressTimeout = Duration.ofMinutes(2);

        private Builder() {}

        /** Sets {@link HealthSettings#interval}. */
        public Builder interval(Duration time) {
            interval = time;
            return this;
        }

        /** Sets {@link HealthSettings#timeout}. */
        public Builder timeout(Duration time) {
            timeout = time;
            return this;
        }

        /** Sets {@link HealthSettings#toleratedFailures}. */
        public Builder toleratedFailures(int failures) {
            toleratedFailures = failures;
            return this;
        }

        /** Sets {@link HealthSettings#trafficCounts}. */
        public Builder trafficCounts(boolean counts) {
            trafficCounts = counts;
            return this;
        }

        /** Sets {@link HealthSettings#progressTimeout}. */
        public Builder progressTimeout(Duration time) {
            progressTimeout = time;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if one of them is out of its range
         */
        public HealthSettings build() {
            return new HealthSettings(interval, timeout, toleratedFailures, trafficCounts, progressTimeout);
        }
    }
}
