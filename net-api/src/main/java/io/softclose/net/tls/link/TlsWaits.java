/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.log.Log;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Scheduler.Timer;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What a {@link TlsLink} waits for that no event of the link below tells: tasks of the handshake, which run off the loop,
 * and memory for a buffer. Meanwhile nothing is unsealed. On the loop only, but for the tasks.
 */
final class TlsWaits {
    private final Link below;
    private final LinkOwner owner;
    private final Consumer<Throwable> broken;

    /** The link is gone: what waits to run off the loop need not run. */
    private volatile boolean stopped;

    // Confined to the loop.
    private boolean tasksRun;
    private boolean memoryShort;
    private Timer again = () -> {};
    private Runnable next;

    /**
     * Waits for nothing yet.
     *
     * @param over run when something is there that was waited for
     * @param broken told what a task threw: no call of the link below led to it, so nobody there ends the link for that
     */
    TlsWaits(Link below, LinkOwner owner, Runnable over, Consumer<Throwable> broken) {
        this.below = below;
        this.owner = owner;
        this.broken = broken;
        next = () -> guarded(over);
    }

    /** Whether there is anything to wait for. */
    boolean any() {
        return tasksRun || memoryShort;
    }

    /** Whether tasks run, without which nothing can be unsealed. */
    boolean tasksRun() {
        return tasksRun;
    }

    /** Whether there was no memory for a buffer a moment ago: nothing can be sealed, either. */
    boolean memoryShort() {
        return memoryShort;
    }

    /**
     * Runs these off the loop. What the executor throws is thrown, unless it runs them all the same, as thread pools do that
     * find no memory for a thread.
     */
    void run(List<Runnable> tasks) {
        AtomicBoolean taken = new AtomicBoolean();
        tasksRun = true;
        try {
            owner.tasks().execute(() -> {
                if (!taken.getAndSet(true)) {
                    runAll(tasks);
                }
            });
        } catch (RuntimeException | Error refusal) {
            if (!taken.getAndSet(true)) {
                // Nothing runs, so nothing will say that it has.
                tasksRun = false;
                throw refusal;
            }
        }
    }

    private void runAll(List<Runnable> tasks) {
        try {
            if (!stopped) {
                tasks.forEach(Runnable::run);
            }
        } finally {
            tasksEnd();
        }
    }

    private void tasksEnd() {
        try {
            below.loop().execute(this::tasksHaveRun);
        } catch (RejectedExecutionException loopIsOver) {
            // Its links are gone before a loop is, so nobody else looks at this one.
            tasksHaveRun();
        }
    }

    private void tasksHaveRun() {
        tasksRun = false;
        next.run();
    }

    /** There was no memory for a buffer; it is tried again after a moment. */
    void awaitMemory() {
        memoryShort = true;
        again = below.loop().schedule(BufferMemory.SHORTAGE_NANOS, this::tryAgain);
    }

    private void tryAgain() {
        memoryShort = false;
        next.run();
    }

    /** Runs a task on the loop, after what runs there now; a loop that has ended has no link. */
    void later(Runnable task) {
        try {
            below.loop().execute(() -> guarded(task));
        } catch (RejectedExecutionException over) {
            Log.log(Level.DEBUG, "{0}: {1}", below, over);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            broken.accept(failure);
        }
    }

    /**
     * The link is gone.
     *
     * @param last run once no task runs any more
     */
    void stop(Runnable last) {
        stopped = true;
        again.cancel();
        next = last;
        if (!tasksRun) {
            last.run();
        }
    }
}
