/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.util.concurrent.TimeUnit;

/**
 * How large a socket's send buffer (SO_SNDBUF) is to be on a slow path, for links whose system has no word for what is unsent
 * (TCP_NOTSENT_LOWAT) and that are {@linkplain Link#limitUnsent asked} to keep it short: as small as leaves the path's rate what it
 * is. A write that is not taken whole says that the buffer is full, and what was taken from one such moment to a later one has
 * left in between, at the rate of the path if the writer had always more. A buffer that holds more than leaves in a round trip
 * only adds to the time that a message waits in it; one that holds less slows the path. So sizes are tried: smaller ones as
 * long as the rate stays, larger ones as long as it grows, and a little less and a little more from time to time, for paths
 * change.
 *
 * <p>A fast path is left alone: a system that is told a size no longer finds one itself, and grants no large one. Not thread-safe:
 * for the link's loop.
 */
public final class SendBuffer {
    /** How long at least a rate is measured. */
    static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** A path is slow if a buffer of {@link #SLOW_BYTES} holds what leaves in this time. */
    static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** So many periods in a row must say so: one may be a peer's that has paused. */
    static final int SLOW_PERIODS = 2;
    /** What leaves in this time is tried first. */
    static final long FIRST_NANOS = SLOW_NANOS / 4;
    /** How long a size that was found is left. */
    static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What Linux grants unless it was told otherwise (net.core.wmem_max): of a faster path its own size may be out of reach. */
    static final int SLOW_BYTES = 200 * 1024;
    /** The largest size that is asked for, in bytes, of a path that has been slow and is not any more. */
    static final int MOST_BYTES = 4 << 20;
    /** Less is a few packets with what the system keeps of each. */
    static final int LEAST_BYTES = 4 * 1024;

    /** Linux holds twice the size it is asked for. */
    private static final int HELD = 2;
    /** A writer that had nothing for more than this part of a period did not show the path's rate. */
    private static final double MOST_IDLE = 0.1;
    /** A rate that differs by less is the same. */
    private static final double SAME = 1 / 8.0;
    /** What is tried once a size has rested. */
    private static final double LITTLE_LESS = 0.75;

    private static final double LITTLE_MORE = 1.25;
    /** A rate that differs by more while nothing is tried is another path's. */
    private static final double OTHER = 0.5;

    /** What the rate at hand is compared for. */
    private enum Trial {
        NONE,
        LESS,
        MORE
    }

    private final int least;
    private int size;

    private boolean measuring;
    private long since;
    private long flushedBefore;
    private long idle;
    private boolean roomTold;
    private long roomSince;

    private int slowPeriods;
    private Trial trial = Trial.NONE;
    /** The rate, in bytes a nanosecond, and the size before the trial, or as they were found. */
    private double rateBefore;

    private int sizeBefore;
    private boolean lessFailed;
    private long restsUntil;
    private boolean lessIsNext;

    /**
     * For a socket whose buffer the system has chosen.
     *
     * @param unsent the limit in bytes, of which the socket may always hold half: with less, Linux wakes a writer that has set
     *     TCP_NOTSENT_LOWAT
     */
    public SendBuffer(int unsent) {
        least = Math.max(LEAST_BYTES, Math.min(unsent / 2 / HELD, MOST_BYTES));
    }

    /** The size in bytes that was asked for last; 0 if none was. */
    int size() {
        return size;
    }

    /**
     * There is room again, and the writer was told.
     *
     * @param now on the loop's clock, in nanoseconds
     */
    public void room(long now) {
        roomTold = true;
        roomSince = now;
    }

    /**
     * A write was taken in part: the buffer is full.
     *
     * @param flushed how many bytes the system has taken in all ({@link Link#flushedBytes})
     * @param now on the loop's clock, in nanoseconds
     * @return the size in bytes to ask for now; 0 to leave it as it is
     */
    public int full(long flushed, long now) {
        if (roomTold) {
            idle += now - roomSince;
            roomTold = false;
        }
        long time = now - since;
        if (measuring && time < PERIOD_NANOS) {
            return 0;
        }
        boolean measured = measuring && idle <= time * MOST_IDLE;
        double rate = (double) (flushed - flushedBefore) / Math.max(1, time);
        measuring = true;
        since = now;
        flushedBefore = flushed;
        idle = 0;
        if (!measured) {
            slowPeriods = 0;
            return 0;
        }
        return next(rate, now);
    }

    private int next(double rate, long now) {
        if (size == 0) {
            double most = rate * SLOW_NANOS / HELD;
            slowPeriods = most > SLOW_BYTES ? 0 : slowPeriods + 1;
            return slowPeriods < SLOW_PERIODS ? 0 : tryLess(rate, most, rate * FIRST_NANOS / HELD, now);
        }
        return switch (trial) {
            case LESS ->
                // As much less again.
                rate >= rateBefore * (1 - SAME)
                        ? tryLess(rateBefore, size, (double) size * size / sizeBefore, now)
                        : tookTooMuch(rate, now);
            case MORE -> rate > rateBefore * (1 + SAME) ? moreWasBetter(rate, now) : moreWasNoBetter(rate, now);
            case NONE -> rested(rate, now);
        };
    }

    /** The size that was tried slows the path. */
    private int tookTooMuch(double rate, long now) {
        lessFailed = size * 2 < sizeBefore;
        return lessFailed ? tryMore(rate, size * 2.0, now) : settle(rateBefore, sizeBefore, now);
    }

    private int moreWasBetter(double rate, long now) {
        lessFailed = false;
        return tryMore(rate, size * 2.0, now);
    }

    /** If less was tried before that, it was compared with another rate than the path's. */
    private int moreWasNoBetter(double rate, long now) {
        boolean again = lessFailed;
        lessFailed = false;
        return again ? tryLess(rate, sizeBefore, sizeBefore / 2.0, now) : settle(rateBefore, sizeBefore, now);
    }

    private int rested(double rate, long now) {
        if (rate < rateBefore * OTHER) {
            return tryLess(rate, size, size / 2.0, now);
        }
        if (rate > rateBefore / OTHER) {
            return tryMore(rate, size * 2.0, now);
        }
        if (now - restsUntil < 0) {
            return 0;
        }
        lessIsNext = !lessIsNext;
        return lessIsNext ? tryLess(rate, size, size * LITTLE_LESS, now) : tryMore(rate, size * LITTLE_MORE, now);
    }

    private int tryLess(double rate, double from, double wanted, long now) {
        int less = within(wanted);
        return size > 0 && less >= size ? settle(rate, size, now) : attempt(Trial.LESS, rate, within(from), less);
    }

    private int tryMore(double rate, double wanted, long now) {
        int more = within(wanted);
        return more <= size ? settle(rate, size, now) : attempt(Trial.MORE, rate, size, more);
    }

    private int attempt(Trial kind, double rate, int from, int wanted) {
        trial = kind;
        rateBefore = rate;
        sizeBefore = from;
        return change(wanted);
    }

    private int settle(double rate, int found, long now) {
        trial = Trial.NONE;
        rateBefore = rate;
        restsUntil = now + REST_NANOS;
        return change(found);
    }

    private int change(int wanted) {
        if (wanted == size) {
            return 0;
        }
        size = wanted;
        measuring = false;
        return wanted;
    }

    private int within(double wanted) {
        return (int) Math.max(least, Math.min(wanted, MOST_BYTES));
    }
}
