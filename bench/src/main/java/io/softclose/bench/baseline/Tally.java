/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts messages at the receiving end, in one thread, and lets one other thread wait for a number of them. */
public final class Tally {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Semaphore reached = new Semaphore(0);
    private volatile long target = Long.MAX_VALUE;

    // Written by the receiving thread, read by any.
    private final AtomicLong count = new AtomicLong();

    /** Keeps the compiler from leaving out the work of making the message. Reading thread only. */
    private @Nullable Object last;

    /** A message has come. Reading thread only. */
    public void handled(Object message) {
        last = message;
        long now = count.getPlain() + 1;
        count.setRelease(now);
        if (now == target) {
            reached.release();
        }
    }

    /** How many messages have come so far. Any thread. */
    public long count() {
        return count.get();
    }

    /** The message that came last, or null. For the receiving thread, or once the number awaited has come. */
    public @Nullable Object last() {
        return last;
    }

    /** Sets how many more messages {@link #await} waits for. Called before the first of them is sent. */
    public void expect(int messages) {
        target = count.get() + messages;
    }

    /**
     * Waits for the messages expected.
     *
     * @throws IllegalStateException if they have not come after a minute
     */
    public void await() throws InterruptedException {
        if (!reached.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("messages: " + count() + " (expected: " + target + ")");
        }
    }
}
