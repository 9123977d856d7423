/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that starts with something and waits to do the last work of its end, because no new thread may be available
 * by then. It does not let the process end before it has, as the loops that it ends do not. Thread-safe.
 */
final class LastThread {
    private final Thread thread;
    private volatile boolean due;

    /**
     * Starts the thread.
     *
     * @param work done once, when it is due
     */
    LastThread(ThreadFactory threads, Runnable work) {
        thread = threads.newThread(() -> {
            awaitDue();
            work.run();
        });
        thread.start();
    }

    /** Has the work done. Takes no memory, and does not wait. */
    void due() {
        due = true;
        LockSupport.unpark(thread);
    }

    /** An interrupt does not order this thread to end, and must not keep it from resting. */
    @SuppressWarnings("Interruption") // as it says
    private void awaitDue() {
        while (!due) {
            LockSupport.park(this);
            Thread.interrupted();
        }
    }
}
