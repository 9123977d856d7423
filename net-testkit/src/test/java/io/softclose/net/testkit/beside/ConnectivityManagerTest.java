/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.beside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.connectivity.PeerConnectivity;
import io.softclose.net.connectivity.PeerConnectivity.State;
import io.softclose.net.testkit.beside.Town.Citizen;
import io.softclose.net.tls.TrustedPeers;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is dialled and when, and whose connections are closed: AptosNet's own cases, and some of ours. */
class ConnectivityManagerTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration JITTER = Duration.ofMillis(100);
    private static final ConnectivitySettings SETTINGS = ConnectivitySettings.defaults();

    @RegisterExtension
    final Town town = new Town(7);

    private final Citizen us = town.citizen("us");
    private final Citizen them = town.citizen("them");
    private final TrustedPeers trusted = TrustedPeers.of(us.id, them.id);

    private ConnectivityManager start(ConnectivitySettings settings) {
        ConnectivityManager manager =
                town.closing(new ConnectivityManager(us.network, trusted::peers, settings, new Random(11)));
        manager.start();
        return manager;
    }

    private ConnectivityManager start() {
        return start(SETTINGS);
    }

    private ConnectivityManager startKnowing(SocketAddress... addresses) {
        ConnectivityManager manager = start();
        manager.addresses(them.id, List.of(addresses));
        return manager;
    }

    private PeerConnectivity view(ConnectivityManager manager) {
        PeerConnectivity view = manager.peers().get(them.id);
        assertTrue(view != null, () -> "peers: " + manager.peers());
        return view;
    }

    /** Until the manager has looked and whoever it dials then is dialled and has answered. */
    private void aLook() {
        town.pass(INTERVAL.plus(JITTER).plusMillis(1));
    }

    /** When our links were dialled, rounded down to the second. */
    private List<Long> dialSeconds(Duration time) {
        List<Long> seconds = new ArrayList<>();
        int before = us.reports.size();
        Duration end = town.sim.now().plus(time);
        while (town.sim.now().compareTo(end) < 0) {
            town.pass(Duration.ofMillis(10));
            if (us.reports.size() > before) {
                before = us.reports.size();
                seconds.add(town.sim.now().toSeconds());
            }
        }
        return seconds;
    }

    // Dialling.

    @Test
    void aTrustedPeerWithAnAddressIsDialledAtOnce() {
        them.listens(1);
        ConnectivityManager manager = startKnowing(them.address(1));

        town.pass(JITTER.plusMillis(1));

        assertEquals(1, us.open().size());
        assertEquals(them.id, us.open().get(0).provenPeer().orElseThrow());
        town.pass(INTERVAL);
        assertEquals(State.CONNECTED, view(manager).state());
    }

    @Test
    void aPeerWhoseAddressBecomesKnownLaterIsDialledThen() {
        them.listens(1);
        ConnectivityManager manager = start();
        aLook();
        assertEquals(State.NO_ADDRESS, view(manager).state());

        manager.addresses(Map.of(them.id, List.of(them.address(1))));
        aLook();

        assertEquals(1, us.open().size());
    }

    @Test
    void aPeerThatBecomesTrustedLaterIsDialledThen() {
        them.listens(1);
        trusted.remove(them.id);
        ConnectivityManager manager = startKnowing(them.address(1));
        aLook();
        assertEquals(Map.of(), manager.peers());
        assertEquals(List.of(), us.open());

        trusted.add(them.id);
        aLook();

        assertEquals(1, us.open().size());
    }

    @Test
    void aPeerThatHasDialledUsIsNotDialled() {
        us.listens(2);
        them.listens(1);
        Connection theirs = them.network.dial(us.id, us.address(2));
        town.pass(Duration.ofMillis(10));
        ConnectivityManager manager = startKnowing(them.address(1));

        town.pass(INTERVAL.multipliedBy(3));

        assertEquals(List.of(theirs), them.open());
        assertEquals(State.CONNECTED, view(manager).state());
    }

    @Test
    void thisNodeDoesNotDialItself() {
        us.listens(2);
        ConnectivityManager manager = start();
        manager.addresses(us.id, List.of(us.address(2)));

        aLook();

        assertEquals(List.of(), us.network.connections());
        assertEquals(Set.of(them.id), manager.peers().keySet());
    }

    @Test
    void addressesAreDialledInTurnAndFromTheStartAgain() {
        ConnectivityManager manager = startKnowing(them.address(1), them.address(2), them.address(3));
        them.listens(1);
        them.listensNoMore();
        them.listens(3);

        town.pass(INTERVAL.multipliedBy(4));
        assertEquals(them.address(3), us.open().get(0).remoteAddress());
        assertEquals(2, us.reports.size());

        manager.addresses(them.id, List.of(them.address(3)));
        assertEquals(1, us.open().size());
    }

    @Test
    void otherAddressesAreDialledWithoutWaitingForTheOldOnesBackOff() {
        ConnectivityManager manager = startKnowing(them.address(1));
        town.pass(Duration.ofMinutes(3));
        assertTrue(view(manager).failures() >= 5, () -> "failures: " + view(manager));
        them.listens(2);

        manager.addresses(them.id, List.of(them.address(2)));
        aLook();

        assertEquals(1, us.open().size());
    }

    @Test
    void addressesSaidAgainChangeNothing() {
        ConnectivityManager manager = startKnowing(them.address(1));
        town.pass(Duration.ofMinutes(1));
        int failures = view(manager).failures();

        manager.addresses(them.id, List.of(them.address(1)));
        town.pass(Duration.ofMillis(1));

        assertEquals(failures, view(manager).failures());
    }

    // Back-off.

    @Test
    void afterEachFailureTheNextDialWaitsTwiceAsLongUpToTheMost() {
        startKnowing(them.address(1));

        List<Long> at = dialSeconds(Duration.ofMinutes(5));

        List<Long> waits = IntStream.range(1, at.size())
                .mapToObj(i -> at.get(i) - at.get(i - 1))
                .toList();
        // 2 and 4 s are over by the next look, which is when a failure is noticed; then 8, 16, 32, and 60 after it.
        assertTrue(at.size() > 7, () -> "dials at " + at);
        assertTrue(waits.get(0) >= 2 && waits.get(0) <= 8, () -> "waits: " + waits);
        for (int i = 1; i < waits.size(); i++) {
            long backoff = Math.min(60, 2L << i);
            long wait = waits.get(i);
            assertTrue(wait >= backoff && wait <= backoff + 6, () -> "waits: " + waits);
        }
    }

    @Test
    void everyKindOfFailureBacksOff() {
        ConnectivityManager manager = start();
        trusted.replace(Set.of(them.id));
        Citizen somebody = town.citizen("somebody").listens(1);
        Map<String, SocketAddress> bad = Map.of(
                "nobody listens", them.address(9),
                "somebody else answers", somebody.address(1),
                "an address of no kind",
                        new SocketAddress() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public String toString() {
                                return "nowhere";
                            }
                        });

        bad.forEach((how, address) -> {
            manager.addresses(them.id, List.of(address));
            town.pass(INTERVAL.multipliedBy(2).plus(JITTER));
            assertTrue(view(manager).failures() >= 1, () -> how + ": " + view(manager));
            assertTrue(view(manager).lastFailure().isPresent(), how);
            assertTrue(view(manager).failures() <= 3, () -> how + ": " + view(manager));
        });
    }

    @Test
    void aConnectionThatIsLostSoonIsAFailureToo() {
        them.listens(1);
        ConnectivityManager manager = startKnowing(them.address(1));
        for (int i = 1; i <= 3; i++) {
            town.sim.runUntil(() -> !them.open().isEmpty(), Duration.ofMinutes(2));
            town.pass(Duration.ofSeconds(1));
            them.open().get(0).abort();
            aLook();
            assertEquals(i, view(manager).failures());
        }

        assertEquals(State.WAITING, view(manager).state());
        assertTrue(view(manager).nextDial().compareTo(Duration.ofSeconds(1)) > 0);
        assertTrue(view(manager).lastFailure().orElseThrow().contains("lost too soon"));
    }

    @Test
    void onlyAConnectionThatStayedUpHasFailuresForgotten() {
        ConnectivityManager manager = startKnowing(them.address(1));
        town.pass(Duration.ofSeconds(20));
        assertTrue(view(manager).failures() >= 2);
        them.listens(1);
        town.sim.runUntil(() -> !us.open().isEmpty(), Duration.ofMinutes(2));
        aLook();
        assertTrue(view(manager).failures() >= 2, "connected, but not for long");

        town.pass(SETTINGS.stableAfter().plus(INTERVAL));

        assertEquals(new PeerConnectivity(State.CONNECTED, 0, Duration.ZERO, Optional.empty()), view(manager));
    }

    @Test
    void aLostConnectionThatHadStayedUpIsDialledAgainAtOnce() {
        them.listens(1);
        startKnowing(them.address(1));
        town.pass(SETTINGS.stableAfter().plus(INTERVAL.multipliedBy(2)));
        Connection first = us.open().get(0);

        them.open().get(0).abort();
        aLook();

        assertEquals(1, us.open().size());
        assertNotSame(first, us.open().get(0));
    }

    @Test
    void aConnectionThatTheApplicationClosesIsDialledAgainAfterItsBackOff() {
        them.listens(1);
        startKnowing(them.address(1));
        aLook();
        Connection first = us.open().get(0);

        first.close();
        town.pass(INTERVAL.multipliedBy(2));

        assertEquals(1, us.open().size());
        assertNotSame(first, us.open().get(0));
    }

    @Test
    void aConnectionThatGoesBecauseAnotherStaysIsNoFailureAtEitherEnd() {
        us.listens(2);
        them.listens(1);
        ConnectivityManager ours = startKnowing(them.address(1));
        ConnectivityManager theirs =
                town.closing(new ConnectivityManager(them.network, trusted::peers, SETTINGS, new Random(11)));
        theirs.addresses(us.id, List.of(us.address(2)));
        theirs.start();
        // Each has dialled the other at once, and one of the two goes.
        town.pass(JITTER.plusMillis(1));
        assertEquals(2, us.connected.size());
        aLook();

        assertEquals(1, us.open().size());
        assertEquals(new PeerConnectivity(State.CONNECTED, 0, Duration.ZERO, Optional.empty()), view(ours));
        assertEquals(view(ours), theirs.peers().get(us.id));
    }

    @Test
    void aConnectionThatWentAsADuplicateIsNoFailureThoughTheOtherIsGoneToo() {
        them.listens(1);
        ConnectivityManager manager = startKnowing(them.address(1));
        aLook();

        Connection newer = us.network.dial(them.id, them.address(1));
        town.sim.runUntil(() -> us.reports.size() == 1, Duration.ofSeconds(2));
        newer.abort();
        town.pass(INTERVAL);

        assertEquals(DisconnectReason.DUPLICATE_CONNECTION, us.reports.get(0).reason());
        assertEquals(0, view(manager).failures());
    }

    @Test
    void aConnectionThatWasClosedIsNoFailureIfThePeerHasDialledMeanwhile() {
        them.listens(1);
        us.listens(2);
        ConnectivityManager manager = startKnowing(them.address(1));
        aLook();

        us.open().get(0).close();
        them.network.dial(us.id, us.address(2));
        town.pass(INTERVAL);

        assertEquals(State.CONNECTED, view(manager).state());
        assertEquals(0, view(manager).failures());
    }

    // Staleness.

    @Test
    void aPeerThatIsTrustedNoMoreIsDisconnectedAndWhatWaitsGoesFirst() {
        them.listens(1);
        ConnectivityManager manager = startKnowing(them.address(1));
        aLook();
        Connection connection = us.open().get(0);
        List<Outcome> outcomes = new ArrayList<>();

        trusted.remove(them.id);
        assertEquals(
                SendResult.ACCEPTED,
                connection.send(Message.of(Town.PROTOCOL, 0, new byte[100]), (message, how) -> outcomes.add(how)));
        aLook();

        assertEquals(DisconnectReason.STALE_CONNECTION, us.reports.get(0).reason());
        assertTrue(us.reports.get(0).clean());
        assertEquals(List.of(Outcome.WRITTEN), outcomes);
        assertEquals(Map.of(), manager.peers());
        town.pass(INTERVAL.multipliedBy(3));
        assertEquals(List.of(), us.network.connections());
    }

    @Test
    void anInboundConnectionOfAPeerThatIsNotTrustedIsClosed() {
        us.listens(2);
        start();
        Citizen stranger = town.citizen("stranger");
        Connection theirs = stranger.network.dial(us.id, us.address(2));

        aLook();

        assertEquals(List.of(), us.open());
        assertTrue(theirs.closed().toCompletableFuture().isDone());
        assertEquals(DisconnectReason.STALE_CONNECTION, us.reports.get(0).reason());
    }

    @Test
    void aDialOfAPeerThatIsTrustedNoMoreIsEnded() {
        them.listens(1);
        town.sim.partition(us.host, them.host);
        startKnowing(them.address(1));
        aLook();
        Connection dial = us.network.connections().get(0);

        trusted.remove(them.id);
        aLook();

        assertTrue(dial.closed().toCompletableFuture().isDone());
        assertEquals(DisconnectReason.STALE_CONNECTION, us.reports.get(0).reason());
    }

    @Test
    void aDialThatIsPlannedForAPeerThatIsTrustedNoMoreDoesNotHappen() {
        ConnectivityManager manager = startKnowing(them.address(1));
        town.sim.runUntil(() -> manager.peers().containsKey(them.id), INTERVAL);
        trusted.remove(them.id);
        town.pass(INTERVAL.multipliedBy(3));

        assertEquals(Map.of(), manager.peers());
        assertTrue(us.reports.size() <= 1);
    }

    // Outbound limit.

    @Test
    void noMoreAreDialledThanThereMayBe() {
        List<Citizen> others = Stream.of("a", "b", "c", "d")
                .map(name -> town.citizen(name).listens(1))
                .toList();
        trusted.replace(Set.copyOf(others.stream().map(one -> one.id).toList()));
        ConnectivityManager manager =
                start(ConnectivitySettings.builder().maxOutbound(2).build());
        others.forEach(one -> manager.addresses(one.id, List.of(one.address(1))));

        town.pass(INTERVAL.multipliedBy(4));
        assertEquals(2, us.open().size());

        // One that is lost makes room for others, which have not failed.
        Connection lost = us.open().get(0);
        PeerId gone = lost.provenPeer().orElseThrow();
        lost.abort();
        aLook();
        assertEquals(2, us.open().size());
        assertTrue(us.open().stream()
                .noneMatch(connection -> connection.provenPeer().orElseThrow().equals(gone)));
    }

    // Its end.

    @Test
    void onceClosedItDialsNobodyAndLeavesOpenConnectionsAlone() {
        them.listens(1);
        ConnectivityManager manager = startKnowing(them.address(1));
        aLook();
        Connection open = us.open().get(0);
        manager.close();
        manager.close();
        trusted.remove(them.id);
        town.pass(INTERVAL.multipliedBy(3));

        assertSame(open, us.open().get(0));
        assertEquals(Map.of(), manager.peers());
    }

    @Test
    void itsCloseEndsItsDialsThatAreOnTheirWayAndNobodyElses() {
        them.listens(1);
        town.sim.partition(us.host, them.host);
        ConnectivityManager manager = startKnowing(them.address(1));
        town.pass(JITTER.plusMillis(1));
        Connection its = us.network.connections().get(0);
        Connection ours = us.network.dial(them.id, them.address(1));

        manager.close();
        town.pass(Duration.ofMillis(1));

        assertTrue(its.closed().toCompletableFuture().isDone());
        assertEquals(List.of(ours), us.network.connections());
    }

    @Test
    void aNetworkThatShutsDownEndsItThoughItsTransportGoesOn() {
        startKnowing(them.address(1));
        aLook();

        town.shutDown();
        town.pass(INTERVAL.multipliedBy(2));

        assertFalse(town.sim.step(), "nothing is to happen any more");
    }

    @Test
    void aTrustThatCannotBeAskedIsAskedAgainLater() {
        them.listens(1);
        boolean[] fails = {true};
        ConnectivityManager manager = town.closing(new ConnectivityManager(
                us.network,
                () -> {
                    if (fails[0]) {
                        fails[0] = false;
                        throw new IllegalStateException("cannot be asked now");
                    }
                    return trusted.peers();
                },
                SETTINGS));
        manager.addresses(them.id, List.of(them.address(1)));
        manager.start();

        town.pass(INTERVAL.plus(JITTER).plusMillis(1));

        assertEquals(1, us.open().size());
    }

    @Test
    void itDoesNothingBeforeItIsStartedAndStartsOnce() {
        them.listens(1);
        ConnectivityManager manager =
                town.closing(new ConnectivityManager(us.network, trusted::peers, SETTINGS, new Random(11)));
        manager.addresses(them.id, List.of(them.address(1)));
        aLook();
        assertEquals(List.of(), us.network.connections());

        manager.start();
        assertThrows(IllegalStateException.class, manager::start);
        aLook();

        assertEquals(1, us.open().size());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> ConnectivitySettings.builder().interval(Duration.ZERO).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> ConnectivitySettings.builder()
                        .backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))
                        .build());
        assertThrows(
                IllegalArgumentException.class,
                () -> ConnectivitySettings.builder().maxOutbound(0).build());
    }
}
