/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tasks of one loop, in the order they were given. A loop of Netty's goes on with tasks for as long as there are any,
 * up to a second, and so a task that gives itself again would keep it from I/O. So Netty is given one task, the pump,
 * which runs those of ours that were there when it started, and comes back after the next look at I/O if there are more:
 * what is <em>scheduled</em> on a loop waits for that, even without delay.
 */
final class TaskQueue {
    private static final System.Logger LOG = System.getLogger(NettyLoop.class.getName());
    private static final int TASKS_PER_TURN = 256;

    // Final.
    private final EventLoop netty;
    private final Runnable pump = this::pump;

    // Shared.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong given = new AtomicLong();
    /** Whether the pump is on its way or running. */
    private final AtomicBoolean pumping = new AtomicBoolean();

    private volatile boolean stopped;

    // Confined to the loop.
    private long ran;

    TaskQueue(EventLoop netty) {
        this.netty = netty;
    }

    /**
     * Adds a task; from any thread.
     *
     * @throws RejectedExecutionException if the queue has stopped; the task does not run then
     */
    void add(Runnable task) {
        tasks.add(requireNonNull(task, "task"));
        given.getAndIncrement();
        // Whoever stops the queue runs what is in it by then; what is no longer there must count as accepted.
        if (stopped && tasks.remove(task)) {
            throw new RejectedExecutionException("the loop has stopped");
        }
        if (!pumping.get() && pumping.compareAndSet(false, true)) {
            try {
                netty.execute(pump);
            } catch (RejectedExecutionException terminated) {
                if (tasks.remove(task)) {
                    throw terminated;
                }
            }
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Takes no more tasks, and runs all that were taken; on the loop, once. */
    void stop() {
        stopped = true;
        run(Long.MAX_VALUE);
    }

    private void pump() {
        // Not those that these give in turn: a link that writes on and on does so by such tasks.
        run(Math.min(TASKS_PER_TURN, given.get() - ran));
        if (tasks.isEmpty()) {
            pumping.set(false);
            // Whoever gave a task before that left it to us.
            if (tasks.isEmpty() || !pumping.compareAndSet(false, true)) {
                return;
            }
        }
        var unused = netty.schedule(pump, 0, TimeUnit.NANOSECONDS);
    }

    private void run(long most) {
        for (long i = 0; i < most; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            ran++;
            runSafely(task);
        }
    }

    /** Runs what must not end the loop, nor vanish in a future that nobody asks. */
    static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            LOG.log(ERROR, "a task failed", failed);
        }
    }
}
