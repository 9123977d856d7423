/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import java.io.IOException;
import java.net.SocketAddress;

/** The other end of a {@link MessageStream}: accepts one connection and tells a {@link Tally} of each message. */
public interface Receiver extends AutoCloseable {
    /** Where it listens. */
    SocketAddress address() throws IOException;

    /** Ends; after its sender, or its sender's connection breaks. */
    @Override
    void close() throws IOException;
}
