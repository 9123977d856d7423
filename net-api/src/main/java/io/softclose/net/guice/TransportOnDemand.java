/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a transport when it is first used. An injector that fails, or makes every singleton at once, would otherwise
 * leave threads behind that nobody knows of, and that keep the JVM running. Thread-safe.
 */
final class TransportOnDemand implements Transport {
    private final String name;
    private final Supplier<? extends Transport> source;

    // Guarded by this, which is held while the transport is made, but never while it is used or closed.
    private @Nullable Transport made;
    private boolean closed;

    TransportOnDemand(String name, Supplier<? extends Transport> source) {
        this.name = name;
        this.source = source;
    }

    /** Chooses, for each network, a transport of its own. */
    static Consumer<NetworkDraft> chosen(String name, Supplier<? extends Transport> source) {
        return draft -> draft.transport(() -> new TransportOnDemand(name, source));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        return transport().listen(local, acceptor);
    }

    @Override
    public EventLoop nextLoop() {
        return transport().nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        return transport().dial(loop, remote, timeout, acceptor);
    }

    @Override
    public void close() {
        Transport last;
        synchronized (this) {
            closed = true;
            last = made;
        }
        if (last != null) {
            last.close();
        }
    }

    private synchronized Transport transport() {
        Transport current = made;
        if (current == null) {
            if (closed) {
                throw new RejectedExecutionException("the transport is closed");
            }
            current = requireNonNull(source.get(), "the source's transport");
            made = current;
        }
        return current;
    }
}
