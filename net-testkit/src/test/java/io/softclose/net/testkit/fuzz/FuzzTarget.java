/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.util.List;

/** Something that must bear any bytes. */
interface FuzzTarget {
    /** What it is called on the command line and in file names. */
    String name();

    /** Inputs to start from: every kind of valid traffic, and what is close to it. */
    List<byte[]> seeds();

    /** How many mutated inputs an ordinary build tries: a few seconds of them. */
    int mutations();

    /**
     * Tries an input.
     *
     * @throws Throwable whatever shows that something is not as it must be
     */
    void run(byte[] input) throws Throwable;

    /**
     * As {@link #run}, but what allocates too much has a second chance: code that runs for the first time allocates while
     * it is linked, once; what allocates by the peer's word does so every time.
     */
    default void check(byte[] input) throws Throwable {
        try {
            run(input);
        } catch (Allocation.Excess first) {
            run(input);
        }
    }
}
