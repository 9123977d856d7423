/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static java.util.Objects.requireNonNull;

import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.NameResolver;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Dials addresses, and names: those it looks up first, on threads of its own, for that may block. Transports know no
 * names. Thread-safe.
 */
final class Dialler {
    /** How many names are looked up at a time; the others wait, within their dials' time. */
    private static final int MOST_LOOKUPS = 8;

    private static final long IDLE_SECONDS = 5;

    private final Transport transport;
    private final NameResolver resolver;
    private final Duration timeout;
    private final ThreadPoolExecutor lookups;

    /**
     * Has no thread until there is a name to be looked up.
     *
     * @param timeout of a dial, the look-up included
     */
    Dialler(Transport transport, NameResolver resolver, Duration timeout) {
        this.transport = transport;
        this.resolver = resolver;
        this.timeout = timeout;
        lookups = new ThreadPoolExecutor(
                MOST_LOOKUPS,
                MOST_LOOKUPS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Dialler::lookupThread);
        lookups.allowCoreThreadTimeOut(true);
    }

    /** A daemon: nothing is lost with a look-up, and one that hangs must not keep the process. */
    private static Thread lookupThread(Runnable task) {
        Thread thread = new Thread(task, "softclose-names");
        thread.setDaemon(true);
        return thread;
    }

    /** Dials as {@link Transport#dial(SocketAddress, Duration, LinkAcceptor)} does, and names besides. */
    void dial(SocketAddress remote, LinkAcceptor acceptor) {
        if (remote instanceof InetSocketAddress name && name.isUnresolved()) {
            NamedDial link = new NamedDial(this, transport.nextLoop(), name, acceptor.expectedPeer());
            LinkHandler handler = requireNonNull(acceptor.accept(link), "handler");
            link.start(handler);
        } else {
            transport.dial(remote, timeout, acceptor);
        }
    }

    Transport transport() {
        return transport;
    }

    Duration timeout() {
        return timeout;
    }

    /**
     * Looks a name up. Completes on another thread, also if that takes longer than a dial may: then with a {@link
     * java.util.concurrent.TimeoutException}. One that is cancelled is not begun.
     */
    CompletableFuture<List<InetAddress>> lookUp(String host) {
        return CompletableFuture.supplyAsync(() -> resolve(host), lookups)
                .orTimeout(Nanos.of(timeout), TimeUnit.NANOSECONDS);
    }

    private List<InetAddress> resolve(String host) {
        try {
            return List.copyOf(resolver.resolve(host));
        } catch (UnknownHostException unknown) {
            throw new CompletionException(unknown);
        }
    }

    /** Nothing is dialled any more. */
    void close() {
        lookups.shutdownNow();
    }
}
