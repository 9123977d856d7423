/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static java.util.Objects.requireNonNull;

import io.softclose.net.engine.KnownLoops;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.Scheduler;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A network's scheduler: timers of one of its transport's loops, which any thread sets. Thread-safe. */
final class LoopScheduler implements Scheduler {
    private final Supplier<EventLoop> loops;

    /** The loop; none before somebody needs it. */
    private final AtomicReference<@Nullable EventLoop> chosen = new AtomicReference<>();

    /**
     * On a loop that is chosen when it is needed.
     *
     * @param loops answers with one; what it throws reaches whoever needs it
     */
    LoopScheduler(Supplier<EventLoop> loops) {
        this.loops = loops;
    }

    private EventLoop loop() {
        EventLoop known = chosen.get();
        if (known != null) {
            return known;
        }
        EventLoop next = loops.get();
        EventLoop first = chosen.compareAndExchange(null, next);
        EventLoop loop = first == null ? next : first;
        KnownLoops.add(loop);
        return loop;
    }

    @Override
    public long nanoTime() {
        return loop().nanoTime();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Require.notNegative("delayNanos", delayNanos);
        LoopTimer timer = new LoopTimer(loop(), delayNanos, requireNonNull(task, "task"));
        timer.begin();
        return timer;
    }

    /** A task that waits for its time. */
    private static final class LoopTimer implements Timer {
        private final EventLoop loop;
        private final Runnable task;
        private final long delayNanos;
        private final long setAt;

        // Shared.
        private volatile boolean cancelled;

        // Confined to the loop.
        private @Nullable Timer timer;

        LoopTimer(EventLoop loop, long delayNanos, Runnable task) {
            this.loop = loop;
            this.task = task;
            this.delayNanos = delayNanos;
            setAt = loop.nanoTime();
        }

        void begin() {
            if (delayNanos > 0 && loop.inEventLoop()) {
                arm();
            } else {
                // Without a delay, too: those who set one have it run after what they set before.
                loop.execute(this::arm);
            }
        }

        private void arm() {
            long left = delayNanos - (loop.nanoTime() - setAt);
            if (left > 0 && !cancelled) {
                timer = loop.schedule(left, this::fire);
            } else {
                fire();
            }
        }

        private void fire() {
            if (!cancelled) {
                // A task that has begun is not run again, nor cancelled.
                cancelled = true;
                task.run();
            }
        }

        @Override
        public void cancel() {
            if (cancelled) {
                return;
            }
            cancelled = true;
            if (loop.inEventLoop()) {
                disarm();
                return;
            }
            try {
                loop.execute(this::disarm);
            } catch (RejectedExecutionException stopped) {
                Log.log(Level.DEBUG, "a timer is left to its loop, which has stopped: {0}", stopped);
            }
        }

        private void disarm() {
            Timer armed = timer;
            if (armed != null) {
                armed.cancel();
            }
        }
    }
}
