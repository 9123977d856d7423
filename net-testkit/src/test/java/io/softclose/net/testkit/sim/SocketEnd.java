/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

/** One end of a connection on a simulated or a real kernel, for a script that runs on both. */
interface SocketEnd extends AutoCloseable {
    /** What a write came to. */
    enum Written {
        TAKEN,
        FULL,
        FAILED
    }

    /** Writes this many bytes, fewer than any buffer holds. */
    Written write(int bytes);

    /** Writes until no more is taken; says how many bytes that were. */
    long fill();

    /** Whether it was told, without asking by a write, that there is room again for more. */
    boolean toldOfRoom();

    /** Waits until there is something to read: bytes, the end, or an error. */
    void awaitInput();

    /** Reads what comes until the end or an error: how many bytes, and which. */
    Input readToTheEnd();

    /** Reads exactly this many bytes. */
    void read(long bytes);

    /** Ends this direction (FIN). */
    void shutdownOutput();

    /** Closes both directions. */
    @Override
    void close();

    /** Closes with a reset. */
    void abort();

    /** Writes byte by byte until that fails, as it must. */
    default void writeUntilItFails() {
        for (int i = 0; i < 1_000_000; i++) {
            if (write(1) == Written.FAILED) {
                return;
            }
        }
        throw new AssertionError("a million writes have not failed");
    }

    /** What could be read in all. */
    record Input(long bytes, Ending ending) {}

    /** How it ended. */
    enum Ending {
        END,
        RESET
    }
}
