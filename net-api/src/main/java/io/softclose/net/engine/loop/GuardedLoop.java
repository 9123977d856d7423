/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.loop;

import io.softclose.net.spi.EventLoop;
import java.util.function.Consumer;

/**
 * A loop as one connection sees it: whatever a task or a timer of that connection throws ends at worst the connection.
 * Thread-safe, as loops are.
 */
public final class GuardedLoop implements EventLoop {
    private final EventLoop loop;
    private final Visits visits;
    private final Consumer<Throwable> failed;

    /**
     * Guards nothing yet.
     *
     * @param visits to count each task and timer as one
     * @param failed told on the loop what was thrown; must not throw
     */
    public GuardedLoop(EventLoop loop, Visits visits, Consumer<Throwable> failed) {
        this.loop = loop;
        this.visits = visits;
        this.failed = failed;
    }

    /** A task that may be given to the loop over and over without being made again. */
    Runnable guarded(Runnable task) {
        return task instanceof GuardedTask ? task : new Guarded(task, visits, failed);
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(guarded(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return loop.schedule(delayNanos, guarded(task));
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    /** A task that throws nothing. */
    interface GuardedTask extends Runnable {}

    private record Guarded(Runnable task, Visits visits, Consumer<Throwable> failed) implements GuardedTask {
        @Override
        public void run() {
            visits.begin();
            try {
                task.run();
            } catch (Throwable thrown) {
                failed.accept(thrown);
            } finally {
                visits.end();
            }
        }
    }
}
