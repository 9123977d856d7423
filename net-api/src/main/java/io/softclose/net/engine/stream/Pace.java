/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Limits;
import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Scheduler.Timer;
import java.util.concurrent.TimeUnit;

/**
 * How fast the input of one connection is taken: so many frames and bytes a second, and a second's worth at once after a
 * rest. What is taken beyond that is paid for by resting. Loop only, but for {@link #rests}.
 */
class Pace {
    /** No limit. */
    static final Pace FREE = new Pace();

    private Pace() {}

    /**
     * As the limits have it.
     *
     * @param goOn run on the loop after each rest
     */
    static Pace of(Limits limits, EventLoop loop, Runnable goOn) {
        return limits.inboundMessagesPerSecond() == 0 && limits.inboundBytesPerSecond() == 0
                ? FREE
                : new Limited(limits, loop, goOn);
    }

    /** Whether nothing is to be taken for now. Any thread. */
    boolean rests() {
        return false;
    }

    /** A whole frame was taken, whatever it was. */
    void tookFrame() {}

    /** So many bytes were taken. */
    void tookBytes(long bytes) {}

    /** How long it rests from now on; zero if it does not. */
    long restLeftNanos() {
        return 0;
    }

    /** About how many bytes it lets through in so much time, in frames of the longest kind. */
    long bytesWithin(long nanos) {
        return Long.MAX_VALUE;
    }

    /** There is no limit any more: what is left is little, and waited for. */
    void lift() {}

    /** Each unit that is taken costs time; there is credit for a second. */
    private static final class Limited extends Pace {
        private static final long CREDIT_NANOS = TimeUnit.SECONDS.toNanos(1);

        private static final Timer NO_TIMER = () -> {};

        private final EventLoop loop;
        private final Runnable goOn;
        private final long framesPerSecond;
        private final long bytesPerSecond;
        private final int longestFrame;

        /** Until when what was taken is paid for, on the loop's clock. */
        private long framesPaidAt;

        private long bytesPaidAt;
        private boolean lifted;
        private Timer timer = NO_TIMER;

        private volatile boolean resting;

        Limited(Limits limits, EventLoop loop, Runnable goOn) {
            this.loop = loop;
            this.goOn = goOn;
            framesPerSecond = limits.inboundMessagesPerSecond();
            bytesPerSecond = limits.inboundBytesPerSecond();
            longestFrame = limits.maxFrameSize();
            framesPaidAt = loop.nanoTime() - CREDIT_NANOS;
            bytesPaidAt = framesPaidAt;
        }

        @Override
        boolean rests() {
            return resting;
        }

        @Override
        void tookFrame() {
            if (framesPerSecond > 0 && !lifted) {
                long now = loop.nanoTime();
                framesPaidAt = charged(framesPaidAt, now, 1, framesPerSecond);
                rest(left(now));
            }
        }

        @Override
        void tookBytes(long bytes) {
            if (bytesPerSecond > 0 && !lifted) {
                long now = loop.nanoTime();
                bytesPaidAt = charged(bytesPaidAt, now, bytes, bytesPerSecond);
                rest(left(now));
            }
        }

        @Override
        long restLeftNanos() {
            return resting ? Math.max(0, left(loop.nanoTime())) : 0;
        }

        @Override
        long bytesWithin(long nanos) {
            double seconds = nanos / 1e9;
            double byFrames = framesPerSecond == 0 ? Long.MAX_VALUE : seconds * framesPerSecond * longestFrame;
            double byBytes = bytesPerSecond == 0 ? Long.MAX_VALUE : seconds * bytesPerSecond;
            return (long) Math.min(byFrames, byBytes);
        }

        private static long charged(long paidAt, long now, long units, long perSecond) {
            return Nanos.latest(paidAt, now - CREDIT_NANOS) + cost(units, perSecond);
        }

        private static long cost(long units, long perSecond) {
            return perSecond == 0 ? 0 : Math.round(1e9 * units / perSecond);
        }

        /** How long it takes until there is credit for one more of both; not above zero if there is. */
        private long left(long now) {
            return Nanos.latest(framesPaidAt + cost(1, framesPerSecond), bytesPaidAt + cost(1, bytesPerSecond)) - now;
        }

        private void rest(long left) {
            if (!resting && left > 0) {
                resting = true;
                timer = loop.schedule(left, this::look);
            }
        }

        private void look() {
            resting = false;
            if (!lifted) {
                rest(left(loop.nanoTime()));
            }
            if (!resting) {
                goOn.run();
            }
        }

        @Override
        void lift() {
            lifted = true;
            resting = false;
            timer.cancel();
        }
    }
}
