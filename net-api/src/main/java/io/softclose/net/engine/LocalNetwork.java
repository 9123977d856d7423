/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Network;
import io.softclose.net.NetworkException;
import io.softclose.net.PeerId;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.wire.HandshakeMsg;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The local node: owns listeners and connections, and shuts them down. Thread-safe. */
public final class LocalNetwork implements Network {
    /** AptosNet's TRANSPORT_TIMEOUT, its limit for flushing and closing. */
    private static final Duration DEFAULT_BUDGET = Duration.ofSeconds(30);

    private final NetworkSettings settings;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, PeerConnection> connections = new ConcurrentHashMap<>();
    private final Map<EventLoop, BatchPool> batches = new ConcurrentHashMap<>();
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final ConnectionEngine.Registry registry;

    // Guarded by this: never held while calling anything that is not ours.
    private final Object lock = new Object();
    /** Connections of which not everybody has been told that they have closed. */
    private int alive;

    private int inbound;
    private boolean shuttingDown;
    private long shutdownStarted;
    private final List<CloseReport> shutdownReports = new ArrayList<>();
    private boolean finishing;

    private final CompletableFuture<ShutdownReport> shutdown = new CompletableFuture<>();

    /**
     * A network that has opened nothing yet.
     *
     * @throws IllegalArgumentException if the settings make no handshake message, because a name is too long
     */
    public LocalNetwork(NetworkSettings settings) {
        this.settings = settings;
        ours(settings).encode();
        registry = new ConnectionRegistry();
    }

    /** What this node says of itself in every handshake. */
    static HandshakeMsg ours(NetworkSettings settings) {
        return HandshakeMsg.v1(settings.protocols(), settings.chainId(), settings.networkId());
    }

    @Override
    public PeerId peerId() {
        return settings.peerId();
    }

    @Override
    public Listener listen(SocketAddress local) throws IOException {
        requireRunning();
        Listener bound = settings.transport().listen(requireNonNull(local, "local"), this::accept);
        Listener listener = new RegisteredListener(bound);
        listeners.add(listener);
        if (isShuttingDown()) {
            listener.close();
            requireRunning();
        }
        return listener;
    }

    @Override
    public Connection dial(PeerId peer, SocketAddress remote) {
        return dial(Optional.of(peer), remote);
    }

    @Override
    public Connection dial(SocketAddress remote) {
        return dial(Optional.empty(), remote);
    }

    private Connection dial(Optional<PeerId> peer, SocketAddress remote) {
        requireRunning();
        requireNonNull(remote, "remote");
        Dialled dialled = new Dialled();
        settings.transport().dial(remote, settings.limits().dialTimeout(), link -> {
            PeerConnection connection = connect(Direction.OUTBOUND, peer, link);
            dialled.connection = connection;
            return connection.linkHandler();
        });
        PeerConnection connection = requireNonNull(dialled.connection, "the transport asked for no handler");
        closeIfShuttingDown(connection);
        return connection;
    }

    @Override
    public List<Connection> connections() {
        return connections.values().stream()
                .filter(c -> c.direction() == Direction.OUTBOUND || c.wasOpen())
                .sorted(Comparator.comparingLong(PeerConnection::id))
                .map(Connection.class::cast)
                .toList();
    }

    @Override
    public CompletionStage<ShutdownReport> shutdown() {
        return shutdown(DEFAULT_BUDGET);
    }

    @Override
    public CompletionStage<ShutdownReport> shutdown(Duration budget) {
        long started = System.nanoTime();
        synchronized (lock) {
            if (!shuttingDown) {
                shuttingDown = true;
                shutdownStarted = started;
            }
        }
        // Read before the listeners are closed, which may take time: the budget is for all of it, on the loops' clocks.
        Map<EventLoop, Long> startedAt = new HashMap<>();
        batches.keySet().forEach(loop -> startedAt.put(loop, loop.nanoTime()));
        listeners.forEach(Listener::close);
        for (PeerConnection connection : connections.values()) {
            EventLoop loop = connection.loop();
            connection.closeBy(
                    DisconnectReason.NETWORK_SHUTDOWN,
                    startedAt.getOrDefault(loop, loop.nanoTime()) + Nanos.of(budget));
        }
        finishShutdown();
        return shutdown.minimalCompletionStage();
    }

    private LinkHandler accept(Link link) {
        boolean full;
        synchronized (lock) {
            full = shuttingDown || inbound >= settings.limits().maxInboundConnections();
            inbound += full ? 0 : 1;
        }
        if (full) {
            return new RefusedLink(link, settings);
        }
        PeerConnection connection = connect(Direction.INBOUND, Optional.empty(), link);
        closeIfShuttingDown(connection);
        return connection.linkHandler();
    }

    private PeerConnection connect(Direction direction, Optional<PeerId> peer, Link link) {
        BatchPool pool = batches.computeIfAbsent(link.loop(), loop -> new BatchPool());
        PeerConnection connection =
                new PeerConnection(ids.incrementAndGet(), direction, peer, link, settings, pool, registry);
        synchronized (lock) {
            alive++;
        }
        connections.put(connection.id(), connection);
        return connection;
    }

    private void closeIfShuttingDown(PeerConnection connection) {
        if (isShuttingDown()) {
            connection.close(DisconnectReason.NETWORK_SHUTDOWN, Duration.ZERO);
        }
    }

    /** Ends the shutdown once the last connection has told its end: off the loops, which the transport waits for. */
    private void finishShutdown() {
        synchronized (lock) {
            if (!shuttingDown || finishing || alive > 0) {
                return;
            }
            finishing = true;
        }
        if (settings.ownsTransport()) {
            new Thread(this::endShutdown, "softclose-shutdown").start();
        } else {
            endShutdown();
        }
    }

    private void endShutdown() {
        if (settings.ownsTransport()) {
            try {
                settings.transport().close();
            } catch (Throwable failure) {
                Log.thrown(Level.WARNING, settings.transport(), "close() threw", failure);
            }
        }
        ShutdownReport report;
        synchronized (lock) {
            report = new ShutdownReport(Duration.ofNanos(System.nanoTime() - shutdownStarted), shutdownReports);
        }
        shutdown.complete(report);
    }

    private boolean isShuttingDown() {
        synchronized (lock) {
            return shuttingDown;
        }
    }

    private void requireRunning() {
        if (isShuttingDown()) {
            throw new NetworkException("the network has been shut down");
        }
    }

    /** Where a dial's acceptor leaves its connection. */
    private static final class Dialled {
        @Nullable
        PeerConnection connection;
    }

    /** Forgets connections, in two steps: who is told that one has closed does not find it listed. */
    private final class ConnectionRegistry implements ConnectionEngine.Registry {
        private final InputBudget inputBudget =
                new InputBudget(settings.limits().inputBytes());

        @Override
        public InputBudget inputBudget() {
            return inputBudget;
        }

        @Override
        public void closed(PeerConnection connection) {
            connections.remove(connection.id());
            synchronized (lock) {
                inbound -= connection.direction() == Direction.INBOUND ? 1 : 0;
            }
        }

        @Override
        public void told(PeerConnection connection, @Nullable CloseReport report) {
            synchronized (lock) {
                alive--;
                if (shuttingDown && report != null) {
                    shutdownReports.add(report);
                }
            }
            finishShutdown();
        }
    }

    /** Forgets itself when closed. */
    private final class RegisteredListener implements Listener {
        private final Listener bound;

        RegisteredListener(Listener bound) {
            this.bound = bound;
        }

        @Override
        public SocketAddress localAddress() {
            return bound.localAddress();
        }

        @Override
        public void close() {
            listeners.remove(this);
            bound.close();
        }
    }
}
