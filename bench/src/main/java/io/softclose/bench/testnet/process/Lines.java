/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes lines to whoever reads this process's output: each in one go, so that it is there whole or not at all, and is the operating system's
 * before this returns, whatever becomes of the process. Ends the process when nobody reads any more. Thread-safe.
 */
final class Lines {
    /** What a pipe takes in one piece (POSIX's PIPE_BUF is 512 at least, Linux's 4096). */
    private static final int MOST_BYTES = 4096;

    private final OutputStream out;
    private final Runnable broken;

    /**
     * Lines to a stream.
     *
     * @param out not buffered
     * @param broken what to do when nobody reads
     */
    Lines(OutputStream out, Runnable broken) {
        this.out = out;
        this.broken = broken;
    }

    /** Writes one. Line feeds in it become spaces, and what is too long is cut. */
    void say(String line) {
        byte[] bytes = (line.replace('\n', ' ') + "\n").getBytes(UTF_8);
        int length = Math.min(bytes.length, MOST_BYTES);
        bytes[length - 1] = '\n';
        try {
            synchronized (this) {
                out.write(bytes, 0, length);
            }
        } catch (IOException nobodyReads) {
            broken.run();
        }
    }
}
