/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long one waits in a round before one gives up on it.
 *
 * @param first while all goes well
 * @param growth by which that is multiplied for each round that does not, at least 1
 * @param most to which it grows
 */
public record Timeouts(Duration first, double growth, Duration most) {
    /** Checks that nothing is null. */
    public Timeouts {
        requireNonNull(first, "first");
        requireNonNull(most, "most");
    }

    /** How long one waits after so many rounds that did not go well. */
    Duration after(long failedRounds) {
        double nanos = first.toNanos() * Math.pow(growth, (double) failedRounds);
        return nanos < most.toNanos() ? Duration.ofNanos((long) nanos) : most;
    }
}
