/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.log.Log;
import io.softclose.net.log.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Says in the log which loop has been at one event of one connection for two seconds, and where it is: code of the
 * application that blocks there blocks every connection of that loop. One thread of the process looks now and then, for as
 * long as any network has connections; time in which that did not run either does not count. Thread-safe.
 */
final class LoopWatch {
    private static final RateLimitedLog BLOCKED = new RateLimitedLog(Level.WARNING);
    /** Looking takes a processor from whoever is at work there, so it is rare. */
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Periods after which a loop counts as blocked. With one, a process that was stopped would seem to be. */
    private static final int MOST_LOOKS = 2;

    private static final Object LOCK = new Object();

    // Guarded by LOCK, under which nothing else is called. A network that is dropped is not kept by this.
    private static final Set<Roster> ROSTERS = Collections.newSetFromMap(new WeakHashMap<>());
    private static @Nullable LoopWatch running;

    private volatile boolean stopped;
    private final Thread thread;

    private LoopWatch() {
        thread = new Thread(this::run, "softclose-watch");
        thread.setDaemon(true);
    }

    /** Watches the loops of these connections. A process that cannot have another thread does without. */
    static void watch(Roster roster) {
        synchronized (LOCK) {
            ROSTERS.add(roster);
            if (running == null) {
                LoopWatch watch = new LoopWatch();
                try {
                    watch.thread.start();
                    running = watch;
                } catch (OutOfMemoryError none) {
                    Log.log(Level.WARNING, "no thread to watch for blocked loops: {0}", none.getMessage());
                }
            }
        }
    }

    /** There are no connections left. */
    static void forget(Roster roster) {
        synchronized (LOCK) {
            ROSTERS.remove(roster);
            stopIfIdle();
        }
    }

    private static void stopIfIdle() {
        LoopWatch idle = running;
        if (idle != null && ROSTERS.isEmpty()) {
            idle.stopped = true;
            LockSupport.unpark(idle.thread);
            running = null;
        }
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

    private static void look() {
        for (Roster roster : rosters()) {
            for (PeerConnection connection : roster.connections()) {
                if (connection.visits().look() == MOST_LOOKS) {
                    tell(connection);
                }
            }
        }
    }

    private static List<Roster> rosters() {
        synchronized (LOCK) {
            stopIfIdle();
            return new ArrayList<>(ROSTERS);
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
