/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * What a {@link WanPath} does to bytes, in each direction by itself.
 *
 * @param latency how long they are on their way, one way; at least zero
 * @param jitter up to how much longer, by chance, each time; bytes never overtake each other
 * @param bytesPerSecond how fast they are put onto the path; at least 1
 * @param routerBytes how many the path takes besides those that fit onto it; at least 1
 */
public record WanConditions(Duration latency, Duration jitter, long bytesPerSecond, int routerBytes) {
    private static final int ROUTER_BYTES = 64 * 1024;

    /** Checks all of them. */
    public WanConditions {
        Require.notNegative("latency", latency);
        Require.notNegative("jitter", jitter);
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + " (expected: > 0)");
        }
        if (routerBytes < 1) {
            throw new IllegalArgumentException("routerBytes: " + routerBytes + " (expected: > 0)");
        }
    }

    /** With a router of 64 KiB. */
    public WanConditions(Duration latency, Duration jitter, long bytesPerSecond) {
        this(latency, jitter, bytesPerSecond, ROUTER_BYTES);
    }

    /** The same path at another speed. */
    public WanConditions withRate(long rate) {
        return new WanConditions(latency, jitter, rate, routerBytes);
    }
}
