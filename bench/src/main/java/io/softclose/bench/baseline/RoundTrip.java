/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;

/**
 * A loopback connection whose far end sends every message back. The calling thread hands the message to the near end's
 * loop and sleeps until its own loop has the answer, as an application thread does.
 */
public interface RoundTrip extends AutoCloseable {
    /** Sends a message and waits until it has come back. One thread only. */
    void exchange(byte[] payload) throws InterruptedException;

    @Override
    void close() throws IOException;
}
