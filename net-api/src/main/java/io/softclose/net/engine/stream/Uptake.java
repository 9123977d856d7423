/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import java.util.concurrent.TimeUnit;

/**
 * When the operating system took what the link was given, as far as the link's progress tells: so a peer is known that
 * takes nothing any more. All times are on the loop's clock. Loop only.
 */
final class Uptake {
    /** What has waited for so long had found no room: a transport that writes later has not even tried before a moment. */
    private static final long RELIEF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Link link;
    private final EventLoop loop;

    /** The link's progress when it was last asked. */
    private long progress;

    private long lastProgress;
    private long lastRelief;
    /** When something was put on the way after there had been nothing. */
    private long begunAt;

    /** None so far. */
    Uptake(Link link) {
        this.link = link;
        this.loop = link.loop();
        this.lastProgress = loop.nanoTime();
        this.begunAt = lastProgress;
        this.lastRelief = lastProgress;
    }

    /** Something is put on the way, now, after there had been nothing. */
    void begins(long now) {
        begunAt = now;
    }

    /** Looks whether the operating system has taken something since. */
    void look() {
        long progressNow = link.outputProgress();
        if (progressNow != progress) {
            long takenAt = loop.nanoTime();
            if (takenAt - waitingSince() >= RELIEF_NANOS) {
                lastRelief = takenAt;
            }
            progress = progressNow;
            lastProgress = takenAt;
        }
    }

    /** The link's progress as of the last {@link #look}. */
    long progress() {
        return progress;
    }

    /** Since when what is on the way waits for the operating system to take it, or more of it. */
    long waitingSince() {
        return Nanos.latest(lastProgress, begunAt);
    }

    /** When the operating system last took bytes. */
    long lastProgress() {
        return lastProgress;
    }

    /** When the operating system last took bytes that had found no room before. */
    long lastRelief() {
        return lastRelief;
    }
}
