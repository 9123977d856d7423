/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * How the network carries bytes from one host to another; each direction has conditions of its own. What one connection
 * sends arrives in order, however much the jitter.
 *
 * @param latency the least time on the way
 * @param jitter the most that is added to it, evenly distributed
 * @param bytesPerSecond how fast bytes follow one another, all connections together; {@link Long#MAX_VALUE} for no limit
 * @param segmentBytes most bytes that travel, arrive, and are lost together, at least 1
 */
public record SimConditions(Duration latency, Duration jitter, long bytesPerSecond, int segmentBytes) {
    /** Checks the bounds. */
    public SimConditions {
        Require.notNegative("latency", latency);
        Require.notNegative("jitter", jitter);
        Require.positive("bytesPerSecond", bytesPerSecond);
        Require.positive("segmentBytes", segmentBytes);
    }

    /** A loopback: 20 µs, no jitter, no limit, segments of 64 KiB. */
    public static SimConditions loopback() {
        return new SimConditions(Duration.ofNanos(20_000), Duration.ZERO, Long.MAX_VALUE, 64 * 1024);
    }

    /** A long way: 40 ms, 5 ms jitter, 12.5 MB/s, segments of 1 448 bytes. */
    public static SimConditions wideArea() {
        return new SimConditions(Duration.ofMillis(40), Duration.ofMillis(5), 12_500_000, 1448);
    }

    /** The same with another latency. */
    public SimConditions withLatency(Duration time) {
        return new SimConditions(time, jitter, bytesPerSecond, segmentBytes);
    }

    /** The same with another jitter. */
    public SimConditions withJitter(Duration most) {
        return new SimConditions(latency, most, bytesPerSecond, segmentBytes);
    }

    /** The same with another bandwidth. */
    public SimConditions withBytesPerSecond(long rate) {
        return new SimConditions(latency, jitter, rate, segmentBytes);
    }

    /** The same with another segment size. */
    public SimConditions withSegmentBytes(int most) {
        return new SimConditions(latency, jitter, bytesPerSecond, most);
    }
}
