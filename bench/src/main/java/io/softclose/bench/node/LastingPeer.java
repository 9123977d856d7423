/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerId;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One peer at one address, to whom a network is connected again as often as a connection ends, and what became of those connections. It
 * observes the network. Thread-safe.
 */
public final class LastingPeer implements NetworkEvents {
    /** Of reports, and of messages that came back, so many are kept; the others are counted. */
    static final int MOST_KEPT = 1_000;

    private static final ConnectivitySettings REDIALS = ConnectivitySettings.builder()
            .interval(Duration.ofMillis(250))
            .backoff(Duration.ofMillis(250), Duration.ofSeconds(2))
            .jitter(Duration.ZERO)
            .stableAfter(Duration.ofSeconds(1))
            .build();

    private final CountDownLatch closing = new CountDownLatch(1);

    // Guarded by this.
    private final Set<Connection> open = new HashSet<>();
    private final List<CloseReport> reports = new ArrayList<>();
    private final List<ReturnedMessage> returned = new ArrayList<>();
    private long connections;
    private long unclean;
    private long cameBack;
    private @Nullable Throwable notConnected;
    private @Nullable Peer peer;

    /**
     * What became of what was addressed to the peer, when its network has shut down.
     *
     * @param account of the peer
     * @param returned what waited for a connection in vain; {@value #MOST_KEPT} at most
     * @param cameBack how many that were, all together
     * @param reports of connections that had opened, in the order of their ends; {@value #MOST_KEPT} at most
     * @param connections how many had opened
     * @param unclean how many of them had something written and did not close cleanly, so that the peer may lack it
     * @param notConnected what became of the last dial that led to no connection, if none has ever opened
     */
    public record End(
            PeerAccount account,
            List<ReturnedMessage> returned,
            long cameBack,
            List<CloseReport> reports,
            long connections,
            long unclean,
            Optional<Throwable> notConnected) {}

    /** Has a network that this observes dial the peer, and dial it again. */
    public Peer keepConnected(Network network, PeerId id, SocketAddress address) {
        Peer kept = network.peer(id);
        synchronized (this) {
            peer = kept;
        }
        // It ends with the network.
        ConnectivityManager manager = new ConnectivityManager(network, () -> Set.of(id), REDIALS);
        manager.addresses(id, List.of(address));
        manager.start();
        return kept;
    }

    /** Waits until the network begins to shut down, or for so long. */
    void awaitClosing(long nanos) throws InterruptedException {
        var unused = closing.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Shuts the network down, and waits for it. */
    public End end(Network network, Duration budget) throws InterruptedException {
        try {
            var unused = network.shutdown(budget).toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a shutdown does not fail", e.getCause());
        }
        synchronized (this) {
            return new End(
                    requireNonNull(peer, "peer").account(),
                    List.copyOf(returned),
                    cameBack,
                    List.copyOf(reports),
                    connections,
                    unclean,
                    connections > 0 ? Optional.empty() : Optional.ofNullable(notConnected));
        }
    }

    @Override
    public void connected(Connection connection) {
        NetworkEvents.super.connected(connection);
        synchronized (this) {
            connections++;
            open.add(connection);
        }
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        NetworkEvents.super.disconnected(connection, report);
        synchronized (this) {
            if (!open.remove(connection)) {
                notConnected = report.error().orElseGet(() -> new IllegalStateException(report.detail()));
                return;
            }
            unclean += report.account().count(Outcome.WRITTEN) > 0 && !report.clean() ? 1 : 0;
            if (reports.size() < MOST_KEPT) {
                reports.add(report);
            }
        }
    }

    @Override
    public void waitedInVain(Peer addressed, ReturnedMessage message) {
        NetworkEvents.super.waitedInVain(addressed, message);
        synchronized (this) {
            cameBack++;
            if (returned.size() < MOST_KEPT) {
                returned.add(message);
            }
        }
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        NetworkEvents.super.shuttingDown(timeLeft);
        closing.countDown();
    }
}
