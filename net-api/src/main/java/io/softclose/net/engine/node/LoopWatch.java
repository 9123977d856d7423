/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.log.Log;
import io.softclose.net.log.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Says in the log which loop has been at one event of one connection for two seconds, and where it is: code of the
 * application that blocks there blocks every connection of that loop. A thread of its own looks now and then; time in which
 * that did not run either does not count. Thread-safe.
 */
final class LoopWatch {
    private static final RateLimitedLog BLOCKED = new RateLimitedLog(Level.WARNING);
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Periods after which a loop counts as blocked. */
    static final int MOST_LOOKS = 4;

    private final Supplier<List<PeerConnection>> connections;
    private final Thread thread;
    private volatile boolean stopped;

    LoopWatch(Supplier<List<PeerConnection>> connections) {
        this.connections = connections;
        thread = new Thread(this::run, "softclose-watch");
        thread.setDaemon(true);
    }

    /** A watch of these connections; a process that cannot have another thread does without. */
    static LoopWatch started(Supplier<List<PeerConnection>> connections) {
        LoopWatch watch = new LoopWatch(connections);
        try {
            watch.thread.start();
        } catch (OutOfMemoryError none) {
            Log.log(Level.WARNING, "no thread to watch for blocked loops: {0}", none.getMessage());
        }
        return watch;
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            try {
                look();
            } catch (Throwable lookedInVain) {
                // For want of memory; the next look may be luckier.
                Log.log(Level.DEBUG, "blocked loops were not looked for: {0}", lookedInVain);
            }
        }
    }

    /** Looks once. */
    void look() {
        for (PeerConnection connection : connections.get()) {
            if (connection.visits().look() == MOST_LOOKS) {
                tell(connection);
            }
        }
    }

    private static void tell(PeerConnection connection) {
        Thread loop = connection.visits().thread();
        if (loop == null) {
            return;
        }
        Throwable place = new IllegalStateException("where " + loop.getName() + " is");
        place.setStackTrace(loop.getStackTrace());
        BLOCKED.thrown(
                connection,
                "has kept its event loop " + loop.getName()
                        + " for two seconds, and every other connection of that loop"
                        + " waits (expected: handlers and listeners that return soon)",
                place);
    }
}
