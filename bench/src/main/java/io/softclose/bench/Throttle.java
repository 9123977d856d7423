/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a link is slowed.
 *
 * @param bytesPerWrite the most one write takes; at least 1
 * @param delay how long the link takes nothing after each write; longer than zero
 */
record Throttle(int bytesPerWrite, Duration delay) {
    /** Checks both. */
    Throttle {
        if (bytesPerWrite < 1) {
            throw new IllegalArgumentException("bytesPerWrite: " + bytesPerWrite + " (expected: > 0)");
        }
        if (requireNonNull(delay, "delay").isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: > 0)");
        }
    }
}
