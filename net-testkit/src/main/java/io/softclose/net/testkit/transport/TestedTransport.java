/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Layered;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the parts of {@link TransportContract} need of the author of a transport. A test class that implements this and
 * some of the parts runs these alone.
 */
@ExtendWith(TransportFixtureExtension.class)
public interface TestedTransport extends Layered {
    /** A new transport, which the test closes, without its {@link #layer}. */
    Transport createTransport();

    /**
     * A new transport whose links linger for so long, which the test closes. By default one with its own times: some
     * seconds, or some tests take long.
     *
     * @param lingerTimeout how long while nothing happens
     * @param lingerTime how long at most, whatever happens
     */
    default Transport createTransport(Duration lingerTimeout, Duration lingerTime) {
        return createTransport();
    }

    /**
     * An address to listen on that is free: another one for each call, unless the operating system chooses, as it does
     * for port 0.
     */
    SocketAddress listenAddress() throws IOException;

    /**
     * Whether the peer of a link that was aborted, or closed with unread input, sees a reset. TCP has one; where there is
     * none, as on Unix domain sockets, an abort must still end the peer's input.
     */
    default boolean resets() {
        return true;
    }

    /** How many buffers the links of this transport have lent and not got back, if the transport can tell; else 0. */
    default long lentBuffers(Transport transport) {
        return 0;
    }
}
