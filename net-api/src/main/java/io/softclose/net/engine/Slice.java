/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one connection may keep its loop busy with handlers before others have their turn. The clock is looked at
 * rarely while handlers are quick, from one slice to the next, and after each message once they are slow. Loop only.
 */
public final class Slice {
    private static final long LENGTH_NANOS = Duration.ofMillis(10).toNanos();
    /** Most messages between two looks, and so the most that a handler has which has turned slow all at once. */
    private static final int MOST_BETWEEN_LOOKS = 32;
    /** Between two looks, as long as that takes no longer than this, messages are quick, and the next look is further away. */
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final EventLoop loop;
    private int untilLook;
    /** Messages from one look to the next. */
    private int between = 1;
    /** Whether the clock was looked at in this slice; its time counts from there. */
    private boolean looked;

    private long startedAt;
    private long lookedAt;

    public Slice(EventLoop loop) {
        this.loop = loop;
    }

    /** Starts a slice. Costs nothing for those who hand on a single message. */
    public void begin() {
        untilLook = 2;
        looked = false;
    }

    /** Says, once after each message, whether the slice is over. */
    public boolean over() {
        return --untilLook <= 0 && look();
    }

    private boolean look() {
        long now = loop.nanoTime();
        if (looked) {
            between = now - lookedAt <= QUICK_NANOS ? Math.min(2 * between, MOST_BETWEEN_LOOKS) : 1;
        } else {
            looked = true;
            startedAt = now;
        }
        lookedAt = now;
        untilLook = between;
        return now - startedAt >= LENGTH_NANOS;
    }
}
