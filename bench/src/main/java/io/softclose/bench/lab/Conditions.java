/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.time.Duration;

/**
 * What a wire does to packets, in each direction.
 *
 * @param delay how long each is on its way
 * @param lossPercent how many of a hundred are lost, by chance
 * @param bitsPerSecond how fast they are sent
 */
public record Conditions(Duration delay, double lossPercent, long bitsPerSecond) {
    private static final long MEGABIT = 1_000_000;

    /** Across a continent. */
    public static Conditions distant() {
        return new Conditions(Duration.ofMillis(50), 0, 100 * MEGABIT);
    }

    /** Across a continent, narrow, and losing one packet in a hundred. */
    public static Conditions lossy() {
        return new Conditions(Duration.ofMillis(50), 1, 10 * MEGABIT);
    }

    /** So slow that a backlog takes longer than any deadline. */
    public static Conditions slow() {
        return new Conditions(Duration.ofMillis(10), 0, 2 * MEGABIT);
    }

    /** So slow that even what the kernels hold takes longer than a quarter of a short deadline. */
    public static Conditions crawling() {
        return new Conditions(Duration.ofMillis(10), 0, MEGABIT);
    }

    /** Fast enough for a backlog, and slow enough to do something to it on its way. */
    public static Conditions moderate() {
        return new Conditions(Duration.ofMillis(10), 0, 10 * MEGABIT);
    }
}
