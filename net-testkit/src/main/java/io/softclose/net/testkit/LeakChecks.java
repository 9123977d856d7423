/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

/**
 * Finds threads that were started after a certain moment and have not ended. Tests that use it must not run in parallel
 * with others in the same JVM.
 */
public final class LeakChecks {
    private final Set<Thread> before;

    private LeakChecks(Set<Thread> before) {
        this.before = before;
    }

    /** Remembers the threads that are alive now. */
    public static LeakChecks begin() {
        return new LeakChecks(new HashSet<>(Thread.getAllStackTraces().keySet()));
    }

    /**
     * Waits for every thread that was started since to end. The JVM's own, the workers of the common pool, and the timer of
     * {@link java.util.concurrent.CompletableFuture}s may stay.
     *
     * @throws AssertionError naming the threads that are left after 30 seconds
     */
    public void assertNoThreadLeft() {
        long deadline = System.nanoTime() + Waiting.SAFETY_NET.toNanos();
        for (Thread thread : startedSince()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                throw Waiting.interrupted("the end of " + thread);
            }
        }
        List<Thread> left = startedSince();
        if (!left.isEmpty()) {
            throw new AssertionError("threads left: " + left);
        }
    }

    /** The threads that were started since and are alive. */
    public List<Thread> startedSince() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread) && !belongsToTheJvm(thread))
                .toList();
    }

    private static boolean belongsToTheJvm(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return thread instanceof ForkJoinWorkerThread
                || thread.getName().toLowerCase(Locale.ROOT).contains("delayscheduler")
                || group == null
                || group.getName().equals("system")
                || group.getName().equals("InnocuousThreadGroup");
    }
}
