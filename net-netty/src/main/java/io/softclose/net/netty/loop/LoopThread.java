/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.lang.System.Logger.Level.ERROR;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.base.Waits;
import java.util.AbstractQueue;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An event loop of Netty's with a thread of our own, outside of any group: a group is told of its loops' end by Netty's
 * global executor, whose thread would outlive us. The thread starts with it, so that ending takes nothing that may be
 * missing by then. Thread-safe.
 */
public final class LoopThread {
    /**
     * How long tasks of Netty's, and those given from other threads, may keep the loop from I/O, in milliseconds; Netty
     * looks at the clock after each 64.
     */
    private static final int TASK_MILLIS = 1;

    private static final Log LOG = Log.ofModule();

    private final Loop loop;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    /**
     * Starts it.
     *
     * @throws OutOfMemoryError if no thread is available
     */
    public LoopThread(IoHandlerFactory handlers, String name) {
        this(handlers, name, LockSupport::parkNanos);
    }

    /**
     * For tests.
     *
     * @param rest waits for so many nanoseconds, between a failure and the next turn: what is missing may come back
     */
    public LoopThread(IoHandlerFactory handlers, String name, LongConsumer rest) {
        loop = new Loop(task -> thread(task, name), GuardedIo.factory(handlers, rest), rest);
        try {
            loop.execute(() -> {});
        } catch (Throwable noThread) {
            loop.destroy(noThread);
            throw noThread;
        }
    }

    private Thread thread(Runnable task, String name) {
        Thread started = new FastThreadLocalThread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        ended.complete(true);
                    }
                },
                name);
        started.setDaemon(false);
        thread = started;
        return started;
    }

    public SingleThreadIoEventLoop loop() {
        return loop;
    }

    /** Has these come with the loop's turns of I/O. */
    void turns(GuardedIo.Turns turns) {
        loop.io().turns(turns);
    }

    /** Has a turn begin soon; from any thread. Needs no memory. */
    void wakeUp() {
        loop.io().wakeup();
    }

    /** Has the loop run what it was given and end. */
    public void end() {
        var unused = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }

    /** Completes on the thread, with its last breath, however it came to end. */
    public CompletableFuture<Boolean> ended() {
        return ended;
    }

    /** Waits for the thread's end, and tells whether it has. */
    public boolean awaitEnd(long deadlineNanos) {
        Thread running = thread;
        return running == null || Waits.until(deadlineNanos, running);
    }

    /**
     * Goes on after whatever Netty's own code throws, even when it cannot log the failure of a task; but not for ever
     * if it never comes to a turn of I/O.
     */
    private static final class Loop extends SingleThreadIoEventLoop {
        private final LongConsumer rest;

        Loop(ThreadFactory threads, IoHandlerFactory handlers, LongConsumer rest) {
            super(null, threads, handlers, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), TASK_MILLIS);
            this.rest = rest;
        }

        GuardedIo io() {
            return (GuardedIo) ioHandler();
        }

        @Override
        protected void run() {
            try {
                runOn();
            } catch (GuardedIo.GivenUpException hopeless) {
                LOG.log(
                        ERROR,
                        () -> Thread.currentThread().getName()
                                + " is given up: its links end, its listeners accept no more",
                        hopeless);
                throw hopeless;
            }
        }

        private void runOn() {
            int failures = 0;
            long turnsBefore = 0;
            while (true) {
                try {
                    super.run();
                    return;
                } catch (GuardedIo.GivenUpException hopeless) {
                    throw hopeless;
                } catch (Throwable failed) {
                    long turns = io().turnsTaken();
                    failures = turns == turnsBefore ? failures + 1 : 1;
                    turnsBefore = turns;
                    if (failures >= GuardedIo.MOST_FAILURES) {
                        throw new GuardedIo.GivenUpException("starts", failed);
                    }
                    rest(failed, failures * GuardedIo.REST_NANOS);
                }
            }
        }

        private void rest(Throwable failed, long nanos) {
            try {
                Log.stepFailed(failed);
                rest.accept(nanos);
            } catch (Throwable again) {
                // A class that is named here for the first time takes memory to be found.
            }
        }

        @Override
        protected Queue<Runnable> newTaskQueue(int maxPendingTasks) {
            return new KeptTasks(super.newTaskQueue(maxPendingTasks), this::inEventLoop);
        }

        /** Gives back what a loop holds that never ran. */
        void destroy(Throwable why) {
            try {
                ioHandler().destroy();
            } catch (Throwable failed) {
                why.addSuppressed(failed);
            }
        }
    }

    /**
     * Netty's queue, which is full for the loop itself when there is no memory for a task. Netty then keeps a timer for
     * the next turn; it would lose one for which the queue throws.
     */
    public static final class KeptTasks extends AbstractQueue<Runnable> {
        private final Queue<Runnable> tasks;
        private final BooleanSupplier onLoop;

        public KeptTasks(Queue<Runnable> tasks, BooleanSupplier onLoop) {
            this.tasks = tasks;
            this.onLoop = onLoop;
        }

        @Override
        public boolean offer(Runnable task) {
            try {
                return tasks.offer(task);
            } catch (OutOfMemoryError full) {
                if (onLoop.getAsBoolean()) {
                    return false;
                }
                throw full;
            }
        }

        @Override
        public @Nullable Runnable poll() {
            return tasks.poll();
        }

        @Override
        public @Nullable Runnable peek() {
            return tasks.peek();
        }

        @Override
        public boolean remove(Object task) {
            return tasks.remove(task);
        }

        @Override
        public boolean isEmpty() {
            return tasks.isEmpty();
        }

        @Override
        public int size() {
            return tasks.size();
        }

        @Override
        public Iterator<Runnable> iterator() {
            return tasks.iterator();
        }
    }
}
