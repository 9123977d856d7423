/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.connectivity;

import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * How a {@link ConnectivityManager} keeps a network connected. AptosNet's figures are the defaults where it has any.
 *
 * @param interval how often it looks who is to be connected; 5 s, AptosNet's
 * @param firstBackoff how long it waits after the first failure to reach a peer, and twice as long after each further one;
 *     2 s, AptosNet's
 * @param maxBackoff how long it waits at most; 60 s, AptosNet's
 * @param jitter up to how much later than that it dials, by chance; 100 ms, AptosNet's
 * @param stableAfter how long a connection must stay up for the failures before it to be forgotten; one that is lost sooner is a
 *     failure, too; 30 s, where AptosNet forgets them with every connection
 * @param maxOutbound how many connections that this network dialled it may have, those under way included, before the manager
 *     dials no more; no limit, as AptosNet's validators, where its full nodes have 6
 */
public record ConnectivitySettings(
        Duration interval,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration jitter,
        Duration stableAfter,
        int maxOutbound) {
    /** Checks all of it. */
    public ConnectivitySettings {
        Require.positive("interval", interval);
        Require.positive("firstBackoff", firstBackoff);
        if (maxBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException(
                    "maxBackoff: " + maxBackoff + " (expected: at least firstBackoff, " + firstBackoff + ")");
        }
        Require.notNegative("jitter", jitter);
        Require.notNegative("stableAfter", stableAfter);
        Require.positive("maxOutbound", maxOutbound);
    }

    /** The defaults. */
    public static ConnectivitySettings defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private Duration interval = Duration.ofSeconds(5);
        private Duration firstBackoff = Duration.ofSeconds(2);
        private Duration maxBackoff = Duration.ofSeconds(60);
        private Duration jitter = Duration.ofMillis(100);
        private Duration stableAfter = Duration.ofSeconds(30);
        private int maxOutbound = Integer.MAX_VALUE;

        private Builder() {}

        /** Sets {@link ConnectivitySettings#interval}. */
        public Builder interval(Duration time) {
            interval = time;
            return this;
        }

        /** Sets {@link ConnectivitySettings#firstBackoff} and {@link ConnectivitySettings#maxBackoff}. */
        public Builder backoff(Duration first, Duration most) {
            firstBackoff = first;
            maxBackoff = most;
            return this;
        }

        /** Sets {@link ConnectivitySettings#jitter}; zero for none. */
        public Builder jitter(Duration most) {
            jitter = most;
            return this;
        }

        /** Sets {@link ConnectivitySettings#stableAfter}; zero to forget failures with every connection. */
        public Builder stableAfter(Duration time) {
            stableAfter = time;
            return this;
        }

        /** Sets {@link ConnectivitySettings#maxOutbound}. */
        public Builder maxOutbound(int connections) {
            maxOutbound = connections;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if one of them is out of its range
         */
        public ConnectivitySettings build() {
            return new ConnectivitySettings(interval, firstBackoff, maxBackoff, jitter, stableAfter, maxOutbound);
        }
    }
}
