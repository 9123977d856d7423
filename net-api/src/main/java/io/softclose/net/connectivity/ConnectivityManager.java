/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.connectivity;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Connection;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Network;
import io.softclose.net.NetworkException;
import io.softclose.net.PeerId;
import io.softclose.net.spi.Scheduler;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a network connected to the peers that it trusts, and to nobody else. Every {@link ConnectivitySettings#interval} it
 *
 * <ul>
 *   <li>closes connections of peers that are trusted no more, as {@link DisconnectReason#STALE_CONNECTION}, which lets what
 *       waits go first, and ends their dials;
 *   <li>dials each trusted peer that has an address and no connection: its addresses in turn, and after a failure later each time.
 * </ul>
 *
 * <p>Peers are judged by who they have {@linkplain Connection#provenPeer proved} to be. A connection that this network dialled and on
 * which the peer proves nothing counts for whoever was expected there. An inbound one of which nobody knows whose it is stays
 * as it is: who may come in is for the transport to say.
 *
 * <p>Thread-safe. It works in tasks of {@link Network#scheduler}. A network that shuts down ends it: with its next look, after an
 * interval at most.
 */
public final class ConnectivityManager implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.softclose.net");

    private final Network network;
    private final Supplier<Set<PeerId>> trusted;
    private final ConnectivitySettings settings;
    private final RandomGenerator random;
    private final Scheduler scheduler;

    // Shared.
    private final Map<PeerId, List<SocketAddress>> addresses = new ConcurrentHashMap<>();
    private final Map<PeerId, PeerConnectivity> views = new ConcurrentHashMap<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;

    // Confined to the scheduler's tasks.
    private final Map<PeerId, Candidate> candidates = new TreeMap<>();
    private Scheduler.@Nullable Timer next;

    /**
     * A manager that does nothing before its {@link #start}.
     *
     * @param trusted who is trusted now: asked at each look, so it may change at any time, such as {@code
     *     TrustedPeers::peers} of TLS; must not block. If it throws, that is logged, and it is asked again at the next look
     */
    public ConnectivityManager(Network network, Supplier<Set<PeerId>> trusted, ConnectivitySettings settings) {
        this(network, trusted, settings, new Random());
    }

    /**
     * As {@link #ConnectivityManager(Network, Supplier, ConnectivitySettings)}.
     *
     * @param random decides on jitter, and on who comes first if not all can be dialled; used by one thread at a time
     */
    public ConnectivityManager(
            Network network, Supplier<Set<PeerId>> trusted, ConnectivitySettings settings, RandomGenerator random) {
        this.network = requireNonNull(network, "network");
        this.trusted = requireNonNull(trusted, "trusted");
        this.settings = requireNonNull(settings, "settings");
        this.random = requireNonNull(random, "random");
        scheduler = network.scheduler();
    }

    /**
     * Looks after the network from now on: at once, and then every interval.
     *
     * @throws IllegalStateException if it was started before
     * @throws NetworkException if the network has been shut down
     */
    public void start() {
        if (started.getAndSet(true)) {
            throw new IllegalStateException("start: called again (expected: once)");
        }
        scheduler.schedule(0, this::look);
    }

    /**
     * Where a peer may be reached, instead of what was said before. Takes effect with the next look; other addresses than before
     * are dialled as those of a peer that never failed. Whether the peer is trusted is another question.
     *
     * @param known in the order in which they are to be tried, as {@link Network#dial(PeerId, SocketAddress)} takes them; none
     *     for a peer that is not to be dialled
     */
    public void addresses(PeerId peer, List<SocketAddress> known) {
        requireNonNull(peer, "peer");
        List<SocketAddress> copy = List.copyOf(known);
        if (copy.isEmpty()) {
            addresses.remove(peer);
        } else {
            addresses.put(peer, copy);
        }
    }

    /** As {@link #addresses(PeerId, List)} for each of these, and no address of anybody else. */
    public void addresses(Map<PeerId, List<SocketAddress>> known) {
        Map<PeerId, List<SocketAddress>> copy = Map.copyOf(known);
        addresses.keySet().retainAll(copy.keySet());
        copy.forEach(this::addresses);
    }

    /** How the network stands with each trusted peer, as of the last look or dial; not with itself. A copy. */
    public Map<PeerId, PeerConnectivity> peers() {
        return new TreeMap<>(views);
    }

    /**
     * Dials and closes nothing more, and ends its dials that are on their way. Open connections stay. Does not wait: the
     * look that is under way may still dial, and ends that itself. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        if (!started.get()) {
            return;
        }
        try {
            scheduler.schedule(0, this::stop);
        } catch (RejectedExecutionException stopped) {
            // No task of ours runs any more, and the transport has ended every dial.
        }
    }

    private void stop() {
        if (next != null) {
            next.cancel();
        }
        candidates.values().forEach(candidate -> giveUp(candidate, DisconnectReason.REQUESTED_BY_PEER_MANAGER));
        candidates.clear();
        views.clear();
    }

    private void look() {
        if (closed) {
            return;
        }
        if (network.closing()) {
            closed = true;
            stop();
            return;
        }
        try {
            look(Set.copyOf(trusted.get()), scheduler.nanoTime());
        } catch (RuntimeException failure) {
            LOG.log(
                    Level.WARNING,
                    "connectivity of " + network.peerId() + ": a look failed, the next one follows",
                    failure);
        } finally {
            next = scheduler.schedule(settings.interval().toNanos(), this::look);
        }
    }

    private void look(Set<PeerId> allowed, long now) {
        List<Connection> connections = network.connections();
        closeStale(connections, allowed);
        Map<PeerId, Connection> present = present(connections);
        Iterator<Map.Entry<PeerId, Candidate>> known = candidates.entrySet().iterator();
        while (known.hasNext()) {
            Map.Entry<PeerId, Candidate> one = known.next();
            if (!allowed.contains(one.getKey())) {
                known.remove();
                views.remove(one.getKey());
                giveUp(one.getValue(), DisconnectReason.STALE_CONNECTION);
            }
        }
        for (PeerId peer : allowed) {
            if (!peer.equals(network.peerId())) {
                Candidate candidate = candidates.computeIfAbsent(peer, added -> new Candidate(settings, now));
                candidate.addresses(addresses.getOrDefault(peer, List.of()), now);
                candidate.seen(present.get(peer), now);
                views.put(peer, candidate.view(now));
            }
        }
        planDials(placesLeft(connections), now);
    }

    private static void closeStale(List<Connection> connections, Set<PeerId> allowed) {
        for (Connection connection : connections) {
            Optional<PeerId> peer = peerOf(connection);
            if (peer.isPresent()
                    && !allowed.contains(peer.get())
                    && !connection.state().closing()) {
                var unused = connection.close(DisconnectReason.STALE_CONNECTION);
            }
        }
    }

    private static void giveUp(Candidate candidate, DisconnectReason reason) {
        candidate.cancelTimer();
        Connection unwanted = candidate.dialOnItsWay();
        if (unwanted != null) {
            var unused = unwanted.close(reason);
        }
    }

    /** Who has a connection that is not being closed: an open one, if there is one. */
    private static Map<PeerId, Connection> present(List<Connection> connections) {
        Map<PeerId, Connection> present = new HashMap<>();
        for (Connection connection : connections) {
            Optional<PeerId> peer = peerOf(connection);
            if (peer.isPresent() && !connection.state().closing()) {
                present.merge(peer.get(), connection, (one, other) -> isOpen(one) ? one : other);
            }
        }
        return present;
    }

    private static boolean isOpen(Connection connection) {
        return connection.state() == ConnectionState.OPEN;
    }

    /** Whose connection it is, as far as it is known or was meant. */
    private static Optional<PeerId> peerOf(Connection connection) {
        Optional<PeerId> proven = connection.provenPeer();
        if (proven.isPresent() || connection.direction() == Direction.INBOUND) {
            return proven;
        }
        PeerId meant = connection.peer();
        // Whoever dials nobody in particular has an id that stands for the address.
        return meant.equals(PeerId.ofAddress(connection.remoteAddress())) ? Optional.empty() : Optional.of(meant);
    }

    private int placesLeft(List<Connection> connections) {
        long taken = connections.stream()
                        .filter(ConnectivityManager::takesPlace)
                        .count()
                + candidates.values().stream().filter(Candidate::hasTimer).count();
        return (int) Math.max(0, settings.maxOutbound() - taken);
    }

    private static boolean takesPlace(Connection connection) {
        return connection.direction() == Direction.OUTBOUND
                && !connection.state().closing();
    }

    /** Sets timers for those whose time comes before the next look: first those that failed least. */
    private void planDials(int places, long now) {
        List<PeerId> due = new ArrayList<>();
        candidates.forEach((peer, candidate) -> {
            boolean wanted = candidate.hasAddress() && !candidate.isConnected() && !candidate.hasTimer();
            if (wanted && candidate.dueAt() - now < settings.interval().toNanos()) {
                due.add(peer);
            }
        });
        shuffle(due);
        due.sort(Comparator.comparingInt(peer -> candidateOf(peer).failures()));
        for (PeerId peer : due.subList(0, Math.min(places, due.size()))) {
            Candidate candidate = candidateOf(peer);
            long jitter = settings.jitter().isZero()
                    ? 0
                    : random.nextLong(settings.jitter().toNanos() + 1);
            long delay = Math.max(0, candidate.dueAt() - now) + jitter;
            candidate.timer(scheduler.schedule(delay, () -> dial(peer, candidate)));
        }
    }

    private Candidate candidateOf(PeerId peer) {
        return requireNonNull(candidates.get(peer), "candidate");
    }

    private void shuffle(List<PeerId> peers) {
        for (int left = peers.size(); left > 1; left--) {
            int other = random.nextInt(left);
            PeerId last = peers.set(left - 1, peers.get(other));
            peers.set(other, last);
        }
    }

    private void dial(PeerId peer, Candidate candidate) {
        candidate.cancelTimer();
        Map<PeerId, Connection> present = present(network.connections());
        long now = scheduler.nanoTime();
        if (closed || candidates.get(peer) != candidate || present.containsKey(peer)) {
            return;
        }
        SocketAddress address = candidate.takeAddress();
        try {
            candidate.dialled(network.dial(peer, address));
        } catch (RuntimeException refused) {
            candidate.failed(address + ": " + refused.getMessage(), now);
        }
        views.put(peer, candidate.view(now));
    }
}
