/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Receiving;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.FakeLink.EndCall;
import io.softclose.net.testkit.FakeLink.Flushing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A close that goes well, and what its report says. */
class CloseTest {
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    @Test
    void aCloseSendsWhatIsQueuedEndsAndWaitsForThePeersEnd() {
        Conversation talk = node.connect();
        talk.peerTakes(5);
        talk.sendAll(message("a"), message("b"));

        talk.connection.close();
        node.run();
        assertEquals(ConnectionState.DRAINING, talk.connection.state());
        assertEquals(List.of(), talk.link.endCalls());
        talk.peerTakes(ALL);
        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(ConnectionState.FINISHING, talk.connection.state());
        assertEquals(List.of(EndCall.SHUTDOWN_OUTPUT), talk.link.endCalls());
        talk.peerEnds();

        assertTrue(talk.report().clean());
        assertFalse(talk.link.peerSawReset());
    }

    @Test
    void theReportTellsWhyHowAndHowLong() {
        Conversation talk = node.connect();
        talk.sendAll(message("a"));
        node.pass(Duration.ofHours(1));

        talk.connection.close(DisconnectReason.STALE_CONNECTION);
        node.pass(Duration.ofSeconds(3));
        talk.peerEnds();

        CloseReport report = talk.report();
        assertEquals(DisconnectReason.STALE_CONNECTION, report.reason());
        assertEquals(List.of(DisconnectReason.STALE_CONNECTION), node.policy.planned());
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(Duration.ofSeconds(3), report.duration());
        assertEquals(talk.connection.peer(), report.peer());
        assertEquals(1, report.account().count(Outcome.WRITTEN));
        assertEquals(List.of(), report.returned());
        assertEquals(Optional.empty(), report.error());
    }

    @Test
    void theReportOfABrokenLinkCarriesItsError() {
        IOException broken = new IOException("deliberate");
        Conversation talk = node.connect();

        talk.link.fail(broken);
        node.run();

        assertSame(broken, talk.report().error().orElseThrow());
        assertEquals(List.of(), node.policy.planned(), "nothing to drain, so nothing to plan");
    }

    @Test
    void closingAgainAnswersTheSameReportAndKeepsTheFirstReason() {
        Conversation talk = node.connect();
        CompletableFuture<CloseReport> first =
                talk.connection.close(DisconnectReason.STALE_CONNECTION).toCompletableFuture();
        CompletableFuture<CloseReport> second = talk.connection.close().toCompletableFuture();
        node.run();
        CompletableFuture<CloseReport> third =
                talk.connection.close(DisconnectReason.NETWORK_SHUTDOWN).toCompletableFuture();
        talk.peerEnds();
        CompletableFuture<CloseReport> late = talk.connection.abort().toCompletableFuture();

        for (CompletableFuture<CloseReport> stage : List.of(first, second, third, late)) {
            assertSame(talk.report(), stage.join());
        }
        assertEquals(DisconnectReason.STALE_CONNECTION, talk.report().reason());
    }

    @Test
    void whoeverCompletesAStageHarmsOnlyHisOwn() {
        Conversation talk = node.connect();

        talk.connection.closed().toCompletableFuture().completeExceptionally(new IOException("mine"));
        talk.connection.close().toCompletableFuture().cancel(false);
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void nothingIsAcceptedAfterASealingCloseReturnedThoughTheLoopHasNotRun() {
        Conversation talk = node.connect();
        talk.sendAll(message("before"));

        talk.connection.close();

        assertFalse(talk.send(message("after")).accepted());
        node.run();
        talk.peerEnds();
        assertEquals(List.of("before"), talk.received());
    }

    @Test
    void whatThePeerSaysIsDeliveredUntilItsEnd() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("slow"));
        talk.connection.close();
        node.run();

        talk.peerSendsMessage("while draining");
        talk.peerTakes(ALL);
        talk.peerSendsMessage("after our end");
        talk.link.read(Conversation.frameOf("at the last moment"));
        talk.peerEnds();

        assertEquals(List.of("while draining", "after our end", "at the last moment"), node.handled);
        assertTrue(talk.report().clean());
    }

    @Test
    void aClosingConnectionReadsAgain() {
        Conversation talk = node.connect();
        talk.connection.receive(Receiving.PAUSED);
        node.run();
        assertEquals(Reading.PAUSED, talk.link.reading());
        talk.peerSendsMessage("unread");

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertEquals(List.of("unread"), node.handled);
        assertFalse(talk.link.peerSawReset());
    }

    @Test
    void aClosingConnectionCannotBePaused() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();

        talk.connection.receive(Receiving.PAUSED);
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void receivingCanBePausedAndResumed() {
        Conversation talk = node.connect();
        talk.connection.receive(Receiving.PAUSED);
        node.run();
        talk.peerSendsMessage("waits");
        assertEquals(List.of(), node.handled);

        talk.connection.receive(Receiving.RESUMED);
        node.run();

        assertEquals(List.of("waits"), node.handled);
    }

    @Test
    void ourEndFollowsTheLastFlushedByte() {
        Conversation talk = node.connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        Message last = message("last");
        talk.sendAll(last);
        talk.connection.close();
        node.run();
        assertEquals(List.of(), talk.outcomes.of(last));
        assertFalse(talk.link.peerSawEnd());

        talk.link.flush(ALL);
        node.run();

        assertEquals(List.of(Outcome.WRITTEN), talk.outcomes.of(last));
        assertTrue(talk.link.peerSawEnd());
        talk.peerEnds();
        assertTrue(talk.report().clean());
    }

    @Test
    void anEndOfThePeerThatCameBeforeOursProvesNothing() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"));
        talk.connection.close();
        node.run();

        talk.peerEnds();
        assertFalse(talk.isClosed(), "what is queued still goes");
        talk.peerTakes(ALL);

        assertEquals(List.of("a"), talk.received());
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
    }

    @Test
    void aPeerThatEndsStillGetsWhatIsQueued() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.run();

        talk.peerEnds();
        talk.peerTakes(ALL);

        assertEquals(List.of("a", "b"), talk.received());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, talk.report().reason());
        assertTrue(node.policy.asked().stream().anyMatch(snapshot -> snapshot.peerEnded()));
    }

    @Test
    void aPeerThatEndsBeforeAnythingWasWrittenHasMissedNothing() {
        Conversation talk = node.connect();

        talk.peerEnds();

        assertEquals(CloseEnding.CLEAN, talk.report().ending());
    }

    @Test
    void leavingAtOnceConfirmsNothing() {
        node.policy.decides(snapshot -> snapshot.drained()
                ? new Finish(Parting.AT_ONCE)
                : CloseDecision.drain(snapshot, ScriptedPolicy.ASK_AGAIN));
        Conversation talk = node.connect();
        talk.sendAll(message("a"));

        talk.connection.close();
        node.run();

        assertEquals(List.of("a"), talk.received());
        assertEquals(CloseEnding.UNCONFIRMED, talk.report().ending());
        assertTrue(talk.link.endCalls().contains(EndCall.CLOSE));
    }

    @Test
    void leavingAtOnceFlushesFirst() {
        node.policy.decides(snapshot -> new Finish(Parting.AT_ONCE));
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.run();

        talk.connection.close();
        node.run();
        assertFalse(talk.isClosed());
        talk.peerTakes(ALL);

        assertEquals(List.of("a"), talk.received());
        assertEquals(List.of("b UNSENT"), talk.returned());
    }

    @Test
    void abortResetsTheLinkAndAsksNoPolicy() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("a"), message("b"));
        node.run();

        talk.connection.abort();
        node.run();

        assertEquals(List.of("a UNSENT", "b UNSENT"), talk.returned());
        assertTrue(talk.link.peerSawReset());
        assertEquals(List.of(), node.policy.planned());
        assertEquals(List.of(), node.policy.asked());
    }

    @Test
    void aConnectionWhoseLinkBrokeIsAbortingUntilEveryMessageHasItsOutcome() {
        Conversation talk = node.connect();
        talk.peerTakes(0);
        List<ConnectionState> seen = new ArrayList<>();
        talk.connection.send(message("a"), (message, outcome) -> {
            talk.outcomes.ended(message, outcome);
            seen.add(talk.connection.state());
            assertEquals(SendResult.CLOSING, talk.send(message("again")));
        });
        talk.outcomes.accepted();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of(ConnectionState.ABORTING), seen);
    }

    @Test
    void anAbortedConnectionAcceptsNothing() {
        Conversation talk = node.connect();

        talk.connection.abort();

        assertEquals(SendResult.CLOSING, talk.send(message("late")));
    }

    @Test
    void aConnectionThatIsGivenUpBeforeItIsOpenAcceptsNothing() {
        node.transport.dialsHang();
        Conversation talk = node.dial();
        List<SendResult> results = new ArrayList<>();

        talk.connection.close();
        node.loop.execute(() -> results.add(talk.send(message("late"))));
        node.run();

        assertEquals(List.of(SendResult.CLOSING), results);
    }

    @Test
    void anAbortEndsACloseUnderWay() {
        Conversation talk = node.connect();
        talk.connection.close();
        node.run();

        talk.connection.abort();
        node.run();

        assertTrue(talk.link.peerSawReset());
        assertEquals(CloseEnding.ERROR, talk.report().ending());
        assertEquals(DisconnectReason.REQUESTED_BY_PEER_MANAGER, talk.report().reason());
    }

    @Test
    void returnedMessagesAreTheObjectsThatWereSentMostUrgentLaneFirst() {
        node.policy.lanes("urgent", "bulk");
        Conversation talk = node.connect();
        talk.peerTakes(0);
        Message[] sent = {
            Messages.inLane(1, "b1"), Messages.inLane(0, "a1"), Messages.inLane(1, "b2"), Messages.inLane(0, "a2")
        };
        talk.sendAll(sent);
        node.run();

        talk.connection.abort();
        node.run();

        assertEquals(List.of("a1 UNSENT", "a2 UNSENT", "b1 UNSENT", "b2 UNSENT"), talk.returned());
        assertSame(sent[1], talk.report().returned().get(0).message());
        assertEquals("urgent", talk.report().returned().get(0).lane());
        assertEquals("bulk", talk.report().returned().get(3).lane());
    }

    @Test
    void aCloseMayBeAskedForFromAnyCallback() {
        List<Connection> closed = new ArrayList<>();
        Conversation fromListener = node.connect();
        fromListener.connection.send(message("a"), (message, outcome) -> {
            fromListener.outcomes.ended(message, outcome);
            fromListener.connection.close();
            closed.add(fromListener.connection);
        });
        fromListener.outcomes.accepted();
        Conversation fromRoom = node.connect();
        fromRoom.connection.onRoom(message("x"), fromRoom.connection::close);
        node.run();

        fromListener.peerEnds();
        fromRoom.peerEnds();

        assertEquals(List.of(fromListener.connection), closed);
        assertTrue(fromListener.report().clean());
        assertTrue(fromRoom.report().clean());
    }
}
