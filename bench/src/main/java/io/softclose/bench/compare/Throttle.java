/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.net.spi.Require;
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
        Require.positive("bytesPerWrite", bytesPerWrite);
        Require.positive("delay", delay);
    }
}
