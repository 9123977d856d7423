/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import io.softclose.net.testkit.sim.kernel.SimScheduler;
import java.util.SplittableRandom;

/** The memory of one host, as far as its links lend buffers from it: sometimes there is none. */
public final class SimMemory {
    private final SimScheduler scheduler;
    private final SplittableRandom random;
    private double refusedShare;
    private long refusedAt = Long.MIN_VALUE;

    public SimMemory(SimScheduler scheduler, SplittableRandom random) {
        this.scheduler = scheduler;
        this.random = random;
    }

    /** From now on this share of all loans is refused. */
    public void refuse(double share) {
        refusedShare = share;
    }

    /** Takes what one buffer needs. */
    void take() {
        if (refusedShare > 0 && random.nextDouble() < refusedShare) {
            refusedAt = scheduler.now();
            throw new OutOfMemoryError("thrown on purpose: no buffer to lend");
        }
    }

    /** Whether a loan was refused since then. */
    public boolean refusedSince(long nanos) {
        return refusedAt >= nanos;
    }
}
