/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every transport must hold: the contract of {@link Transport}, {@link io.softclose.net.spi.Link}, {@link
 * io.softclose.net.spi.LinkHandler} and {@link io.softclose.net.spi.EventLoop} as tests. The author of a transport
 * implements this interface in a test class: {@link #createTransport} makes one, and {@link #listenAddress} says where it
 * may listen, on a port that the system chooses. docs/testing.md has an example.
 *
 * <p>Each test has a transport of its own and ends by closing it: every link must have been told of its end, exactly
 * once, and no thread and no lent buffer may be left. Both ends of each link are links of the transport. Every callback
 * is checked for its loop, its place in the order, and for coming from within a call to the link. Nothing depends on how
 * long anything takes; waits are bounded by {@link
 * io.softclose.net.testkit.Waiting#SAFETY_NET}, 30 seconds unless a system property says otherwise.
 */
@ExtendWith(TransportFixtureExtension.class)
public interface TransportContract
        extends DialContract,
                ListenContract,
                SocketFileContract,
                TransportCloseContract,
                EventLoopContract,
                FairnessContract,
                LinkWriteContract,
                LinkReadContract,
                LinkEndContract,
                LinkPauseContract,
                LinkLingerContract,
                LinkCloseContract,
                LinkHandlerContract {
    /** A new transport, which the test closes. */
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
