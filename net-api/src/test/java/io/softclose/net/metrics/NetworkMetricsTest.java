/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.DisconnectReason;
import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.PeerStats;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which meters a network has, and what they show. */
class NetworkMetricsTest {
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final NetworkMetrics metrics = bound(Duration.ZERO);

    private NetworkMetrics bound(Duration freshFor) {
        NetworkMetrics made = new NetworkMetrics(Tags.of("network", freshFor.toString()), freshFor, now::get);
        made.bindTo(registry);
        return made;
    }

    @Test
    void aScrapeAsksEachConnectionAndPeerOnce() {
        NetworkMetrics scraped = bound(AN_HOUR);
        Connection one = Connections.open(Connections.stats(1));
        Connection other = Connections.open(Connections.stats(2));
        Peer peer = mock(Peer.class);
        when(peer.stats()).thenReturn(peerStats(true, 0, Duration.ZERO));
        scraped.watch(networkOf(peer));
        scraped.connected(one);
        scraped.connected(other);

        for (Meter meter : registry.getMeters()) {
            if (AN_HOUR.toString().equals(meter.getId().getTag("network"))) {
                meter.measure().forEach(measured -> measured.getValue());
            }
        }

        verify(one, times(1)).stats();
        verify(other, times(1)).stats();
        verify(peer, times(1)).stats();
    }

    @Test
    void aLookServesForItsTimeAndNoLonger() {
        NetworkMetrics scraped = new NetworkMetrics(List.of(), Duration.ofSeconds(1), now::get);
        scraped.bindTo(registry);
        assertEquals(0, scraped.look().of(Gauged.OPEN_INBOUND));
        scraped.connected(Connections.open(Connections.stats(1)));

        now.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
        assertEquals(0, scraped.look().of(Gauged.OPEN_INBOUND));
        now.addAndGet(1);

        assertEquals(1, scraped.look().of(Gauged.OPEN_INBOUND));
    }

    @Test
    void aCounterKeepsWhatConnectionsThatAreGoneHaveDone() {
        Connection first = Connections.open(Connections.stats(3));
        Connection second = Connections.open(Connections.stats(5));
        metrics.connected(first);
        metrics.connected(second);
        assertEquals(8, sent());
        assertEquals(8, ended(Outcome.WRITTEN));

        metrics.disconnected(first, Connections.report(first));
        metrics.disconnected(second, Connections.report(second));
        Connection third = Connections.open(Connections.stats(7));
        metrics.connected(third);

        assertEquals(15, sent());
        assertEquals(15, ended(Outcome.WRITTEN));
        assertEquals(15, counter("softclose.messages.accepted", "lane", "votes"));
        assertEquals(15, counter("softclose.requests.made", "result", "timed_out"));
    }

    /** For how long something was blocked is seen more exactly when it is over. */
    @Test
    void aCounterStaysWhereItWasWhenAConnectionEndsWithLess() {
        Connection connection = Connections.open(Connections.stats(10));
        metrics.connected(connection);
        assertEquals(10, counter("softclose.write.blocked"));
        when(connection.stats()).thenReturn(Connections.stats(9));

        metrics.disconnected(connection, Connections.report(connection));

        assertEquals(10, counter("softclose.write.blocked"));
    }

    /** Whenever the end of a connection meets a look, the connection is among the open ones or in the sums. */
    @Test
    void whoLooksWhileAConnectionEndsMissesNothingAndCountsNothingTwice() throws Exception {
        int rounds = 3_000;
        Connection connection = Connections.openForLong(Connections.stats(1));
        CloseReport report = Connections.report(connection);
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger looking = new AtomicInteger();
        AtomicInteger looked = new AtomicInteger();
        Thread loop = new Thread(() -> {
            for (int round = 1; round <= rounds; round++) {
                metrics.connected(connection);
                opened.set(round);
                await(looking, round);
                for (int later = 0; later < round % 100; later++) {
                    Thread.onSpinWait();
                }
                metrics.disconnected(connection, report);
                await(looked, round);
            }
        });
        loop.start();
        double amiss = 0;
        for (int round = 1; round <= rounds; round++) {
            await(opened, round);
            looking.set(round);
            double sent = metrics.look().of(Counted.SENT_BYTES);
            amiss += Math.abs(sent - round);
            looked.set(round);
        }
        loop.join();

        assertEquals(0, amiss);
        assertEquals(rounds, sent());
        assertEquals(rounds, ended(Outcome.WRITTEN));
        assertEquals(0, metrics.look().of(Gauged.OPEN_INBOUND));
    }

    @SuppressWarnings("ThreadPriorityCheck") // not relied on: it lets the other thread go on sooner
    private static void await(AtomicInteger counter, int round) {
        for (int looks = 1; counter.get() < round; looks++) {
            if (looks % 1_000 == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aConnectionThatEndsWhileItIsLookedAtCountsOnce() {
        Connection ends = Connections.open(Connections.stats(5));
        Connection before = Connections.open(Connections.stats(3));
        when(before.stats()).thenAnswer(asked -> {
            metrics.disconnected(ends, Connections.report(ends));
            return Connections.stats(3);
        });
        metrics.connected(before);
        metrics.connected(ends);

        assertEquals(8, metrics.look().of(Counted.SENT_BYTES));
    }

    @Test
    void gaugesAreOfWhatIsOpen() {
        Connection reading = Connections.open(Connections.stats(2));
        Connection paused = Connections.open(Connections.paused(Duration.ofSeconds(9)));
        when(paused.state()).thenReturn(ConnectionState.DRAINING);
        when(paused.direction()).thenReturn(Connection.Direction.OUTBOUND);
        metrics.connected(reading);
        metrics.connected(paused);

        assertEquals(1, gauge("softclose.connections", "state", "open", "direction", "inbound"));
        assertEquals(1, gauge("softclose.connections", "state", "closing", "direction", "outbound"));
        assertEquals(0, gauge("softclose.connections", "state", "open", "direction", "outbound"));
        assertEquals(1, gauge("softclose.connections.not.reading"));
        assertEquals(9, gauge("softclose.connections.silence.max"));
        assertEquals(3, gauge("softclose.messages.waiting", "lane", "votes"));
        assertEquals(300, gauge("softclose.messages.waiting.size", "lane", "votes"));

        metrics.disconnected(paused, Connections.report(paused));

        assertEquals(0, gauge("softclose.connections", "state", "closing", "direction", "outbound"));
        assertEquals(2, gauge("softclose.connections.silence.max"));
    }

    @Test
    void peersAreLookedAtOnceTheirNetworkIsWatched() {
        Peer waiting = mock(Peer.class);
        when(waiting.stats()).thenReturn(peerStats(false, 4, Duration.ofSeconds(6)));
        Peer connected = mock(Peer.class);
        when(connected.stats()).thenReturn(peerStats(true, 0, Duration.ZERO));
        assertEquals(0, gauge("softclose.peers", "connected", "false"));

        Network network = networkOf(waiting, connected);
        metrics.watch(network);

        assertEquals(1, gauge("softclose.peers", "connected", "false"));
        assertEquals(1, gauge("softclose.peers", "connected", "true"));
        assertEquals(6, gauge("softclose.peers.wait.max"));
        assertEquals(4, gauge("softclose.peers.messages.waiting", "lane", "votes"));
        assertEquals(40, gauge("softclose.peers.messages.waiting.size", "lane", "votes"));

        when(network.closing()).thenReturn(true);
        metrics.look();
        assertEquals(0, gauge("softclose.peers", "connected", "false"), "a network that is over");
    }

    @Test
    void eachEventHasACounter() {
        Connection connection = Connections.open(Connections.stats(1));
        metrics.connected(connection);
        metrics.inboundRefused(
                new InetSocketAddress(0), new HandshakeException(Failure.INVALID_CHAIN_ID, "deliberate"));
        metrics.protocolViolation(connection, "deliberate");
        metrics.unhandled(connection, ProtocolId.MEMPOOL_RPC);
        metrics.writeStalled(connection, Duration.ofSeconds(1));
        metrics.waitedInVain(
                mock(Peer.class),
                new ReturnedMessage(Message.of(ProtocolId.MEMPOOL_RPC, 0, new byte[1]), Outcome.EXPIRED, "votes"));
        metrics.callbackFailed(connection, "a handler", new IllegalStateException("deliberate"));
        metrics.shuttingDown(Duration.ZERO);
        metrics.disconnected(connection, Connections.report(connection));

        assertEquals(1, counter("softclose.connections.opened", "direction", "inbound"));
        assertEquals(1, counter("softclose.connections.refused", "failure", "invalid_chain_id"));
        assertEquals(1, counter("softclose.protocol.violations"));
        assertEquals(1, counter("softclose.protocol.unhandled", "protocol", "MempoolRpc"));
        assertEquals(1, counter("softclose.write.stalls"));
        assertEquals(1, counter("softclose.peers.messages.returned", "lane", "votes", "outcome", "expired"));
        assertEquals(1, counter("softclose.callbacks.failed"));
        assertEquals(1, counter("softclose.shutdowns"));
        assertEquals(2, counter("softclose.messages.given.up"));
        assertEquals(
                1,
                counter("softclose.connections.closed", "reason", "requested_by_peer_manager", "ending", "deadline"));
        assertEquals(
                3,
                registry.get("softclose.connection.close")
                        .tag("ending", "deadline")
                        .timer()
                        .totalTime(TimeUnit.SECONDS));
    }

    @Test
    void whatHasNotHappenedIsSeenAsZero() {
        for (DisconnectReason reason : DisconnectReason.values()) {
            for (CloseEnding ending : CloseEnding.values()) {
                assertEquals(
                        0,
                        counter(
                                "softclose.connections.closed",
                                "reason",
                                Told.tag(reason),
                                "ending",
                                Told.tag(ending)));
            }
        }
        for (Failure failure : Failure.values()) {
            assertEquals(0, counter("softclose.connections.refused", "failure", Told.tag(failure)));
        }
    }

    @Test
    void aRegistryThatIsBoundLateHasWhatWasCountedBefore() {
        Connection connection = Connections.open(Connections.stats(3));
        metrics.connected(connection);
        metrics.unhandled(connection, ProtocolId.MEMPOOL_RPC);
        SimpleMeterRegistry late = new SimpleMeterRegistry();

        metrics.bindTo(late);

        assertEquals(
                3, late.get("softclose.messages.accepted").functionCounter().count());
        assertEquals(
                1, late.get("softclose.protocol.unhandled").functionCounter().count());
    }

    @Test
    void bindingAgainChangesNothing() {
        metrics.bindTo(registry);
        Connection connection = Connections.open(Connections.stats(1));
        metrics.connected(connection);
        metrics.disconnected(connection, Connections.report(connection));

        assertEquals(
                1,
                registry.get("softclose.connection.close")
                        .tag("ending", "deadline")
                        .timer()
                        .count());
    }

    @Test
    void itsMetersLeaveWithIt() {
        metrics.connected(Connections.open(Connections.stats(1)));
        assertTrue(registry.getMeters().size() > 50);

        metrics.close();
        metrics.close();

        assertEquals(List.of(), registry.getMeters());
    }

    @Test
    void noTagHasAnAddressOrAPeer() {
        Connection connection = Connections.open(Connections.stats(1));
        metrics.connected(connection);
        metrics.unhandled(connection, ProtocolId.MEMPOOL_RPC);

        Set<String> keys = new TreeSet<>();
        registry.getMeters()
                .forEach(meter ->
                        meter.getId().getTags().stream().map(Tag::getKey).forEach(keys::add));

        assertEquals(
                Set.of(
                        "connected",
                        "direction",
                        "ending",
                        "failure",
                        "kind",
                        "lane",
                        "network",
                        "network.io.direction",
                        "outcome",
                        "protocol",
                        "reason",
                        "result",
                        "state"),
                keys);
    }

    @Test
    void aLookThatServesForLessThanNoTimeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new NetworkMetrics(List.of(), Duration.ofNanos(-1)));
    }

    private static Network networkOf(Peer... peers) {
        Network network = mock(Network.class);
        when(network.peers()).thenReturn(List.of(peers));
        return network;
    }

    private static PeerStats peerStats(boolean connected, long waiting, Duration longest) {
        return new PeerStats(
                new PeerAccount(new Account(List.of()), waiting, 0),
                connected,
                1,
                List.of(new Waiting("votes", waiting, waiting * 10)),
                longest);
    }

    private double sent() {
        return counter("softclose.network.io", "network.io.direction", "transmit");
    }

    private double ended(Outcome outcome) {
        return counter("softclose.messages.ended", "lane", "votes", "outcome", Told.tag(outcome));
    }

    private double counter(String name, String... tags) {
        return registry.get(name)
                .tags("network", Duration.ZERO.toString())
                .tags(tags)
                .functionCounter()
                .count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name)
                .tags("network", Duration.ZERO.toString())
                .tags(tags)
                .gauge()
                .value();
    }
}
