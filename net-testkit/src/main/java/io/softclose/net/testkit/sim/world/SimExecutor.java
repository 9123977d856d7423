/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A user's executor in virtual time: a few threads, off the loops, behind a queue that may be full. Tasks begin after some
 * time, and may {@linkplain #block block}.
 */
public final class SimExecutor implements Executor {
    private final World world;
    private final SplittableRandom random;
    private final int threads;
    private final int capacity;
    private final long mostDelayNanos;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private int atWork;
    private long refusals;

    /**
     * One with nothing to do.
     *
     * @param capacity how many tasks may wait
     * @param mostDelay how long it takes at most until a thread looks for a task
     */
    public SimExecutor(World world, SplittableRandom random, int threads, int capacity, Duration mostDelay) {
        this.world = world;
        this.random = random;
        this.threads = threads;
        this.capacity = capacity;
        mostDelayNanos = mostDelay.toNanos();
    }

    @Override
    public void execute(Runnable task) {
        if (tasks.size() >= capacity) {
            refusals++;
            throw new Refusal();
        }
        tasks.add(task);
        if (atWork < threads) {
            atWork++;
            workSoon();
        }
    }

    private void workSoon() {
        world.after(Duration.ofNanos(1 + random.nextLong(mostDelayNanos)), this::work);
    }

    private void work() {
        Runnable task = tasks.poll();
        if (task == null) {
            atWork--;
            return;
        }
        try {
            task.run();
        } catch (Throwable failure) {
            world.found("a task of an executor threw " + failure, failure);
        }
        workSoon();
    }

    /** The task that runs blocks its thread for so long. */
    public void block(Duration time) {
        world.block(time);
    }

    /** How many tasks it has refused. */
    public long refusals() {
        return refusals;
    }

    /** Whether this is how one of them refuses. */
    public static boolean isRefusal(Throwable thrown) {
        return thrown instanceof Refusal;
    }

    private static final class Refusal extends RejectedExecutionException {
        private static final long serialVersionUID = 1L;

        Refusal() {
            super("refused on purpose: too many tasks wait");
        }
    }
}
