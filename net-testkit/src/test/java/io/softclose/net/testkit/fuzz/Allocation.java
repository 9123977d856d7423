/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Adds up what the calling thread allocates on the heap, garbage included. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long total;
    private long largest;

    /** More was allocated than what has arrived explains. */
    static final class Excess extends AssertionError {
        private static final long serialVersionUID = 1L;

        Excess(String message) {
            super(message);
        }
    }

    /** Counts what an action allocates. */
    void of(Runnable action) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            action.run();
        } finally {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            total += allocated;
            largest = Math.max(largest, allocated);
        }
    }

    /**
     * Fails if it was too much.
     *
     * @param base bytes that may be allocated for nothing: objects, the texts of errors
     * @param perByte bytes that may be allocated for each that arrived
     */
    void requireAtMost(long base, long perByte, long arrived) {
        if (total > base + perByte * arrived) {
            throw new Excess("allocated " + total + " bytes for " + arrived + " that arrived (expected: at most " + base
                    + " + " + perByte + " for each)");
        }
    }

    /** Fails if one of the actions allocated more bytes than this. */
    void requireEachAtMost(long most) {
        if (largest > most) {
            throw new Excess("allocated " + largest + " bytes at once (expected: at most " + most + ")");
        }
    }
}
