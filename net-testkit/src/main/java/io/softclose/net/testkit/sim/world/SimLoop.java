/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.testkit.sim.kernel.SimScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a simulated host. Tasks run in the order they were given, timers in the order they are due, and links
 * are served in any order; which of the three comes first is chance, as it is with a selector.
 */
public final class SimLoop implements EventLoop {
    private final World network;
    private final SimScheduler scheduler;
    private final SplittableRandom random;
    private final String name;
    /** What this loop's clock says at the start; close to where it wraps around. */
    private final long origin;

    /** Written by the thread that runs the network, read by any. */
    private volatile @Nullable Thread runner;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<SimTimer> timers = new PriorityQueue<>(SimTimer.ORDER);
    private final List<LinkEnd> ready = new ArrayList<>();
    private long timersMade;
    private long pausedUntil;
    /** How long the task that runs has kept the loop busy. */
    private long ahead;

    private boolean runsTimer;
    private boolean stopped;
    private boolean dead;

    SimLoop(World network, SimScheduler scheduler, SplittableRandom random, String name) {
        this.network = network;
        this.scheduler = scheduler;
        this.random = random;
        this.name = name;
        origin = Long.MAX_VALUE - random.nextLong(1_000_000_000L);
    }

    String name() {
        return name;
    }

    @Override
    public boolean inEventLoop() {
        return runner == Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        requireNonNull(task, "task");
        if (stopped) {
            throw new RejectedExecutionException("loop " + name + " has stopped");
        }
        tasks.add(task);
    }

    /** As {@link #execute}, for the events of links, which go on until the loop comes to rest. */
    void post(Runnable event) {
        tasks.add(event);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        requireNonNull(task, "task");
        requireInLoop("schedule");
        if (delayNanos < 0) {
            throw new IllegalArgumentException("delayNanos: " + delayNanos + " (expected: >= 0)");
        }
        // The longest delays would wrap around; 146 years are as good as never.
        if (dead) {
            return () -> {};
        }
        SimTimer timer = new SimTimer(virtualTime() + Math.min(delayNanos, Long.MAX_VALUE / 2), timersMade++, task);
        timers.add(timer);
        return timer;
    }

    @Override
    public long nanoTime() {
        return origin + virtualTime();
    }

    /** The network's time, as this loop has it: ahead of the others while a task keeps it busy. */
    public long virtualTime() {
        return scheduler.now() + ahead;
    }

    /** Whether what runs is a timer. */
    public boolean runsTimer() {
        return runsTimer;
    }

    /** The task that runs takes this long: to others it looks as if it came at its start, and the loop is late then. */
    public void busyFor(long nanos) {
        requireInLoop("busyFor");
        ahead += nanos;
    }

    void requireInLoop(String method) {
        if (!inEventLoop()) {
            network.found(method + ": called off the loop " + name + " (expected: on it)");
        }
    }

    /** Refuses tasks from now on. */
    void stop() {
        stopped = true;
    }

    /**
     * Dies in the middle of its work: it refuses tasks and timers, its links fail, and what it was given before and their
     * last events are the last it does.
     */
    void die(Throwable cause) {
        network.trace().add(scheduler.now(), name, "dies");
        stopped = true;
        dead = true;
        timers.clear();
        for (LinkEnd link : network.links()) {
            if (link.loop() == this) {
                post(() -> link.turns().loopDies(cause));
            }
        }
    }

    boolean dead() {
        return dead;
    }

    /** Runs nothing until then: its process is stopped, or collects garbage. */
    void pauseUntil(long nanos) {
        pausedUntil = Math.max(pausedUntil, nanos);
    }

    /** When it was last stopped or busy, or will be no more. */
    public long pausedUntil() {
        return pausedUntil;
    }

    /** Since when it can do what is due: it was paused until then, or its host was stopped, for the clock jumped. */
    public long awakeSince() {
        return Math.max(pausedUntil, network.jumpedTo());
    }

    public boolean paused() {
        return pausedUntil > scheduler.now();
    }

    /** Whether it may have things to do that have been due for a while: it is paused, or the clock has jumped. */
    public boolean late() {
        return ahead > 0 || pausedUntil >= scheduler.now() || network.jumpedTo() >= scheduler.now();
    }

    /** A link has something to be told, or has not any more. */
    void ready(LinkEnd link, boolean isReady) {
        if (isReady) {
            ready.add(link);
        } else {
            ready.remove(link);
        }
    }

    boolean runnable() {
        return !paused() && (!tasks.isEmpty() || linksReady() > 0 || timerDue());
    }

    /** When it has something to do, if nothing else happens; {@link Long#MAX_VALUE} for never. */
    long next() {
        SimTimer timer = timers.peek();
        long next = tasks.isEmpty() && linksReady() == 0 ? timer == null ? Long.MAX_VALUE : timer.due : 0;
        return next == Long.MAX_VALUE ? next : Math.max(next, pausedUntil);
    }

    /** Runs one task, one timer, or serves one link. */
    void runOne() {
        runner = Thread.currentThread();
        try {
            runAny();
        } finally {
            runner = null;
        }
    }

    private void runAny() {
        int sources = (tasks.isEmpty() ? 0 : 1) + (timerDue() ? 1 : 0) + linksReady();
        int chosen = sources == 1 ? 0 : random.nextInt(sources);
        if (chosen < linksReady()) {
            LinkEnd link = ready.get(chosen);
            network.serve(link);
            guarded(link.turns()::serve);
            return;
        }
        network.serve(null);
        boolean timer = timerDue() && (tasks.isEmpty() || chosen == linksReady());
        network.trace().add(scheduler.now(), name, timer ? "timer" : "task");
        runsTimer = timer;
        guarded(timer ? timers.remove().task : tasks.remove());
    }

    int pendingTimers() {
        return timers.size();
    }

    int pendingTasks() {
        return tasks.size();
    }

    private int linksReady() {
        return dead ? 0 : ready.size();
    }

    private boolean timerDue() {
        SimTimer timer = timers.peek();
        return timer != null && timer.due <= scheduler.now();
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            // An assertion that fails in a task must reach the test, too.
            network.found("loop " + name + ": a task threw " + failure, failure);
        }
        runsTimer = false;
        if (ahead > 0) {
            pauseUntil(virtualTime());
            ahead = 0;
        }
    }

    @Override
    public String toString() {
        return "SimLoop[" + name + "]";
    }

    private final class SimTimer implements Timer {
        private static final Comparator<SimTimer> ORDER =
                Comparator.<SimTimer>comparingLong(timer -> timer.due).thenComparingLong(timer -> timer.number);

        private final long due;
        private final long number;
        private final Runnable task;

        SimTimer(long due, long number, Runnable task) {
            this.due = due;
            this.number = number;
            this.task = task;
        }

        @Override
        public void cancel() {
            requireInLoop("cancel");
            timers.remove(this);
        }
    }
}
