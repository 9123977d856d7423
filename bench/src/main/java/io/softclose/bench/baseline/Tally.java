/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Counts messages at the receiving end, in one thread, and lets one other thread wait for a number of them. */
public class Tally {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Words on either side of a word that share no cache line with it, nor with those that are fetched along. */
    private static final int AWAY = 16;

    private final Semaphore reached = new Semaphore(0);
    private volatile long target = Long.MAX_VALUE;

    /**
     * Written by the receiving thread, read by any: one word, at a distance from all that others use, which would otherwise
     * be slower or faster by where the collector has moved it.
     */
    private final AtomicLongArray count = new AtomicLongArray(2 * AWAY + 1);

    /** Keeps the compiler from leaving out the work of making the message. Reading thread only. */
    private @Nullable Object last;

    /**
     * A message has come. Keeps the one awaited alone: to keep each would cost more than to receive it, for a reference from an
     * old object to a new one makes the collector's barrier wait for all that was written before. Reading thread only.
     */
    public void handled(Object message) {
        long now = count.getPlain(AWAY) + 1;
        count.setRelease(AWAY, now);
        if (now == target) {
            last = message;
            reached.release();
        }
    }

    /** How many messages have come so far. Any thread. */
    public long count() {
        return count.getAcquire(AWAY);
    }

    /** The message that was awaited last, or null. For the receiving thread, or once it has come. */
    public @Nullable Object last() {
        return last;
    }

    /** Sets how many more messages {@link #await} waits for. Called before the first of them is sent. */
    public void expect(int messages) {
        target = count() + messages;
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
