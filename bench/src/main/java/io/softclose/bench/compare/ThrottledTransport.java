/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose links are slow writers: each write takes a few bytes, then nothing for a while. The network of the
 * audit's proof of concept, in which every write takes 10 ms, whatever transport is below. Owns that transport.
 */
final class ThrottledTransport implements Transport {
    private final Transport delegate;
    private final Throttle throttle;

    ThrottledTransport(Transport delegate, Throttle throttle) {
        this.delegate = requireNonNull(delegate, "delegate");
        this.throttle = requireNonNull(throttle, "throttle");
    }

    @Override
    public String name() {
        return delegate.name();
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        return delegate.listen(local, link -> new ThrottledLink(link, throttle, acceptor));
    }

    @Override
    public EventLoop nextLoop() {
        return delegate.nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        Dialling dialling = new Dialling(acceptor);
        delegate.dial(loop, remote, timeout, dialling);
        return requireNonNull(dialling.link, "the transport did not ask for a handler");
    }

    @Override
    public void close() {
        delegate.close();
    }

    /** Keeps the link that one dial makes. Confined to the dialling thread. */
    private final class Dialling implements LinkAcceptor {
        private final LinkAcceptor acceptor;
        private @Nullable ThrottledLink link;

        Dialling(LinkAcceptor acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public LinkHandler accept(Link dialled) {
            link = new ThrottledLink(dialled, throttle, acceptor);
            return link;
        }
    }
}
