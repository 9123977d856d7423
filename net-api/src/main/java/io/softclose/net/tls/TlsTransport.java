/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static java.util.Objects.requireNonNull;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.Transport;
import io.softclose.net.tls.link.BufferMemory;
import io.softclose.net.tls.link.HandshakeThreads;
import io.softclose.net.tls.link.LinkOwner;
import io.softclose.net.tls.link.TlsLink;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS over another transport: its links are up once both ends have proved who they are, and {@link Link#provenPeer} says
 * who the peer is. It takes the addresses that the other transport takes. Thread-safe.
 */
public final class TlsTransport implements Transport {
    private final Transport below;
    private final TlsSettings settings;
    private final long handshakeNanos;
    private final Executor tasks;
    private final BufferMemory memory = new BufferMemory();
    private final @Nullable HandshakeThreads threads;

    private TlsTransport(Transport below, TlsSettings settings) {
        this.below = below;
        this.settings = settings;
        handshakeNanos = nanosOf(settings.handshakeTimeout());
        Optional<Executor> given = settings.executor();
        HandshakeThreads own = given.isPresent() ? null : new HandshakeThreads();
        threads = own;
        tasks = own == null ? given.orElseThrow() : own;
    }

    /**
     * TLS over a transport.
     *
     * @param below carries the records; closed with the transport that this makes
     */
    public static TlsTransport over(Transport below, TlsSettings settings) {
        return new TlsTransport(requireNonNull(below, "below"), requireNonNull(settings, "settings"));
    }

    /** The name of the one below, and {@code +tls}. */
    @Override
    public String name() {
        return below.name() + "+tls";
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        requireNonNull(acceptor, "acceptor");
        Admission anybody = new Admission(Optional.empty(), handshakeNanos);
        return below.listen(local, link -> {
            SSLEngine engine = settings.engines().accepting();
            return used(engine, () -> handled(new TlsLink(link, engine, anybody), acceptor));
        });
    }

    @Override
    public EventLoop nextLoop() {
        return below.nextLoop();
    }

    /**
     * As in {@link Transport}. Whoever is there must be trusted, and the one who is {@linkplain LinkAcceptor#expectedPeer
     * expected}, if anybody in particular is.
     */
    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        Optional<PeerId> expected = acceptor.expectedPeer();
        SSLEngine engine = settings.engines().dialling(expected);
        long limit = Math.min(handshakeNanos, nanosOf(Require.positive("timeout", timeout)));
        TlsLink[] made = new TlsLink[1];
        Link unused = used(
                engine,
                () -> below.dial(loop, remote, timeout, link -> {
                    made[0] = new TlsLink(link, engine, new Admission(expected, limit));
                    return handled(made[0], acceptor);
                }));
        return made[0];
    }

    /** Makes something that uses an engine. If that throws, there is no link that might tell of its end. */
    private <T> T used(SSLEngine engine, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (RuntimeException | Error refused) {
            settings.engines().release(engine);
            throw refused;
        }
    }

    private static LinkHandler handled(TlsLink link, LinkAcceptor acceptor) {
        link.handledBy(acceptor.accept(link));
        return link;
    }

    @Override
    public void close() {
        try {
            below.close();
        } finally {
            if (threads != null) {
                threads.close();
            }
        }
    }

    private static long nanosOf(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException longerThanAnyClock) {
            return Long.MAX_VALUE;
        }
    }

    /** Whom a link lets in, and when. */
    private final class Admission implements LinkOwner {
        private final Optional<PeerId> expected;
        private final long limitNanos;

        Admission(Optional<PeerId> expected, long limitNanos) {
            this.expected = expected;
            this.limitNanos = limitNanos;
        }

        @Override
        public Optional<PeerId> admit(SSLSession session) {
            Optional<PeerId> peer = proven(session);
            Optional<String> refusal = peer.isPresent()
                    ? Pinning.refusal(peer.get(), expected, settings.trust())
                    : expected.map(wanted -> "no certificate (expected: that of peer " + wanted + ")");
            if (refusal.isPresent()) {
                throw new HandshakeException(Failure.IDENTITY, "TLS handshake: " + refusal.get());
            }
            return peer;
        }

        private static Optional<PeerId> proven(SSLSession session) {
            try {
                Certificate shown = session.getPeerCertificates()[0];
                return Optional.of(PeerId.ofKey(shown.getPublicKey()));
            } catch (SSLPeerUnverifiedException nobody) {
                return Optional.empty();
            }
        }

        @Override
        public Executor tasks() {
            return tasks;
        }

        @Override
        public BufferMemory memory() {
            return memory;
        }

        @Override
        public void release(SSLEngine engine) {
            settings.engines().release(engine);
        }

        @Override
        public long handshakeNanos() {
            return limitNanos;
        }
    }
}
