/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds in each of which every way is measured once with every payload, in JVMs of its own; 1 or more
 * @param warmUp how long each runs before it is measured
 * @param bursts of which the median counts; 1 or more
 * @param burst about how long each takes; longer than zero
 */
public record Effort(int rounds, Duration warmUp, int bursts, Duration burst) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MOST_PER_BURST = 100_000_000;

    /** Checks all of it. */
    public Effort {
        if (rounds < 1 || bursts < 1) {
            throw new IllegalArgumentException(
                    "rounds: " + rounds + ", bursts: " + bursts + " (expected: at least 1 of each)");
        }
        if (warmUp.isNegative() || burst.isZero() || burst.isNegative()) {
            throw new IllegalArgumentException(
                    "warm-up: " + warmUp + ", burst: " + burst + " (expected: not negative, and longer than zero)");
        }
    }

    /** How many messages a burst has that takes about as long as it should. */
    public int messagesAt(double perSecond) {
        double messages = perSecond * burst.toNanos() / NANOS_PER_SECOND;
        return (int) Math.max(1, Math.min(MOST_PER_BURST, messages));
    }
}
