/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionStats;
import io.softclose.net.HandshakeException;
import io.softclose.net.LaneAccount;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.spi.Require;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What a network does and how it fares, as meters in Micrometer's registries: give it to {@link NetworkBuilder#addEvents}, bind it to a
 * registry, and have it {@link #watch} the network for the meters of {@linkplain Peer peers}. The meters are listed in docs/metrics.md.
 * The log has its lines all the same.
 *
 * <p>Counters are of all connections, those gone included, and never go back. No tag has an address or a peer, so there are as many
 * series as lanes and protocols make of them, whoever connects. Of several networks in one registry each needs one of these, with tags
 * that tell them apart: of two meters with the same name and tags a registry keeps the first.
 *
 * <p>All meters of a scrape are of one look at the network, which asks each connection and each known peer once for its stats; a look
 * serves for a second unless something else is said. A loop that tells of a connection never waits for it.
 *
 * <p>Thread-safe. {@link #close} it once its networks have shut down, so that its meters leave the registries.
 */
@SuppressWarnings("exports") // Micrometer is optional
public final class NetworkMetrics implements NetworkEvents, MeterBinder, AutoCloseable {
    private static final Duration FRESH_FOR = Duration.ofSeconds(1);

    private final Tags tags;
    private final long freshNanos;
    private final LongSupplier nanoTime;

    private final List<Network> networks = new CopyOnWriteArrayList<>();
    private final List<Meters> bound = new CopyOnWriteArrayList<>();
    private final Set<String> lanes = ConcurrentHashMap.newKeySet();
    private final Map<Told.Series, LongAdder> told = new ConcurrentHashMap<>();

    /** Held for as long as it takes to move a connection, or to copy the set: loops take it. */
    private final Object moves = new Object();
    // Guarded by that: each connection is in one of the two.
    private final Set<Connection> open = new LinkedHashSet<>();
    private final Sums closed = new Sums();

    /** Held for as long as a look takes; no loop takes it. */
    private final Object looking = new Object();
    // Guarded by that.
    private Look last = Look.NONE;
    private boolean looked;
    private long lookedAt;

    /** Without tags of its own. */
    public NetworkMetrics() {
        this(List.of());
    }

    /**
     * Whose meters all have these tags, such as {@code Tags.of("network", "validator")}.
     *
     * @param tags besides those that tell a meter's series apart
     */
    public NetworkMetrics(Iterable<Tag> tags) {
        this(tags, FRESH_FOR);
    }

    /**
     * The same, with another bound on how often the network is looked at.
     *
     * @param freshFor for how long a look serves; zero to look anew for each meter, as tests of an application may
     * @throws IllegalArgumentException if it is negative
     */
    public NetworkMetrics(Iterable<Tag> tags, Duration freshFor) {
        this(tags, freshFor, System::nanoTime);
    }

    NetworkMetrics(Iterable<Tag> tags, Duration freshFor, LongSupplier nanoTime) {
        this.tags = Tags.of(requireNonNull(tags, "tags"));
        Require.notNegative("freshFor", freshFor);
        freshNanos = freshFor.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * Looks at this network's peers as well, from now on, until it has shut down. Once for each network.
     *
     * @return this
     */
    public NetworkMetrics watch(Network network) {
        networks.add(requireNonNull(network, "network"));
        return this;
    }

    /**
     * Registers the meters. Those of lanes and protocols follow as these become known, with the first connection. What was counted
     * before is in all but the timer of closes. Binding twice to one registry has no effect.
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        requireNonNull(registry, "registry");
        if (bound.stream().noneMatch(meters -> meters.areIn(registry))) {
            Meters meters = new Meters(registry, this, tags);
            bound.add(meters);
            // In this order: what comes in between is seen by one of the two.
            lanes.forEach(meters::see);
            told.keySet().forEach(meters::see);
        }
    }

    /** Takes its meters out of all registries. What it is told it counts still. Idempotent. */
    @Override
    public synchronized void close() {
        List<Meters> all = List.copyOf(bound);
        bound.clear();
        all.forEach(Meters::remove);
    }

    @Override
    public boolean takesLinesOver() {
        return false;
    }

    /** What the network has now, or had a moment ago. Any thread but a loop. */
    Look look() {
        Look now;
        synchronized (looking) {
            if (!looked || nanoTime.getAsLong() - lookedAt >= freshNanos) {
                last = lookAnew();
                lookedAt = nanoTime.getAsLong();
                looked = true;
            }
            now = last;
        }
        now.lanes().forEach(this::seeLane);
        return now;
    }

    private Look lookAnew() {
        Sums sums = new Sums();
        List<Connection> connections;
        synchronized (moves) {
            connections = new ArrayList<>(open);
            sums.add(closed);
        }
        Look look = new Look(sums);
        connections.forEach(look::add);
        for (Network network : networks) {
            network.peers().forEach(peer -> look.add(peer.stats()));
        }
        networks.removeIf(NetworkMetrics::isOver);
        // Times and late outcomes may seem to go back a little when a connection ends.
        look.after(last);
        return look;
    }

    private static boolean isOver(Network network) {
        return network.closing() && network.connections().isEmpty();
    }

    double told(Told.Series one) {
        LongAdder counted = told.get(one);
        return counted == null ? 0 : counted.sum();
    }

    private void count(Told.Series one, long more) {
        LongAdder counter = told.get(one);
        if (counter == null) {
            counter = told.computeIfAbsent(one, any -> new LongAdder());
            bound.forEach(meters -> meters.see(one));
        }
        counter.add(more);
    }

    private void seeLane(String lane) {
        if (lanes.add(lane)) {
            bound.forEach(meters -> meters.see(lane));
        }
    }

    @Override
    public void connected(Connection connection) {
        synchronized (moves) {
            open.add(requireNonNull(connection, "connection"));
        }
        count(Told.opened(connection.direction()), 1);
        connection.account().lanes().stream().map(LaneAccount::lane).forEach(this::seeLane);
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        ConnectionStats stats = connection.stats();
        synchronized (moves) {
            open.remove(connection);
            closed.add(stats);
        }
        count(Told.closed(report.reason(), report.ending()), 1);
        count(Told.GIVEN_UP.only(), report.unhandled());
        report.account().lanes().stream().map(LaneAccount::lane).forEach(this::seeLane);
        bound.forEach(meters -> meters.closed(report));
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        count(Told.refused(cause.failure()), 1);
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        count(Told.VIOLATIONS.only(), 1);
    }

    @Override
    public void unhandled(Connection connection, ProtocolId protocol) {
        count(Told.unhandled(protocol), 1);
    }

    @Override
    public void writeStalled(Connection connection, Duration takenNothingFor) {
        count(Told.STALLED.only(), 1);
    }

    @Override
    public void waitedInVain(Peer peer, ReturnedMessage message) {
        seeLane(message.lane());
        count(Told.returned(message.lane(), message.outcome()), 1);
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        count(Told.CALLBACKS.only(), 1);
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        count(Told.SHUTDOWNS.only(), 1);
    }
}
