/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

import io.softclose.net.testkit.sim.SimConditions;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;

/** The way from one host to another. */
public final class SimPath {
    /** What an acknowledgement, an end or a reset adds to the bytes on the way. */
    private static final int HEADER_BYTES = 40;

    private final SimScheduler scheduler;
    private final SplittableRandom random;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private SimConditions conditions;
    private boolean down;
    private long busyUntil;

    public SimPath(SimScheduler scheduler, SplittableRandom random, SimConditions conditions) {
        this.scheduler = scheduler;
        this.random = random;
        this.conditions = conditions;
    }

    SocketHistory newHistory() {
        return new SocketHistory(scheduler);
    }

    public SimConditions conditions() {
        return conditions;
    }

    public void conditions(SimConditions wanted) {
        conditions = wanted;
    }

    /** From now on everything that arrives is held, as a network does that loses packets which their sender repeats. */
    public void takeDown() {
        down = true;
    }

    /** Everything that was held arrives now, in order. */
    public void bringUp() {
        down = false;
        for (Runnable arrival = held.poll(); arrival != null; arrival = held.poll()) {
            arrival.run();
        }
    }

    boolean down() {
        return down;
    }

    /**
     * Carries bytes.
     *
     * @param notBefore when what was sent before on the same connection arrives
     * @return when they arrive
     */
    public long carry(int bytes, long notBefore, Runnable arrival) {
        long departs = Math.max(scheduler.now(), busyUntil);
        if (conditions.bytesPerSecond() < Long.MAX_VALUE) {
            departs += (bytes + HEADER_BYTES) * 1_000_000_000L / conditions.bytesPerSecond();
            busyUntil = departs;
        }
        long jitter = conditions.jitter().toNanos();
        long arrives = departs + conditions.latency().toNanos() + (jitter == 0 ? 0 : random.nextLong(jitter + 1));
        long at = Math.max(arrives, notBefore);
        scheduler.at(at, () -> arrive(arrival));
        return at;
    }

    private void arrive(Runnable arrival) {
        if (down) {
            held.add(arrival);
        } else {
            arrival.run();
        }
    }
}
