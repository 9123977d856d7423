/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.lang.management.ManagementFactory;

/** What this process holds on its heap. */
public final class LiveHeap {
    /** Objects that only just died may need another collection: of what refers to them weakly, for instance. */
    private static final int COLLECTIONS = 3;

    private LiveHeap() {}

    /** Collects what is dead, and says how many bytes are left. */
    public static long bytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
