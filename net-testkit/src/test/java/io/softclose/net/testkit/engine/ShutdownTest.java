/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.NetworkException;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.fake.FakeLink;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The shutdown of a whole network.
 */
class ShutdownTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @RegisterExtension
    final Node node = new Node();

    @Test
    void everyConnectionIsClosedAndReported() {
        Conversation first = node.connect();
        Conversation second = node.welcome();
        first.sendAll(message("a"));

        CompletableFuture<ShutdownReport> done = node.network().shutdown().toCompletableFuture();
        node.pass(SECOND);
        assertFalse(done.isDone(), "the peers have not ended yet");
        first.peerEnds();
        second.peerEnds();

        ShutdownReport report = done.join();
        assertEquals(Set.of(first.report(), second.report()), Set.copyOf(report.connections()));
        assertFalse(report.duration().isNegative());
        assertTrue(report.balanced());
        assertTrue(report.connections().stream().allMatch(CloseReport::clean), report::toString);
        assertEquals(
                Set.of(DisconnectReason.NETWORK_SHUTDOWN),
                report.connections().stream().map(CloseReport::reason).collect(Collectors.toSet()));
        assertEquals(List.of("a"), first.received());
    }

    @Test
    void isOverOnlyOnceEverybodyHasBeenToldOfTheLastConnectionsEnd() {
        Conversation first = node.connect();
        Conversation second = node.connect();
        Conversation dialled = node.dial();
        List<String> told = new ArrayList<>();
        first.connection.closed().thenRun(() -> told.add("first"));
        second.connection.closed().thenRun(() -> told.add("second"));
        dialled.connection.opened().whenComplete((connection, failure) -> told.add("dialled"));
        dialled.connection.closed().thenRun(() -> told.add("dialled"));

        node.network()
                .shutdown()
                .thenRun(() -> told.add("shut down after " + node.events.disconnected.size() + " disconnected"));
        node.run();
        first.peerEnds();
        second.peerEnds();

        assertEquals(List.of("dialled", "dialled", "first", "second", "shut down after 3 disconnected"), told);
    }

    @Test
    void whoeverIsToldOfAConnectionsEndFindsItListedNoLonger() {
        List<List<Connection>> listed = new ArrayList<>();
        Conversation talk = node.connect();
        talk.connection.closed().thenRun(() -> listed.add(node.network().connections()));
        node.events.whenDisconnected(() -> listed.add(node.network().connections()));

        talk.connection.abort();
        node.run();

        assertEquals(List.of(List.of(), List.of()), listed);
    }

    @Test
    void aNetworkWithoutConnectionsIsDoneAtOnce() {
        CompletableFuture<ShutdownReport> done = node.network().shutdown().toCompletableFuture();
        node.run();

        assertEquals(List.of(), done.join().connections());
    }

    @Test
    void theBudgetIsCountedOnTheLoopsClock() {
        node.policy.plans(Admission.SEAL, MINUTE, MINUTE);
        Conversation silent = node.connect();

        node.network().shutdown(SECOND);
        node.pass(SECOND.minusNanos(1));
        assertFalse(silent.isClosed(), "closed a nanosecond too early");
        node.pass(Duration.ofNanos(1));

        assertEquals(CloseEnding.DEADLINE, silent.report().ending());
    }

    @Test
    void listenersStopFirst() {
        List<List<? extends SocketAddress>> listening = new ArrayList<>();
        node.policy.plans(reason -> {
            listening.add(node.transport.listening());
            return new ClosePlan(Admission.SEAL, SECOND, SECOND);
        });
        node.welcome();

        node.network().shutdown();
        node.run();

        assertEquals(List.of(List.of()), listening);
    }

    @Test
    void itIsAnnouncedBeforeAnythingElseAndWhatIsSentThenStillGoes() {
        List<Duration> announced = new ArrayList<>();
        Conversation talk = node.connect();
        node.events.whenShuttingDown(timeLeft -> {
            announced.add(timeLeft);
            talk.sendAll(message("the last"));
        });

        node.network().shutdown(MINUTE);
        node.network().shutdown(SECOND);
        node.run();

        assertEquals(List.of(MINUTE), announced);
        assertEquals(List.of("the last"), talk.received());
    }

    @Test
    void theTimeOfTheAnnouncementIsPartOfTheBudget() {
        node.policy.plans(Admission.SEAL, MINUTE, MINUTE);
        Conversation talk = stuck();
        node.events.whenShuttingDown(timeLeft -> node.pass(SECOND));

        node.network().shutdown(SECOND);
        node.run();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void anAnnouncementThatThrowsChangesNothing() {
        Conversation talk = node.connect();
        node.events.whenShuttingDown(timeLeft -> {
            throw new IllegalStateException("deliberate");
        });

        node.network().shutdown(MINUTE);
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void aShutdownThatIsOrderedInItsOwnAnnouncementIsTheSame() {
        Conversation talk = stuck();
        node.events.whenShuttingDown(timeLeft -> node.network().shutdown(SECOND));

        CompletableFuture<ShutdownReport> done = node.network().shutdown(MINUTE).toCompletableFuture();
        node.pass(SECOND);

        assertEquals(List.of(talk.report()), done.join().connections());
    }

    @Test
    void theReportTellsOfEachPeer() {
        Conversation one = node.connect();
        Conversation same = node.connect();
        Conversation other = node.welcome();
        CompletableFuture<ShutdownReport> done = node.network().shutdown(SECOND).toCompletableFuture();
        node.pass(SECOND);

        assertEquals(one.connection.peer(), same.connection.peer());
        assertEquals(
                Map.of(
                        one.connection.peer(), List.of(one.report(), same.report()),
                        other.connection.peer(), List.of(other.report())),
                done.join().byPeer());
    }

    @Test
    void allConnectionsShareTheBudget() {
        node.policy.plans(Admission.SEAL, MINUTE.multipliedBy(5), MINUTE.multipliedBy(5));
        Conversation one = stuck();
        Conversation other = stuck();

        CompletableFuture<ShutdownReport> done = node.network().shutdown(MINUTE).toCompletableFuture();
        node.pass(MINUTE.dividedBy(2));
        assertFalse(done.isDone());
        node.pass(MINUTE.dividedBy(2));

        assertTrue(done.isDone());
        for (Conversation talk : List.of(one, other)) {
            assertEquals(CloseEnding.DEADLINE, talk.report().ending());
            assertEquals(List.of("half UNSENT"), talk.returned());
        }
    }

    @Test
    void aPolicysShorterDeadlineHoldsWithinTheBudget() {
        node.policy.plans(Admission.SEAL, SECOND, SECOND.multipliedBy(60));
        Conversation talk = stuck();

        node.network().shutdown(MINUTE);
        node.pass(SECOND);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aSecondShutdownWithAShorterBudgetWins() {
        Conversation talk = stuck();
        CompletableFuture<ShutdownReport> first =
                node.network().shutdown(MINUTE).toCompletableFuture();
        node.pass(SECOND);

        CompletableFuture<ShutdownReport> second =
                node.network().shutdown(SECOND).toCompletableFuture();
        node.pass(SECOND);

        assertSame(first.join(), second.join());
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aSecondShutdownWithALongerBudgetChangesNothing() {
        Conversation talk = stuck();
        node.network().shutdown(SECOND);

        node.network().shutdown(MINUTE);
        node.pass(SECOND);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void aConnectionThatIsClosingAlreadyKeepsItsReasonAndIsReported() {
        Conversation talk = stuck();
        talk.connection.close(DisconnectReason.STALE_CONNECTION);
        node.run();

        CompletableFuture<ShutdownReport> done = node.network().shutdown(SECOND).toCompletableFuture();
        node.pass(SECOND);

        assertEquals(List.of(talk.report()), done.join().connections());
        assertEquals(DisconnectReason.STALE_CONNECTION, talk.report().reason());
    }

    @Test
    void aDialUnderWayIsCancelled() {
        node.transport.dialsHang();
        Conversation talk = node.dial();
        node.run();

        CompletableFuture<ShutdownReport> done = node.network().shutdown().toCompletableFuture();
        node.run();

        assertTrue(done.isDone());
        assertEquals(DisconnectReason.NETWORK_SHUTDOWN, talk.report().reason());
        assertTrue(talk.connection.opened().toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void handshakesUnderWayAreEnded() {
        Conversation dialled = node.dial();
        node.run();
        FakeLink accepted = node.accept();

        CompletableFuture<ShutdownReport> done = node.network().shutdown().toCompletableFuture();
        node.run();

        assertTrue(done.isDone());
        assertTrue(dialled.isClosed());
        assertTrue(accepted.isClosed());
        assertEquals(1, node.events.takeRefused().size());
    }

    @Test
    void aLinkThatIsAcceptedDuringTheShutdownIsRefused() {
        Conversation talk = stuck();
        FakeLink late = node.transport.accept(node.listener().localAddress());

        CompletableFuture<ShutdownReport> done = node.network().shutdown(SECOND).toCompletableFuture();
        node.pass(SECOND);

        assertTrue(done.isDone());
        assertTrue(late.isClosed());
        assertEquals(List.of(talk.report()), done.join().connections());
        node.events.takeRefused();
    }

    @Test
    void aNetworkThatWasShutDownOpensNothing() {
        node.network().shutdown();
        node.run();

        assertThrows(NetworkException.class, () -> node.network().dial(Node.REMOTE));
        assertThrows(NetworkException.class, () -> node.network().listen(Node.REMOTE));
        assertEquals(List.of(), node.transport.links());
    }

    @Test
    void aShutdownMayBeAskedForFromAHandler() {
        node.settings()
                .handle(
                        Messages.PROTOCOL,
                        (connection, message) -> node.network().shutdown());
        Conversation talk = node.connect();

        talk.peerSendsMessage("stop");
        talk.peerEnds();

        assertTrue(talk.report().clean());
        assertTrue(node.network().shutdown().toCompletableFuture().isDone());
    }

    private Conversation stuck() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"));
        node.run();
        return talk;
    }
}
