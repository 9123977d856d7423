/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/** Somebody else's transport, below a layer that closes what it covers: it stays its owner's to close. Thread-safe. */
final class LentTransport implements Transport {
    private final Transport transport;

    LentTransport(Transport transport) {
        this.transport = transport;
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        return transport.listen(local, acceptor);
    }

    @Override
    public EventLoop nextLoop() {
        return transport.nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        return transport.dial(loop, remote, timeout, acceptor);
    }

    @Override
    public void close() {}
}
