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
    /** How often it looks again at once if no timer can be made. */
    private static final int MOST_TRIES = 100;

    private final Object lock;
    private final Transport transport;
    private final Runnable look;

    // Guarded by the lock.
    private @Nullable EventLoop loop;
    /** Whether the loop looks, and when, on its clock: any number may be a moment. */
    private boolean looks;

    private long looksAt;
    /** Whether the loop has not heard of that. */
    private boolean toBeAsked;

    // Confined to the loop.
    private Timer timer = NO_TIMER;

    private int failures;

    /**
     * Of nobody yet.
     *
     * @param look run on the loop, to be {@linkplain #setTimer told} when to look next
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

    /** Has its loop, which is chosen if need be, run a task; false if there is none any more. Not under the lock. */
    boolean execute(Runnable task) {
        try {
            choose();
            EventLoop chosen;
            synchronized (lock) {
                chosen = requireNonNull(loop, "loop");
            }
            chosen.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            Log.log(Level.DEBUG, "no loop tells of room for a peer's messages: {0}", stopped);
            return false;
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

    /** Takes down that something ends at this time. */
    void lookBy(long endsAt) {
        if (!looks || endsAt - looksAt < 0) {
            looks = true;
            looksAt = endsAt;
            toBeAsked = true;
        }
    }

    /** Takes down that nothing waits any more. */
    void rest() {
        toBeAsked |= looks;
        looks = false;
    }

    /**
     * Has the loop look, if it would look too late or for nothing otherwise. What this throws, for want of memory, leaves that
     * to be done. Not under the lock.
     *
     * @return false if the loop has stopped, and nobody looks any more
     */
    boolean ask() {
        EventLoop chosen;
        synchronized (lock) {
            if (!toBeAsked) {
                return true;
            }
            toBeAsked = false;
            chosen = requireNonNull(loop, "loop");
        }
        boolean asked = false;
        try {
            chosen.execute(look);
            asked = true;
        } catch (RejectedExecutionException stopped) {
            Log.log(Level.DEBUG, "nobody looks how long messages wait for a peer: {0}", stopped);
        } finally {
            if (!asked) {
                synchronized (lock) {
                    toBeAsked = true;
                }
            }
        }
        return asked;
    }

    /**
     * Sets the timer to what has been taken down by {@link #lookBy}, if anything. If there is no memory for that, the loop is to
     * be asked to look again: at once for some times, and then by whoever comes next. Loop only, not under the lock.
     *
     * @return whether the loop is to be asked again
     */
    boolean setTimer() {
        EventLoop mine;
        boolean again;
        long next;
        synchronized (lock) {
            mine = requireNonNull(loop, "loop");
            again = looks;
            next = Math.max(looksAt - mine.nanoTime(), LEAST_PAUSE);
            toBeAsked = false;
        }
        try {
            timer.cancel();
            timer = NO_TIMER;
            timer = again ? mine.schedule(next, look) : NO_TIMER;
            failures = 0;
            return false;
        } catch (Throwable failure) {
            synchronized (lock) {
                looks = false;
                toBeAsked = true;
            }
            failures++;
            if (failures == 1) {
                Log.thrown(Level.ERROR, mine, "cannot time what waits for a peer", failure);
            }
            return failures % MOST_TRIES != 0;
        }
    }
}
