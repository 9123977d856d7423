/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Closes and shutdowns while handlers off the loop are at work: our end says that they have handled what came before. */
class OffLoopCloseTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final Node node = new Node();

    private final HandExecutor executor = new HandExecutor();

    @BeforeEach
    void handleOffTheLoop() {
        node.settings()
                .handle(PROTOCOL, (connection, message) -> node.handled.add(Messages.labelOf(message)), executor);
    }

    @Test
    void ourEndWaitsForWhatIsWithHandlers() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");

        talk.connection.close();
        node.run();
        assertEquals(List.of(), talk.link.endCalls());

        handleAll();
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());
        talk.peerEnds();
        assertTrue(talk.report().clean());
        assertEquals(0, talk.report().unhandled());
    }

    @Test
    void whatComesBehindOurEndIsHandledBeforeTheCloseIsClean() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());

        talk.peerSendsMessage("late");
        talk.peerEnds();
        assertFalse(talk.isClosed());

        handleAll();
        assertEquals(List.of("late"), node.handled);
        assertTrue(talk.report().clean());
    }

    @Test
    void aClosingConnectionCannotPauseItsHandlers() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.connection.reading(Reading.PAUSED);
        talk.peerSendsMessage("b");

        talk.connection.close();
        handleAll();
        talk.peerEnds();

        assertEquals(List.of("a", "b"), node.handled);
        assertTrue(talk.report().clean());
    }

    @Test
    void aCloseThatIsOverdueWhenItBeginsEndsByItsDeadlineThoughItHearsOfThePeersEndFirst() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.connection.reading(Reading.PAUSED);
        talk.peerEnds();

        node.loop.runNow(() -> {
            talk.connection.close(DisconnectReason.STALE_CONNECTION, Duration.ofMillis(1));
            node.loop.spend(Duration.ofMillis(2));
        });
        node.run();
        handleAll();

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @Test
    void thePeersEndThatAPauseHeldBackIsHeardByTheCloseThatOverrulesIt() {
        Conversation talk = node.connect();
        talk.sendAll(Messages.message("ours"));
        talk.peerSendsMessage("a");
        talk.connection.reading(Reading.PAUSED);
        talk.peerEnds();

        talk.connection.close(DisconnectReason.STALE_CONNECTION);
        handleAll();

        assertEquals(List.of("a"), node.handled);
        assertEquals(DisconnectReason.STALE_CONNECTION, talk.report().reason());
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
        assertEquals(0, node.loop.pendingTimers());
    }

    @Test
    void aDeadlineOverWhatIsWithHandlersSendsNoEndAndCountsIt() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");

        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, SECOND);
        node.pass(SECOND);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertTrue(talk.report().detail().contains("handling what the peer had sent"), talk.report()::detail);
        assertEquals(2, talk.report().unhandled());
        assertEquals(List.of(EndCall.LINGER), talk.link.endCalls());
        assertFalse(talk.link.peerSawEnd(), "no end over what was not handled");
        handleAll();
        assertEquals(List.of(), node.handled, "handled though they were given up");
    }

    @Test
    void aDeadlineBehindThePeersEndCountsWhatIsStillWithHandlers() {
        Conversation talk = node.connect();
        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, SECOND);
        node.run();
        talk.peerSendsMessage("late");
        talk.peerEnds();

        node.pass(SECOND);

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(1, talk.report().unhandled());
    }

    @Test
    void aMessageThatIsBeingHandledCountsUntilItsHandlerReturns() {
        Conversation[] talk = new Conversation[1];
        node.settings()
                .handle(
                        PROTOCOL,
                        (connection, message) -> {
                            connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, SECOND);
                            node.pass(SECOND);
                            assertEquals(1, talk[0].report().unhandled());
                            node.handled.add("returned");
                        },
                        executor);
        talk[0] = node.connect();
        talk[0].peerSendsMessage("a");

        handleAll();

        assertEquals(List.of("returned"), node.handled);
    }

    @Test
    void anAbortGivesUpWhatWaitsForHandlers() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");

        talk.connection.abort();
        handleAll();

        assertEquals(List.of(), node.handled);
        assertEquals(1, talk.report().unhandled());
    }

    @Test
    void aPolicyThatDoesNotWaitResetsOverWhatIsWithHandlers() {
        node.policy.decides(snapshot -> new CloseDecision.Finish(Parting.AT_ONCE));
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");

        talk.connection.close();
        node.run();

        assertTrue(talk.link.peerSawReset());
        assertEquals(1, talk.report().unhandled());
    }

    @Test
    void whatCameBeforeGarbageIsHandledBeforeTheCloseEnds() {
        node.limits(limits -> limits.maxFrameSize(128));
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSends(WireBytes.frameLength(129));
        assertFalse(talk.isClosed());

        handleAll();

        assertEquals(List.of("a"), node.handled);
        assertEquals(1, node.events.takeViolations().size());
        assertEquals(DisconnectReason.PROTOCOL_ERROR, talk.report().reason());
        assertFalse(talk.link.peerSawEnd(), "no end over input that was lost");
    }

    @Test
    void whatHandlersAnswerIsSent() {
        Conversation[] talk = new Conversation[1];
        node.settings()
                .handle(
                        PROTOCOL,
                        (connection, message) -> talk[0].sendAll(message("answer to " + Messages.labelOf(message))),
                        executor);
        talk[0] = node.connect();
        talk[0].peerSendsMessage("a");
        handleAll();
        talk[0].connection.close();
        node.run();
        talk[0].peerEnds();

        assertEquals(List.of("answer to a"), talk[0].received());
        assertTrue(talk[0].report().clean());
    }

    // The link goes.

    @Test
    void aLinkThatFailsInACloseIsReportedAtOnceAndItsDeadlineHoldsForHandlers() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, SECOND);
        node.run();

        talk.link.fail(new IOException("reset"));
        node.run();
        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(1, talk.report().unhandled());

        node.pass(SECOND);
        handleAll();
        assertEquals(List.of(), node.handled, "handled after the deadline");
    }

    @Test
    void aConnectionThatIsGoneTakesNoPlaceThoughHandlersHaveItsMessages() {
        node.limits(limits -> limits.maxInboundConnections(1));
        Conversation gone = node.welcome();
        gone.peerSendsMessage("a");
        gone.link.fail(new IOException("reset"));
        node.run();

        Conversation next = node.welcome();
        next.peerSendsMessage("b");
        handleAll();

        assertEquals(List.of("a", "b"), node.handled);
        assertEquals(1, gone.report().unhandled());
    }

    /** A peer that floods, resets and dials again would decide how much there is. */
    @Test
    void whatConnectionsThatAreGoneLeaveWithHandlersIsBounded() {
        node.limits(limits -> limits.inputBytes(40_000));
        leaves("a");
        leaves("b");
        Conversation third = leaves("c");
        assertEquals(1, third.report().unhandled());

        handleAll();
        assertEquals(List.of("a", "b"), node.handled, "there is room for two");
        leaves("d");
        handleAll();
        assertEquals(List.of("a", "b", "d"), node.handled);
    }

    /** A connection that leaves a message with handlers. */
    private Conversation leaves(String label) {
        Conversation gone = node.welcome();
        gone.peerSendsMessage(label);
        gone.link.fail(new IOException("reset"));
        node.run();
        assertTrue(gone.isClosed());
        return gone;
    }

    @Test
    void handlersWhoseLoopHasStoppedHandleWhatHasArrived() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");

        node.transport.close();
        node.loop.stop();
        node.run();
        assertTrue(talk.isClosed());

        executor.runAll();
        assertEquals(List.of("a", "b"), node.handled);
    }

    // The network shuts down.

    @Test
    void aShutdownWaitsForHandlers() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");

        CompletableFuture<ShutdownReport> shutdown =
                node.network().shutdown(SECOND).toCompletableFuture();
        node.run();
        handleAll();
        assertFalse(shutdown.isDone());
        talk.peerEnds();

        assertEquals(0, shutdown.join().unhandled());
        assertTrue(talk.report().clean());
    }

    @Test
    void aShutdownReportsWhatHandlersHadNotHandledWithinItsBudget() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");

        CompletableFuture<ShutdownReport> shutdown =
                node.network().shutdown(SECOND).toCompletableFuture();
        node.pass(SECOND);

        assertEquals(2, shutdown.join().unhandled());
        assertEquals(2, talk.report().unhandled());
    }

    @Test
    void aShutdownWaitsForHandlersThatOutliveTheirConnection() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.link.fail(new IOException("reset"));
        node.run();
        assertEquals(ConnectionState.CLOSED, talk.connection.state());
        assertEquals(List.of(), node.network().connections());

        CompletableFuture<ShutdownReport> shutdown =
                node.network().shutdown(SECOND).toCompletableFuture();
        node.run();
        assertFalse(shutdown.isDone());
        handleAll();

        assertEquals(0, shutdown.join().unhandled());
        assertEquals(List.of("a"), node.handled);
    }

    @Test
    void butNotForLongerThanItsBudget() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.link.fail(new IOException("reset"));
        node.run();

        CompletableFuture<ShutdownReport> shutdown =
                node.network().shutdown(SECOND).toCompletableFuture();
        node.pass(SECOND);

        assertEquals(1, shutdown.join().unhandled());
        handleAll();
        assertEquals(List.of(), node.handled);
    }

    @Test
    void aShutdownWithoutALoopDoesNotWaitForHandlers() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        node.transport.close();
        node.loop.stop();
        node.run();
        assertTrue(talk.isClosed());

        CompletableFuture<ShutdownReport> shutdown =
                node.network().shutdown(SECOND).toCompletableFuture();

        assertEquals(1, shutdown.join().unhandled());
    }

    /** Runs executor and loop until neither has anything to do. */
    private void handleAll() {
        node.run();
        while (executor.waiting() > 0) {
            executor.runAll();
            node.run();
        }
    }
}
