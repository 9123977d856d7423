/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.util.Objects.requireNonNull;

import io.softclose.net.netty.base.Log;
import io.softclose.net.spi.LosslessQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one loop, in the order they were given, its timers that are due, and its steps that wait for I/O. A loop of
 * Netty's goes on with tasks for as long as there are any, up to a second, and so a task that gives itself again would
 * keep it from I/O. So Netty has none of ours: they run in turns, for a bounded time each, between two looks at I/O.
 *
 * <p>Nothing of this is lost when memory runs out: every turn looks for what waits, whether or not somebody asked for
 * the turn, and no turn throws.
 */
final class TaskQueue {
    private static final int TASKS_PER_TURN = 256;
    /** How long tasks keep the loop from I/O and timers; the last one that was started runs to its end. */
    private static final long NANOS_PER_TURN = TimeUnit.MILLISECONDS.toNanos(4);
    /** How long timers do; those that are due after that wait for the next turn. */
    private static final long TIMER_NANOS_PER_TURN = TimeUnit.MILLISECONDS.toNanos(2);
    /** Room that is there from the start, for when there is no memory. */
    private static final int RESERVE = 1024;

    /** Who sees to it that turns are taken. */
    interface Turns {
        /** They are needed from now on. If this throws, there are none. */
        void begin();

        /** Has one taken soon; from any thread. */
        void soon();

        /** Has one taken after the next look at I/O; on the loop. */
        void afterIo();

        /** No more are needed; nothing is left of them. */
        void end();
    }

    // Final.
    private final Turns turns;

    // Shared.
    private final Queue<Runnable> tasks;
    /** How many tasks were given; of one that was refused it counts on. */
    private final AtomicLong given = new AtomicLong();
    /** Whether a turn was asked for and not begun. */
    private final AtomicBoolean asked = new AtomicBoolean();

    private volatile boolean stopped;

    // Confined to the loop.
    private final LosslessQueue<Runnable> due = new LosslessQueue<>(RESERVE);
    private final LosslessQueue<Runnable> steps = new LosslessQueue<>(RESERVE);
    private final LosslessQueue<Runnable> putOff = new LosslessQueue<>(RESERVE);
    /** How many steps were there before the loop went to the operating system. */
    private int stepsBeforeIo;

    private long timerNanos;
    private long ran;

    TaskQueue(Turns turns) {
        this(turns, new ConcurrentLinkedQueue<>());
    }

    /**
     * For tests.
     *
     * @param tasks where tasks wait; thread-safe
     */
    TaskQueue(Turns turns, Queue<Runnable> tasks) {
        this.turns = turns;
        this.tasks = tasks;
    }

    /**
     * Adds a task; from any thread. If this throws, the task does not run.
     *
     * @throws RejectedExecutionException if the queue has stopped
     */
    void add(Runnable task) {
        requireNonNull(task, "task");
        // First: an Error may strike behind any line here. A turn looks in vain for one counted too many; one counted
        // too
        // few would wait for ever, in a loop that spins because it is there.
        given.getAndIncrement();
        try {
            tasks.add(task);
        } catch (Throwable failed) {
            tasks.remove(task);
            throw failed;
        }
        // Whoever stops the queue runs what is in it by then; what is no longer there must count as accepted.
        if (stopped && tasks.remove(task)) {
            throw new RejectedExecutionException("the loop has stopped");
        }
        try {
            ask();
        } catch (Throwable failed) {
            if (tasks.remove(task)) {
                throw failed;
            }
        }
    }

    private void ask() {
        if (!asked.get() && asked.compareAndSet(false, true)) {
            try {
                turns.soon();
            } catch (Throwable failed) {
                asked.set(false);
                throw failed;
            }
        }
    }

    /** Runs a step of our own as a task, without memory for one in the next turn; never throws. On the loop. */
    void post(Runnable step) {
        try {
            add(step);
        } catch (RejectedExecutionException over) {
            // The links of a loop that has ended were told so.
            return;
        } catch (Throwable failed) {
            keep(putOff, step);
        }
    }

    /** Runs a step of our own after the next look at I/O; never throws. On the loop. */
    void afterIo(Runnable step) {
        keep(steps, step);
        askAgain();
    }

    private static void keep(LosslessQueue<Runnable> waiting, Runnable step) {
        try {
            waiting.add(step);
        } catch (Throwable failed) {
            // No memory, and a thousand that wait already: this one is lost, none of those, and its link ends by its
            // deadlines.
            Log.stepFailed(failed);
        }
    }

    /** Runs a timer that is due, now or, if timers have had their time, in one of the next turns. On the loop. */
    void due(Runnable timer) {
        if (due.isEmpty() && timerNanos < TIMER_NANOS_PER_TURN) {
            runTimer(timer);
        } else {
            keep(due, timer);
            askAgain();
        }
    }

    /** Whether nothing waits for a turn. */
    boolean isIdle() {
        return tasks.isEmpty() && due.isEmpty() && steps.isEmpty() && putOff.isEmpty();
    }

    /** Whether no task waits. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** The loop is about to look at I/O: steps that wait for that now have their turn after it. */
    void beforeIo() {
        stepsBeforeIo = steps.size();
    }

    /**
     * Takes a turn; never throws.
     *
     * @param lookedAtIo whether there was I/O since {@link #beforeIo}
     */
    void turn(boolean lookedAtIo) {
        asked.set(false);
        timerNanos = 0;
        try {
            if (lookedAtIo) {
                runAll(steps, stepsBeforeIo);
                stepsBeforeIo = 0;
            }
            runAll(putOff, putOff.size());
            for (Runnable timer = nextDue(); timer != null; timer = nextDue()) {
                runTimer(timer);
            }
            // Tasks that these give in turn wait: a link that writes on and on does so by such tasks.
            run(Math.min(TASKS_PER_TURN, given.get() - ran), NANOS_PER_TURN);
        } catch (Throwable failed) {
            Log.stepFailed(failed);
        }
        if (!isIdle()) {
            askAgain();
        }
    }

    /** Has a turn taken after the next look at I/O; never throws. On the loop. */
    void askAgain() {
        try {
            turns.afterIo();
        } catch (Throwable failed) {
            Log.stepFailed(failed);
        }
    }

    /** Takes no more tasks, and runs all that were taken, but no timers; on the loop. */
    void stop() {
        stopped = true;
        due.clear();
        runAll(steps, steps.size());
        runAll(putOff, putOff.size());
        run(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private static void runAll(LosslessQueue<Runnable> waiting, int count) {
        for (int i = 0; i < count; i++) {
            runSafely(requireNonNull(waiting.poll(), "step"));
        }
    }

    private @Nullable Runnable nextDue() {
        return timerNanos < TIMER_NANOS_PER_TURN ? due.poll() : null;
    }

    private void runTimer(Runnable timer) {
        long start = System.nanoTime();
        runSafely(timer);
        timerNanos += System.nanoTime() - start;
    }

    private void run(long most, long mostNanos) {
        long start = System.nanoTime();
        for (long i = 0; i < most; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            ran++;
            runSafely(task);
            if (System.nanoTime() - start >= mostNanos) {
                return;
            }
        }
    }

    /** Runs what must not end the loop, nor vanish in a future that nobody asks. */
    static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            Log.stepFailed(failed);
        }
    }
}
