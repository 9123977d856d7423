/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

/** Waits for threads to end. */
final class Threads {
    private Threads() {}

    /** Waits for a thread, whatever happens; an interrupt is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
