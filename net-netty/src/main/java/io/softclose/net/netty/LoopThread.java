/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop of Netty's with a thread of our own, outside of any group: a group is told of its loops' end by Netty's
 * global executor, whose thread would outlive us. The thread starts with it, so that ending takes nothing that may be
 * missing by then. Thread-safe.
 */
final class LoopThread {
    /**
     * How long tasks of Netty's, and those given from other threads, may keep the loop from I/O, in milliseconds; Netty
     * looks at the clock after each 64.
     */
    private static final int TASK_MILLIS = 1;

    private final Loop loop;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    /**
     * Starts it.
     *
     * @throws OutOfMemoryError if there is no thread to be had
     */
    LoopThread(IoHandlerFactory handlers, String name) {
        loop = new Loop(task -> thread(task, name), GuardedIo.factory(handlers));
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

    SingleThreadIoEventLoop loop() {
        return loop;
    }

    /** Has the loop run what it was given and end. */
    void end() {
        var unused = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }

    /** Completes on the thread, with its last breath, however it came to end. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }

    /** Waits for the thread's end, and tells whether it has. */
    boolean awaitEnd(long deadlineNanos) {
        Thread running = thread;
        return running == null || Waits.until(deadlineNanos, running);
    }

    private static final class Loop extends SingleThreadIoEventLoop {
        Loop(ThreadFactory threads, IoHandlerFactory handlers) {
            super(null, threads, handlers, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), TASK_MILLIS);
        }

        /** For one that never ran. */
        void destroy(Throwable why) {
            try {
                ioHandler().destroy();
            } catch (RuntimeException failed) {
                why.addSuppressed(failed);
            }
        }
    }
}
