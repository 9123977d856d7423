/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** How many may be in flight at a time. Any thread. */
final class Places {
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    Places(int most) {
        this.most = most;
    }

    /** Takes a place; false if there is none. */
    boolean take() {
        for (int before = taken.get(); before < most; before = taken.get()) {
            if (taken.compareAndSet(before, before + 1)) {
                return true;
            }
        }
        return false;
    }

    /** A place is free again. */
    void giveBack() {
        taken.decrementAndGet();
    }

    /** Whoever gave a place back has it still: for that moment there may be one too many. */
    void takeBack() {
        taken.incrementAndGet();
    }

    int taken() {
        return taken.get();
    }
}
