/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.link;

import java.util.concurrent.TimeUnit;

/**
 * How large a socket's send buffer is to be on a slow path: as much as leaves in a quarter of a second. The JDK has no word
 * for what is unsent (TCP_NOTSENT_LOWAT). But a write that is not taken whole says that the buffer is full, and what was taken
 * from one such moment to a later one has left in between. A buffer that holds what leaves in a round trip keeps a path full,
 * so one with a shorter round trip is not slowed. A fast path is left alone: a system that is told a size no longer finds one
 * itself, and grants no large one. Confined to the loop.
 */
final class SendBuffer {
    /** How long what is held may take to leave, and how long at least that is measured. */
    static final long HOLDS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Linux holds twice the size it is asked for. */
    private static final int HELD = 2;

    static final int LEAST_BYTES = 64 * 1024;
    /** Less than Linux grants unless it was told otherwise (net.core.wmem_max). */
    static final int MOST_BYTES = 200 * 1024;

    private int size;
    private boolean measuring;
    private long since;
    private long left;

    /**
     * A write was taken in part: the buffer is full.
     *
     * @param taken bytes since it was last full
     * @param now on the loop's clock
     * @return the size to ask for now; 0 to leave it as it is
     */
    int full(long taken, long now) {
        left += taken;
        long time = now - since;
        if (measuring && time < HOLDS_NANOS) {
            return 0;
        }
        boolean measured = measuring;
        double leaves = (double) left * HOLDS_NANOS / Math.max(1, time);
        measuring = true;
        since = now;
        left = 0;
        return measured ? adjusted(leaves / HELD) : 0;
    }

    private int adjusted(double wanted) {
        if (size == 0 && wanted > MOST_BYTES) {
            return 0;
        }
        int next = (int) Math.max(LEAST_BYTES, Math.min(wanted, MOST_BYTES));
        if (Math.abs(next - size) <= size / 4) {
            return 0;
        }
        size = next;
        return next;
    }
}
