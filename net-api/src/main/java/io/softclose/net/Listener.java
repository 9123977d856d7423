/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.net.SocketAddress;

/** An address on which a network accepts connections. Thread-safe. */
public interface Listener extends AutoCloseable {
    /** The bound address, with the port that the operating system chose if it was asked to. */
    SocketAddress localAddress();

    /**
     * Stops accepting; connections live on. When it returns, the address is free. Idempotent; a network that shuts down
     * closes its listeners itself.
     */
    @Override
    void close();
}
