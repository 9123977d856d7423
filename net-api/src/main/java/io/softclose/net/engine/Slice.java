/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import java.time.Duration;

/**
 * How long one connection may keep its loop busy with handlers before others have their turn. The clock is looked at
 * rarely while handlers are quick, and after each message once they are slow. Loop only.
 */
public final class Slice {
    private static final long LENGTH_NANOS = Duration.ofMillis(10).toNanos();
    /** Most messages between two looks: even if each takes a microsecond, looking costs a hundredth of that. */
    private static final int MOST_BETWEEN_LOOKS = 16;

    private final EventLoop loop;
    private int untilLook;
    /** Messages between the last look and the next; 0 before the first, from which the time counts. */
    private int between;

    private long startedAt;

    public Slice(EventLoop loop) {
        this.loop = loop;
    }

    /** Starts a slice. Costs nothing for those who hand on a single message. */
    public void begin() {
        untilLook = 2;
        between = 0;
    }

    /** Says, once after each message, whether the slice is over. */
    public boolean over() {
        return --untilLook <= 0 && look();
    }

    private boolean look() {
        long now = loop.nanoTime();
        if (between == 0) {
            startedAt = now;
        }
        between = Math.min(Math.max(1, 2 * between), MOST_BETWEEN_LOOKS);
        untilLook = between;
        return now - startedAt >= LENGTH_NANOS;
    }
}
