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
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Finish;
import io.softclose.net.spi.CloseDecision.Parting;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
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
    void theTimeOfACloseCountsFromTheCallThoughTheLoopIsBusy() {
        Conversation talk = node.connect();
        Conversation dialling = node.dial();
        Conversation aborted = node.connect();

        node.loop.runNow(() -> {
            talk.connection.close();
            dialling.connection.close();
            aborted.connection.abort();
            node.loop.spend(Duration.ofSeconds(3));
        });
        node.run();
        talk.peerEnds();

        assertEquals(Duration.ofSeconds(3), talk.report().duration());
        assertEquals(Duration.ofSeconds(3), dialling.report().duration());
        assertEquals(Duration.ofSeconds(3), aborted.report().duration());
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
    void aCloseMayBeAskedForFromAnyCallback() {
        List<Connection> closed = new ArrayList<>();
        Conversation fromListener = node.connect();
        assertEquals(SendResult.ACCEPTED, fromListener.connection.send(message("a"), (message, outcome) -> {
            fromListener.outcomes.ended(message, outcome);
            fromListener.connection.close();
            closed.add(fromListener.connection);
        }));
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
