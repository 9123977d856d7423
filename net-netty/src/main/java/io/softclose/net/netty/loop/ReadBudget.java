/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import java.util.concurrent.TimeUnit;

/**
 * How long the links of one loop may hand on what peers send before the loop looks at its tasks, its timers and its other
 * sockets again. Once it is spent, links hold what arrives, and hand it on in tasks, each with a budget of its own.
 * Confined to the loop.
 */
public final class ReadBudget {
    /** The most time of handlers. */
    public static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** The most bytes: handlers that drop them see many in no time. */
    private static final long MOST_BYTES = 4L << 20;

    private long nanos = MOST_NANOS;
    private long bytes = MOST_BYTES;

    public boolean spent() {
        return nanos <= 0 || bytes <= 0;
    }

    public void spend(long handlerNanos, int handedOn) {
        nanos -= handlerNanos;
        bytes -= handedOn;
    }

    public void renew() {
        nanos = MOST_NANOS;
        bytes = MOST_BYTES;
    }
}
