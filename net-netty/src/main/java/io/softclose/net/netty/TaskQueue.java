/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tasks of one loop, in the order they were given, and its timers that are due. A loop of Netty's goes on with tasks
 * for as long as there are any, up to a second, and so a task that gives itself again would keep it from I/O. So Netty is
 * given one task, the pump, which runs those of ours that were there when it started, for a bounded time, and comes back
 * after the next look at I/O if there are more: what is <em>scheduled</em> on a loop waits for that, even without delay.
 */
final class TaskQueue {
    private static final Log LOG = Log.of(NettyLoop.class);
    private static final int TASKS_PER_TURN = 256;
    /** How long tasks keep the loop from I/O and timers; the last one that was started runs to its end. */
    private static final long NANOS_PER_TURN = TimeUnit.MILLISECONDS.toNanos(4);
    /** How long timers do; those that are due after that wait for the pump. */
    private static final long TIMER_NANOS_PER_TURN = TimeUnit.MILLISECONDS.toNanos(2);

    // Final.
    private final Executor now;
    private final Executor afterIo;
    private final Runnable pump = this::pump;

    // Shared.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong given = new AtomicLong();
    /** Whether the pump is on its way or running. */
    private final AtomicBoolean pumping = new AtomicBoolean();

    private volatile boolean stopped;

    // Confined to the loop.
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();
    private long timerNanos;
    private long ran;

    /**
     * Empty.
     *
     * @param now runs the pump on the loop, soon
     * @param afterIo runs it on the loop, after the next look at I/O
     */
    TaskQueue(Executor now, Executor afterIo) {
        this.now = now;
        this.afterIo = afterIo;
    }

    /**
     * Adds a task; from any thread. If this throws, the task does not run.
     *
     * @throws RejectedExecutionException if the queue has stopped
     */
    void add(Runnable task) {
        tasks.add(requireNonNull(task, "task"));
        given.getAndIncrement();
        // Whoever stops the queue runs what is in it by then; what is no longer there must count as accepted.
        if (stopped && tasks.remove(task)) {
            throw new RejectedExecutionException("the loop has stopped");
        }
        try {
            startPump();
        } catch (Throwable failed) {
            if (tasks.remove(task)) {
                throw failed;
            }
        }
    }

    /** Runs a timer that is due, now or, if timers have had their time, in one of the next turns. On the loop. */
    void due(Runnable timer) {
        if (due.isEmpty() && timerNanos < TIMER_NANOS_PER_TURN) {
            runTimer(timer);
        } else {
            due.add(timer);
            startPump();
        }
    }

    private void startPump() {
        if (!pumping.get() && pumping.compareAndSet(false, true)) {
            try {
                now.execute(pump);
            } catch (Throwable failed) {
                // No memory for it, or the loop has ended. Others may count on this pump: see resume.
                pumping.set(false);
                throw failed;
            }
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Takes no more tasks, and runs all that were taken, but no timers; on the loop, once. */
    void stop() {
        stopped = true;
        due.clear();
        run(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** Runs what waits for a pump that could not be sent on its way; on the loop, now and then. */
    void resume() {
        if (!(tasks.isEmpty() && due.isEmpty()) && pumping.compareAndSet(false, true)) {
            pump();
        }
    }

    private void pump() {
        timerNanos = 0;
        while (!due.isEmpty() && timerNanos < TIMER_NANOS_PER_TURN) {
            runTimer(due.remove());
        }
        // Not those that these give in turn: a link that writes on and on does so by such tasks.
        run(Math.min(TASKS_PER_TURN, given.get() - ran), NANOS_PER_TURN);
        if (tasks.isEmpty() && due.isEmpty()) {
            pumping.set(false);
            // Whoever gave a task before that left it to us.
            if (tasks.isEmpty() || !pumping.compareAndSet(false, true)) {
                return;
            }
        }
        try {
            afterIo.execute(pump);
        } catch (Throwable failed) {
            pumping.set(false);
            LOG.log(ERROR, () -> "tasks have to wait", failed);
        }
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
            LOG.log(ERROR, () -> "a task failed", failed);
        }
    }
}
