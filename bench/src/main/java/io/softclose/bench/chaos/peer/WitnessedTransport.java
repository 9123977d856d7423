/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A transport, of which somebody is told when its links' own ends (FIN) go out. Does not own it. */
final class WitnessedTransport implements Transport {
    private final Transport delegate;
    private final Witness witness;

    /** Who is told, on the link's loop. */
    interface Witness {
        /** A link's own end is asked for, in whatever way, or is not out yet after that. */
        void ownEndHeld();

        /** A link's own end is out. */
        void ownEndOut();
    }

    /** A transport over another one. */
    WitnessedTransport(Transport delegate, Witness witness) {
        this.delegate = delegate;
        this.witness = witness;
    }

    @Override
    public String name() {
        return delegate.name();
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        return delegate.listen(local, link -> acceptor.accept(new WitnessedLink(link)));
    }

    @Override
    public EventLoop nextLoop() {
        return delegate.nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        AtomicReference<@Nullable Link> dialled = new AtomicReference<>();
        delegate.dial(loop, remote, timeout, link -> {
            WitnessedLink witnessed = new WitnessedLink(link);
            LinkHandler handler = acceptor.accept(witnessed);
            dialled.set(witnessed);
            return handler;
        });
        return requireNonNull(dialled.get(), "the transport did not ask for a handler");
    }

    /** Leaves the other transport open. */
    @Override
    public void close() {}

    /** Lets everything pass. */
    private final class WitnessedLink extends ForwardingLink {
        private boolean asked;
        private boolean out;

        WitnessedLink(Link link) {
            super(link);
        }

        @Override
        public boolean shutdownOutput() {
            if (!asked) {
                asked = true;
                witness.ownEndHeld();
            }
            out = super.shutdownOutput();
            if (out) {
                witness.ownEndOut();
            } else {
                witness.ownEndHeld();
            }
            return out;
        }

        private void tellHeld() {
            if (!out) {
                witness.ownEndHeld();
            }
        }

        @Override
        public void close() {
            tellHeld();
            super.close();
        }

        @Override
        public void linger() {
            tellHeld();
            super.linger();
        }
    }
}
