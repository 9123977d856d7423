/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop of Netty's with a thread of our own, outside of any group: a group is told of its loops' end by Netty's
 * global executor, whose thread would outlive us. Thread-safe.
 */
final class LoopThread {
    /**
     * How long tasks of Netty's, and those given from other threads, may keep the loop from I/O, in milliseconds; Netty
     * looks at the clock after each 64.
     */
    private static final int TASK_MILLIS = 1;

    private final SingleThreadIoEventLoop loop;
    private volatile @Nullable Thread thread;

    /** Starts with the first task. */
    LoopThread(IoHandlerFactory handlers, String name) {
        loop = new SingleThreadIoEventLoop(
                null,
                (ThreadFactory) task -> start(task, name),
                handlers,
                Integer.MAX_VALUE,
                RejectedExecutionHandlers.reject(),
                TASK_MILLIS);
    }

    private Thread start(Runnable task, String name) {
        Thread started = new FastThreadLocalThread(task, name);
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

    /** Waits for the thread's end, an interrupt notwithstanding: whoever closes the transport counts on it. */
    void awaitEnd() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
