/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Layered;
import java.util.OptionalInt;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of whole nodes on a transport over TCP. Each test method that has a parameter of type {@link Nodes} gets its own,
 * which is checked after it.
 */
@ExtendWith(NodesExtension.class)
public interface TransportUnderTest extends Layered {
    /**
     * A new transport, which {@link Nodes} closes, without its {@link #layer}.
     *
     * @param loops how many event loops it has
     * @param sendBufferBytes the size to ask for each socket's send buffer (SO_SNDBUF); if empty, the system chooses
     */
    Transport createTransport(int loops, OptionalInt sendBufferBytes);

    /**
     * How nodes close unless a test says otherwise: sealed, everything sent, the peer's end awaited, with enough time
     * for every close that does not hang. A policy of the test kit's by default.
     */
    default ClosePolicy closePolicy() {
        return PatientPolicy.DEFAULT;
    }

    /**
     * The most bytes that a link takes before the operating system has them. When the link is lost, nobody knows
     * whether the messages among them left: they are UNCERTAIN. A transport that writes at once has none; one that holds
     * bytes, as Netty does, says here how many, or the tests of lost links find too much uncertain. A {@link #layer} says
     * by itself what it holds.
     */
    default int mostUnflushedBytes() {
        return 0;
    }

    /**
     * Whether closing with unread input resets the connection at once, as a kernel does (RFC 2525, section 2.17). If
     * not, the peer may read all that was written, and then our end.
     */
    default boolean resetsUnreadInput() {
        return true;
    }

    /** How many buffers the closed transport's links have lent and not got back, if it can tell; else 0. */
    default long lentBuffers(Transport transport) {
        return 0;
    }
}
