/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.engine.KnownLoops;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.spi.Transport;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whose clock says how long messages wait for one peer, and when it looks at them: one timer for all of them, set to the
 * earliest. Guarded by the line's lock, but for what is said to be on the loop.
 */
final class LineClock {
    private static final Timer NO_TIMER = () -> {};
    /** Between two looks, whatever waits: many messages with times of their own cost one look. */
    private static final long LEAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final Object lock;
    private final Transport transport;
    private final Runnable look;

    // Guarded by the lock.
    private @Nullable EventLoop loop;
    /** Whether the loop looks, and when, on its clock: any number may be a moment. */
    private boolean looks;

    private long looksAt;

    // Confined to the loop.
    private Timer timer = NO_TIMER;

    /**
     * Of nobody yet.
     *
     * @param look run on the loop, to be {@linkplain #setTimer told} when to look next; must not throw
     */
    LineClock(Object lock, Transport transport, Runnable look) {
        this.lock = lock;
        this.transport = transport;
        this.look = look;
    }

    /**
     * Chooses a loop of the transport's, unless there is one. Not under the lock.
     *
     * @throws RejectedExecutionException if the transport is closed
     */
    void choose() {
        synchronized (lock) {
            if (loop != null) {
                return;
            }
        }
        EventLoop chosen = transport.nextLoop();
        KnownLoops.add(chosen);
        synchronized (lock) {
            chooseIfNone(chosen);
        }
    }

    /** Is this loop's, unless it is another's. */
    void chooseIfNone(EventLoop chosen) {
        if (loop == null) {
            loop = chosen;
        }
    }

    /** Now; means nothing before a loop is chosen. */
    long now() {
        return loop == null ? 0 : loop.nanoTime();
    }

    /** Takes down that something ends at this time; says whether the loop would look too late for it. */
    boolean lookBy(long endsAt) {
        boolean sooner = !looks || endsAt - looksAt < 0;
        if (sooner) {
            looks = true;
            looksAt = endsAt;
        }
        return sooner;
    }

    /** Nothing waits any more; says whether the loop is to hear of it. */
    boolean rest() {
        boolean rests = looks;
        looks = false;
        return rests;
    }

    /** Has the loop look; false if it has stopped, and nobody looks any more. Not under the lock. */
    boolean ask() {
        EventLoop chosen;
        synchronized (lock) {
            chosen = requireNonNull(loop, "loop");
        }
        try {
            chosen.execute(look);
        } catch (RejectedExecutionException stopped) {
            Log.log(Level.DEBUG, "nobody looks how long messages wait for a peer: {0}", stopped);
            return false;
        } catch (Throwable failure) {
            // The next that waits asks again.
            synchronized (lock) {
                looks = false;
            }
            Log.thrown(Level.ERROR, chosen, "could not be asked to time what waits for a peer", failure);
        }
        return true;
    }

    /** Sets the timer to what has been taken down by {@link #lookBy}, if anything. Loop only, not under the lock. */
    void setTimer() {
        EventLoop mine;
        boolean again;
        long next;
        synchronized (lock) {
            mine = requireNonNull(loop, "loop");
            again = looks;
            next = Math.max(looksAt - mine.nanoTime(), LEAST_PAUSE);
        }
        timer.cancel();
        timer = again ? mine.schedule(next, look) : NO_TIMER;
    }
}
