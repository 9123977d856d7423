/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.scaling;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts a burst in which every connection is sent as many messages. Each connection is counted by one thread at a time, its loop's; any
 * thread waits.
 */
final class Shares {
    /** Counters of two loops are not on one cache line. */
    private static final int APART = 8;

    private static final int NONE_YET = -1;

    private final int share;
    private final AtomicLongArray handled;
    private final AtomicInteger unfinished;
    private final AtomicLong leastServed = new AtomicLong(NONE_YET);
    private final CountDownLatch finished = new CountDownLatch(1);

    /**
     * Nothing is handled yet.
     *
     * @param connections how many, 1 or more
     * @param share how many messages each is sent, 1 or more
     */
    Shares(int connections, int share) {
        this.share = share;
        handled = new AtomicLongArray(connections * APART);
        unfinished = new AtomicInteger(connections);
    }

    /** A message has come on the connection of this number. */
    void handled(int connection) {
        long now = handled.getPlain(connection * APART) + 1;
        handled.setRelease(connection * APART, now);
        if (now == share) {
            served();
        }
    }

    private void served() {
        if (leastServed.get() == NONE_YET) {
            leastServed.compareAndSet(NONE_YET, least());
        }
        if (unfinished.decrementAndGet() == 0) {
            finished.countDown();
        }
    }

    private long least() {
        long least = share;
        for (int at = 0; at < handled.length(); at += APART) {
            least = Math.min(least, handled.getAcquire(at));
        }
        return least;
    }

    /**
     * Waits until all have all of their shares.
     *
     * @return how much the least served one had, when the first had all
     * @throws IllegalStateException if that takes too long
     */
    long await(Duration patience) throws InterruptedException {
        if (!finished.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("connections that have not had all of their " + share + " messages: "
                    + unfinished + " (expected: 0)");
        }
        return leastServed.get();
    }
}
