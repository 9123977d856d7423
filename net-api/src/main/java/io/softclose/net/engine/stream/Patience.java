/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends the wait for the rest of a message that does not come. In the middle of a message, something must come within the
 * timeout: anything at all, for a stream may rightly wait for more urgent messages. But while other connections wait for
 * memory that this one holds, the message itself must grow by a sixteenth, so that the memory is free again soon. Time
 * during which this end does not read does not count. Loop only.
 */
final class Patience {
    private static final Timer NO_TIMER = () -> {};
    /** The least growth of a message within the timeout while others wait: a part of what is there. */
    private static final int LEAST_PART = 16;
    /**
     * So much later silence is looked for once more: a process that was stopped, or a busy loop, finds its timer due before
     * it has read what came meanwhile.
     */
    private static final long SECOND_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** A look that comes so much too late finds a busy loop, which may not have come to reading yet: it does not decide. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** How many such looks there may be: a loop that is always busy gives up a silent peer, too. */
    private static final int MOST_LATE_LOOKS = 10;

    private final Link link;
    private final EventLoop loop;
    private final Inbound inbound;
    private final InputBudget budget;
    private final InputBudget.Share share;
    private final long timeoutNanos;
    private final Consumer<String> over;

    private Timer timer = NO_TIMER;
    private long lastArrival;
    /** The link's progress then. */
    private long progressThen;
    /** Whether the last look found silence. */
    private boolean foundSilent;
    /** How many looks have found silence and came late. */
    private int lateLooks;

    private long dueAt;

    private long windowStart;
    private long messageAtStart;
    private long bytesAtStart;

    /**
     * Waits for nothing yet.
     *
     * @param over takes what was wrong
     */
    Patience(
            Link link,
            Inbound inbound,
            InputBudget budget,
            InputBudget.Share share,
            Duration timeout,
            Consumer<String> over) {
        this.link = link;
        this.loop = link.loop();
        this.inbound = inbound;
        this.budget = budget;
        this.share = share;
        this.over = over;
        timeoutNanos = Nanos.of(timeout);
    }

    /** Something has come, and a message is unfinished. */
    void arrived() {
        heard();
        if (timer == NO_TIMER) {
            startWindow();
            arm(timeoutNanos);
        }
    }

    /** Time counts from here on: this end has not read for a while. */
    void restart() {
        if (timer != NO_TIMER) {
            heard();
            startWindow();
        }
    }

    /** The peer is not silent. */
    private void heard() {
        lastArrival = loop.nanoTime();
        progressThen = link.inputProgress();
        foundSilent = false;
        lateLooks = 0;
    }

    void stop() {
        timer.cancel();
        timer = NO_TIMER;
    }

    private void startWindow() {
        windowStart = loop.nanoTime();
        messageAtStart = inbound.message();
        bytesAtStart = inbound.unfinishedBytes();
    }

    private void arm(long nanos) {
        dueAt = loop.nanoTime() + nanos;
        timer = loop.schedule(nanos, this::look);
    }

    private void look() {
        timer = NO_TIMER;
        if (!inbound.midMessage()) {
            return;
        }
        if (link.inputProgress() != progressThen) {
            heard();
        }
        long now = loop.nanoTime();
        long silent = now - lastArrival;
        if (silent >= timeoutNanos) {
            boolean late = now - dueAt > LATE_NANOS && lateLooks < MOST_LATE_LOOKS;
            if (!foundSilent || late) {
                lateLooks += late ? 1 : 0;
                foundSilent = true;
                arm(SECOND_LOOK_NANOS);
                return;
            }
            over.accept("message: " + inbound.unfinishedBytes() + " bytes, and nothing for " + millis(silent)
                    + " ms (expected: its rest)");
            return;
        }
        if (now - windowStart >= timeoutNanos) {
            long grown = inbound.unfinishedBytes() - bytesAtStart;
            boolean same = inbound.message() == messageAtStart;
            if (same && grown < leastGrowth() && share.bytes() > 0 && budget.pressed()) {
                over.accept("message: " + bytesAtStart + " bytes, and " + grown + " more in "
                        + millis(now - windowStart) + " ms while others wait for memory (expected: at least "
                        + leastGrowth() + ")");
                return;
            }
            startWindow();
        }
        arm(Math.min(timeoutNanos - silent, timeoutNanos - (now - windowStart)));
    }

    private long leastGrowth() {
        return Math.max(1, bytesAtStart / LEAST_PART);
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
