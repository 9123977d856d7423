/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends the wait for the rest of a message that does not come. In the middle of a message, something must come within the
 * timeout: anything at all, for a stream may rightly wait for more urgent messages. But while other connections wait for
 * memory that this one holds, the message itself must grow by a sixteenth, so that the memory is free again soon; at a {@link
 * Pace}, by half of what that lets through if that is less. Time during which this end keeps the peer waiting does not count,
 * nor is it forgotten what came before; but the pace's rests are the peer's own time: whoever sends more than it may has
 * chosen what to send first. Loop only.
 */
final class Patience {
    private static final Timer NO_TIMER = () -> {};
    /** There is none, but one will follow once the peer is not kept waiting any more. */
    private static final Timer LATER = () -> {};
    /** The least growth of a message within the timeout while others wait: a part of what is there. */
    private static final int LEAST_PART = 16;
    /**
     * So much later silence is looked for once more: a process that was stopped, or a busy loop, finds its timer due before
     * it has read what came meanwhile.
     */
    private static final long SECOND_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** A look that comes so much too late finds a busy loop, which may not have come to reading yet: it does not decide. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /**
     * How many looks may be put off, because they came late or the link has something to hand on: a loop that is always
     * busy, or half a record of TLS, gives up a silent peer, too.
     */
    private static final int MOST_LOOKS_PUT_OFF = 10;

    private final Link link;
    private final EventLoop loop;
    private final Inbound inbound;
    private final InputBudget.Share share;
    private final long timeoutNanos;
    private final Pace pace;
    private final Owner owner;

    private Timer timer = NO_TIMER;

    /** Since when the peer is kept waiting, if it is: the clock of all that follows stands still. */
    private long heldUpSince;

    private boolean heldUp;
    /** For how long it was kept waiting before. */
    private long heldUpNanos;

    private long lastArrival;
    /** The link's progress then. */
    private long progressThen;
    /** Whether the last look found silence. */
    private boolean foundSilent;
    /** How many looks have found silence and were put off. */
    private int looksPutOff;

    private long dueAt;

    private long windowStart;
    /** Whether a look that was put off found this window over. */
    private boolean foundOver;

    private long messageAtStart;
    private long bytesAtStart;

    /** Whose message it is. Called on the loop. */
    interface Owner {
        /** Whether it is no wonder that nothing is heard: this end rests, or has not handed on yet what has come. */
        boolean mayNotHear();

        /** The rest of the message does not come, or not soon enough. */
        void giveUp(String detail);
    }

    /**
     * Waits for nothing yet.
     *
     * @param share of the memory
     * @param pace at which the message may come
     */
    Patience(Link link, Inbound inbound, InputBudget.Share share, Duration timeout, Pace pace, Owner owner) {
        this.link = link;
        this.loop = link.loop();
        this.inbound = inbound;
        this.share = share;
        this.pace = pace;
        this.owner = owner;
        timeoutNanos = Nanos.of(timeout);
    }

    /** This end keeps the peer waiting from now on. Idempotent. */
    void heldUp() {
        if (!heldUp) {
            heldUpSince = loop.nanoTime();
            heldUp = true;
        }
    }

    /** It does not any more. Idempotent. */
    void heldUpNoMore() {
        if (heldUp) {
            heldUp = false;
            heldUpNanos += loop.nanoTime() - heldUpSince;
            if (timer == LATER) {
                // What has come meanwhile is read before.
                arm(Math.max(leftNanos(), SECOND_LOOK_NANOS));
            }
        }
    }

    /** The time that counts. */
    private long now() {
        return (heldUp ? heldUpSince : loop.nanoTime()) - heldUpNanos;
    }

    /** Something has come, and a message is unfinished. */
    void arrived() {
        heard();
        if (timer == NO_TIMER) {
            startWindow();
            arm(timeoutNanos);
        }
    }

    /** The peer is not silent. */
    private void heard() {
        lastArrival = now();
        progressThen = link.inputProgress();
        foundSilent = false;
        looksPutOff = 0;
    }

    void stop() {
        timer.cancel();
        timer = NO_TIMER;
    }

    private void startWindow() {
        // What is being paid for came before.
        windowStart = now() + pace.restLeftNanos();
        foundOver = false;
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
        if (isSilent() && owner.mayNotHear()) {
            heard();
        }
        if (isSilent()) {
            foundSilent();
        } else if (heldUp) {
            timer = LATER;
        } else if (now() - windowStart >= timeoutNanos) {
            windowOver();
        } else {
            arm(leftNanos());
        }
    }

    /** Whether something may have come that the loop has not read yet. */
    private boolean mayBeUnread() {
        return loop.nanoTime() - dueAt > LATE_NANOS || !link.allHandedOn();
    }

    private boolean isSilent() {
        return now() - lastArrival >= timeoutNanos;
    }

    private long leftNanos() {
        long now = now();
        return timeoutNanos - Math.max(now - lastArrival, now - windowStart);
    }

    private void foundSilent() {
        boolean again = looksPutOff < MOST_LOOKS_PUT_OFF && mayBeUnread();
        if (!foundSilent || again) {
            looksPutOff += again ? 1 : 0;
            foundSilent = true;
            arm(SECOND_LOOK_NANOS);
            return;
        }
        owner.giveUp("message: " + inbound.unfinishedBytes() + " bytes, and nothing for " + millis(now() - lastArrival)
                + " ms (expected: its rest)");
    }

    private void windowOver() {
        long grown = inbound.unfinishedBytes() - bytesAtStart;
        boolean same = inbound.message() == messageAtStart;
        if (!same || grown >= leastGrowth() || share.bytes() == 0 || !share.othersWait()) {
            startWindow();
            arm(leftNanos());
        } else if (!foundOver && mayBeUnread()) {
            foundOver = true;
            arm(SECOND_LOOK_NANOS);
        } else {
            owner.giveUp("message: " + bytesAtStart + " bytes, and " + grown + " more in "
                    + millis(now() - windowStart) + " ms while others wait for memory (expected: at least "
                    + leastGrowth() + ")");
        }
    }

    private long leastGrowth() {
        return Math.max(1, Math.min(bytesAtStart / LEAST_PART, pace.bytesWithin(timeoutNanos) / 2));
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
