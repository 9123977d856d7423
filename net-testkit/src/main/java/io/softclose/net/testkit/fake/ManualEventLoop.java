/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Require;
import io.softclose.net.testkit.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop without a thread or a clock of its own: tasks and timers run in the thread of the test, when the test
 * says so, and time passes only in {@link #advance}. {@link #execute} and {@link #nanoTime} may be called from any
 * thread; the methods that run tasks from one thread at a time, and not on the loop.
 *
 * <p>A task that throws stops nothing; what it threw is kept for {@link #verify}.
 */
public final class ManualEventLoop implements EventLoop {
    private static final int DEFAULT_TASK_LIMIT = 1_000_000;

    /** Close to where a clock wraps around, so that code that compares times instead of differences is found out. */
    private static final long START_NANOS = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    private final int taskLimit;

    // Shared.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
    private volatile long nanos = START_NANOS;
    private volatile boolean stopped;
    private volatile boolean hasMemory = true;

    // Accessed only by the thread that runs the loop.
    private final PriorityQueue<ManualTimer> timers = new PriorityQueue<>(ManualTimer.BY_TIME);
    private final List<Throwable> thrown = new ArrayList<>();
    private long timersMade;

    /** A loop that lets a million tasks run before it takes them for an endless sequence. */
    public ManualEventLoop() {
        this(DEFAULT_TASK_LIMIT);
    }

    /**
     * A loop with a limit of its own.
     *
     * @param taskLimit how many tasks and timers may run in one call of {@link #runReady} or {@link #advance}, at least 1
     */
    public ManualEventLoop(int taskLimit) {
        Require.positive("taskLimit", taskLimit);
        this.taskLimit = taskLimit;
    }

    @Override
    public boolean inEventLoop() {
        return runner.get() == Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        requireNonNull(task, "task");
        if (stopped) {
            throw new RejectedExecutionException("the loop has stopped");
        }
        if (!hasMemory) {
            throw new OutOfMemoryError("deliberate: the test lets this loop take no task");
        }
        tasks.add(task);
    }

    /** As {@link #execute}, for the events of links, which go on until the loop comes to rest. */
    void post(Runnable event) {
        tasks.add(event);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException off the loop
     */
    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        requireNonNull(task, "task");
        if (!inEventLoop()) {
            throw new IllegalStateException("schedule: called by " + Thread.currentThread() + " (expected: the loop)");
        }
        Require.notNegative("delayNanos", delayNanos);
        // The longest delays would wrap around; 146 years are as good as never.
        ManualTimer timer = new ManualTimer(nanos + Math.min(delayNanos, Long.MAX_VALUE / 2), ++timersMade, task);
        timers.add(timer);
        return timer;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    /**
     * Runs what is ready, and what that makes ready, until nothing is.
     *
     * @throws AssertionError if that does not end within the task limit
     */
    public void runReady() {
        enter(() -> runReady(new TaskBudget()));
    }

    /**
     * Lets time pass: runs what is ready, then each timer at its own time, in order, each followed by what it makes
     * ready.
     *
     * @param time how long, at least zero
     * @throws AssertionError if that does not end within the task limit
     */
    public void advance(Duration time) {
        Require.notNegative("time", time);
        enter(() -> advance(nanos + time.toNanos(), new TaskBudget()));
    }

    /**
     * Lets time pass within the task that is running, as one that is slow would. What falls due has its turn after it,
     * before other tasks.
     *
     * @param time how long, at least zero
     * @throws IllegalStateException off the loop
     */
    public void spend(Duration time) {
        if (!inEventLoop()) {
            throw new IllegalStateException("spend: called by " + Thread.currentThread() + " (expected: the loop)");
        }
        Require.notNegative("time", time);
        passTo(nanos + time.toNanos());
    }

    /**
     * Runs what is ready, then lets time pass until the next timer, if there is one, and runs that.
     *
     * @return whether there was a timer
     * @throws AssertionError if what became ready does not end within the task limit
     */
    public boolean advanceToNextTimer() {
        boolean[] found = new boolean[1];
        enter(() -> {
            TaskBudget budget = new TaskBudget();
            runReady(budget);
            ManualTimer next = timers.peek();
            found[0] = next != null;
            if (next != null) {
                advance(next.due, budget);
            }
        });
        return found[0];
    }

    /**
     * Runs a task on the loop at once, before what is ready, in the calling thread. What it throws reaches the caller.
     * On the loop, simply runs it.
     */
    public void runNow(Runnable task) {
        if (inEventLoop()) {
            task.run();
        } else {
            enter(task);
        }
    }

    /**
     * Runs what is ready, over and over, while other threads give tasks, until a condition holds. Time stands still.
     *
     * @param condition asked in the calling thread, off the loop, whenever nothing is ready
     * @throws AssertionError if it does not hold within {@link Waiting#SAFETY_NET} of real time
     */
    public void runUntil(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            runReady();
            if (System.nanoTime() - start > Waiting.SAFETY_NET.toNanos()) {
                throw new AssertionError("condition: not met within " + Waiting.SAFETY_NET);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        }
    }

    /** Refuses tasks from now on, as the loop of a closed transport does. What was given before still runs. */
    public void stop() {
        stopped = true;
    }

    /** Whether there is memory for tasks from now on; without, {@link #execute} throws an {@link OutOfMemoryError}. */
    public void hasMemory(boolean enough) {
        hasMemory = enough;
    }

    /** How many tasks wait to run. */
    public int readyTasks() {
        return tasks.size();
    }

    /** How many timers have neither run nor been cancelled. */
    public int pendingTimers() {
        return timers.size();
    }

    /** Nanoseconds until the next timer is due, or empty if there is none. */
    public OptionalLong nanosToNextTimer() {
        ManualTimer next = timers.peek();
        return next == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, next.due - nanos));
    }

    /** What tasks threw since this was last asked, in order. They count as handled: {@link #verify} forgets them. */
    public List<Throwable> takeThrown() {
        List<Throwable> taken = List.copyOf(thrown);
        thrown.clear();
        return taken;
    }

    /**
     * Fails if a task threw.
     *
     * @throws AssertionError with what was thrown as its cause, and as suppressed if it was more
     */
    public void verify() {
        List<Throwable> taken = takeThrown();
        if (!taken.isEmpty()) {
            AssertionError failure = new AssertionError(
                    taken.size() + " task(s) threw on the loop, first: " + taken.get(0), taken.get(0));
            taken.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /** Notes what a task threw, or somebody whom it called; an assertion that fails in there must reach the test, too. */
    void threw(Throwable failure) {
        thrown.add(failure);
    }

    private void enter(Runnable action) {
        Thread current = Thread.currentThread();
        if (!runner.compareAndSet(null, current)) {
            throw new IllegalStateException("loop: already run by " + runner.get() + " (expected: by nobody)");
        }
        try {
            action.run();
        } finally {
            runner.set(null);
        }
    }

    private void runReady(TaskBudget budget) {
        for (Runnable next = next(); next != null; next = next()) {
            budget.spend(next);
            run(next);
        }
    }

    /** A timer that is late, or the oldest task, or a timer that is due, or null. */
    private @Nullable Runnable next() {
        ManualTimer timer = timers.peek();
        boolean late = timer != null && timer.due - nanos < 0;
        Runnable task = late ? null : tasks.poll();
        if (task == null && timer != null && timer.due - nanos <= 0) {
            timers.remove();
            return timer.task;
        }
        return task;
    }

    private void advance(long target, TaskBudget budget) {
        runReady(budget);
        for (ManualTimer next = timers.peek(); next != null && next.due - target <= 0; next = timers.peek()) {
            passTo(next.due);
            runReady(budget);
        }
        passTo(target);
    }

    /** Time may have been spent in tasks. */
    private void passTo(long time) {
        if (time - nanos > 0) {
            nanos = time;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            threw(failure);
        }
    }

    /** Counts the tasks of one call, so that an endless sequence of them fails instead of hanging. */
    private final class TaskBudget {
        private int left = taskLimit;

        void spend(Runnable next) {
            if (left-- == 0) {
                throw new AssertionError("tasks: " + taskLimit + " have run and there are more, next " + next
                        + " (expected: the loop comes to rest)");
            }
        }
    }

    private final class ManualTimer implements Timer {
        private static final Comparator<ManualTimer> BY_TIME = Comparator.<ManualTimer>comparingLong(
                        timer -> timer.due - START_NANOS)
                .thenComparingLong(timer -> timer.number);

        private final long due;
        private final long number;
        private final Runnable task;

        ManualTimer(long due, long number, Runnable task) {
            this.due = due;
            this.number = number;
            this.task = task;
        }

        @Override
        public void cancel() {
            if (!inEventLoop()) {
                throw new IllegalStateException(
                        "cancel: called by " + Thread.currentThread() + " (expected: the loop)");
            }
            timers.remove(this);
        }
    }
}
