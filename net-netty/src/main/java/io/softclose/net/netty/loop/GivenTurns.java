/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a loop that belongs to a user, who decides what it does: they are tasks of Netty's. Such a loop may lose
 * one when memory runs out, which a loop of our own does not, so it looks for that with each beat.
 */
final class GivenTurns implements TaskQueue.Turns {
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop netty;
    private final NettyLoop loop;
    private final Runnable now;
    private final Runnable next = this::next;
    private final Runnable looked = this::looked;

    // Shared.
    private volatile @Nullable Future<?> beats;

    // Confined to the loop.
    /** Whether one is on its way. */
    private boolean coming;
    /** Whether it was with the last beat. */
    private boolean late;

    private boolean beatIsDue;

    GivenTurns(EventLoop netty, NettyLoop loop) {
        this.netty = netty;
        this.loop = loop;
        now = () -> loop.turn(false, false);
    }

    @Override
    public void begin() {
        beats = netty.scheduleAtFixedRate(this::beat, BEAT_NANOS, BEAT_NANOS, TimeUnit.NANOSECONDS);
    }

    @Override
    public void end() {
        Future<?> scheduled = beats;
        if (scheduled != null) {
            try {
                scheduled.cancel(false);
            } catch (RejectedExecutionException over) {
                // The beats were cancelled with their loop.
                beats = null;
            }
        }
    }

    @Override
    public void soon() {
        netty.execute(now);
    }

    @Override
    public void afterIo() {
        if (!coming) {
            coming = true;
            try {
                // What is scheduled within I/O runs right after it; what is scheduled by a task waits for the next.
                netty.execute(next);
            } catch (Throwable failed) {
                coming = false;
                throw failed;
            }
        }
    }

    private void next() {
        try {
            loop.beforeIo();
            var unused = netty.schedule(looked, loop.nanosToTurn(), TimeUnit.NANOSECONDS);
        } catch (Throwable failed) {
            coming = false;
            throw failed;
        }
    }

    private void looked() {
        boolean onBeat = beatIsDue;
        beatIsDue = false;
        coming = false;
        loop.turn(true, onBeat);
    }

    /** A second has passed. On the loop. */
    private void beat() {
        // What has been on its way for so long is lost.
        coming &= !late;
        late = coming;
        beatIsDue = true;
        afterIo();
    }
}
