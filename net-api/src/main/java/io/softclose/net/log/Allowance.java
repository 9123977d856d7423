/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.log;

import java.util.concurrent.TimeUnit;

/**
 * How many events of one kind are told one by one, when a peer decides how many there are: a few at once, and so many a
 * second after that. The others are counted. Thread-safe.
 */
public final class Allowance {
    private final int atOnce;
    private final long nanosEach;

    // Guarded by this.
    /** When everything allowed at once is there again, on the clock of whoever asks. */
    private long fullAt;

    private boolean used;
    private long leftOut;

    /**
     * Nothing is used up yet.
     *
     * @param atOnce how many may be told at once, at least 1
     * @param perSecond how many a second after that, at least 1
     */
    public Allowance(int atOnce, int perSecond) {
        this.atOnce = atOnce;
        nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Whether one more may be told now; counts it if not. */
    public synchronized boolean take(long now) {
        long fullBefore = used && fullAt - now > 0 ? fullAt : now;
        if (fullBefore - now > (atOnce - 1) * nanosEach) {
            leftOut++;
            return false;
        }
        used = true;
        fullAt = fullBefore + nanosEach;
        return true;
    }

    /** How many were left out since this was last asked. */
    public synchronized long takeLeftOut() {
        long taken = leftOut;
        leftOut = 0;
        return taken;
    }
}
