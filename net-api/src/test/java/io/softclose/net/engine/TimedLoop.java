/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A {@link HandLoop} with timers: they fire, as tasks, when {@link #pass} comes to their time. One thread. */
public final class TimedLoop implements EventLoop {
    private final HandLoop tasks;
    private final List<Entry> timers = new ArrayList<>();

    public TimedLoop(HandLoop tasks) {
        this.tasks = tasks;
    }

    /** Lets time pass, timer by timer. */
    public void pass(Duration time) {
        long end = nanoTime() + time.toNanos();
        for (Optional<Entry> next = due(end); next.isPresent(); next = due(end)) {
            Entry timer = next.get();
            tasks.pass(Duration.ofNanos(Math.max(0, timer.at - nanoTime())));
            timers.remove(timer);
            tasks.execute(timer.task);
            tasks.runAll();
        }
        tasks.pass(Duration.ofNanos(end - nanoTime()));
    }

    private Optional<Entry> due(long end) {
        return timers.stream().filter(timer -> timer.at <= end).min(Comparator.comparingLong(timer -> timer.at));
    }

    @Override
    public boolean inEventLoop() {
        return tasks.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Entry timer = new Entry(nanoTime() + delayNanos, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public long nanoTime() {
        return tasks.nanoTime();
    }

    /** Equal to nothing else. */
    private static final class Entry {
        private final long at;
        private final Runnable task;

        Entry(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }
    }
}
