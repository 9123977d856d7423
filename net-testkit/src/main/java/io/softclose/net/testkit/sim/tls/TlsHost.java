/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.tls;

import static java.util.Objects.requireNonNull;

import io.softclose.net.PeerId;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.sim.ledger.OwnStream;
import io.softclose.net.testkit.sim.world.Host;
import io.softclose.net.testkit.sim.world.LinkEnd;
import io.softclose.net.testkit.sim.world.World;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsEngines;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A host whose links speak TLS. The layer under test has somebody of the simulation's on either side of it, and another in
 * its engine, who see what passes through. Tasks of handshakes take virtual time, on no loop.
 */
public final class TlsHost implements Transport {
    private static final long MOST_TASK_NANOS = 3_000_000;

    private final World world;
    private final Host host;
    private final TlsIdentity identity;
    private final BiConsumer<LinkEnd, OwnStream> watcher;
    private final TlsTransport layered;

    /** Of the link that an acceptor is just being asked for. */
    private @Nullable SealedStream accepted;
    /** The link that an acceptor was last asked for. */
    private @Nullable WatchedLink watched;
    /** Of the dial that is just being made. */
    private @Nullable WatchedEngine dialling;

    /**
     * A node's transport.
     *
     * @param node its number, from 0 on
     * @param watcher told of each link, and of what passes through it, before anything does
     */
    public TlsHost(World world, Host host, int node, SplittableRandom random, BiConsumer<LinkEnd, OwnStream> watcher) {
        this.world = world;
        this.host = host;
        this.watcher = watcher;
        identity = NodeKeys.of(node);
        TlsEngines plain = TlsSettings.of(identity, PeerTrust.anyone()).engines();
        layered = TlsTransport.over(
                new Below(),
                TlsSettings.builder(PeerTrust.anyone())
                        .engines(new WatchedEngines(plain))
                        .executor(task -> world.after(Duration.ofNanos(random.nextLong(MOST_TASK_NANOS)), task))
                        .build());
    }

    /** Who this node proves to be. */
    public PeerId peerId() {
        return identity.peerId();
    }

    @Override
    public String name() {
        return layered.name();
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        return layered.listen(local, watched(acceptor));
    }

    @Override
    public EventLoop nextLoop() {
        return layered.nextLoop();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        try {
            layered.dial(loop, remote, timeout, watched(acceptor));
            return requireNonNull(watched, "watched");
        } finally {
            dialling = null;
        }
    }

    @Override
    public void close() {
        layered.close();
    }

    private LinkAcceptor watched(LinkAcceptor acceptor) {
        return new LinkAcceptor() {
            @Override
            public LinkHandler accept(Link link) {
                SealedStream stream = requireNonNull(accepted, "accepted");
                WatchedLink own = new WatchedLink(link, stream);
                watched = own;
                return new WatchedHandler(world, stream, acceptor.accept(own));
            }

            @Override
            public Optional<PeerId> expectedPeer() {
                return acceptor.expectedPeer();
            }
        };
    }

    /** A link is made, below. */
    private SealedStream made(Link link) {
        LinkEnd end = (LinkEnd) link;
        SealedStream stream = new SealedStream(world.scheduler(), end);
        accepted = stream;
        watcher.accept(end, stream);
        return stream;
    }

    /** What TLS is over: the host, and a look at each link that it makes. */
    private final class Below implements Transport {
        @Override
        public String name() {
            return host.name();
        }

        @Override
        public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
            return host.listen(local, link -> {
                made(link);
                return acceptor.accept(link);
            });
        }

        @Override
        public EventLoop nextLoop() {
            return host.nextLoop();
        }

        @Override
        public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
            return host.dial(loop, remote, timeout, link -> {
                requireNonNull(dialling, "dialling").watchedBy(made(link));
                return acceptor.accept(link);
            });
        }

        @Override
        public void close() {
            host.close();
        }
    }

    private final class WatchedEngines implements TlsEngines {
        private final TlsEngines engines;

        WatchedEngines(TlsEngines engines) {
            this.engines = engines;
        }

        @Override
        public SSLEngine dialling(Optional<PeerId> expected) {
            dialling = new WatchedEngine(engines.dialling(expected));
            return dialling;
        }

        @Override
        public SSLEngine accepting() {
            return new WatchedEngine(engines.accepting()).watchedBy(requireNonNull(accepted, "accepted"));
        }
    }
}
