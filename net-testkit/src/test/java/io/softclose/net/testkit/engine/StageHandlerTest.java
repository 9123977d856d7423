/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.PROTOCOL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.Link;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers whose stages say when a message has been handled. */
class StageHandlerTest {
    @RegisterExtension
    final Node node = new Node();

    /** Of the messages that were handed on, in their order. */
    private final List<CompletableFuture<@Nullable Void>> stages = new ArrayList<>();

    @BeforeEach
    void handleInStages() {
        node.settings().handleAsync(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
    }

    @Test
    void theNextMessageWaitsForTheStageOfTheLast() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");
        assertEquals(List.of("a"), node.handled);

        stages.get(0).complete(null);
        assertEquals(List.of("a"), node.handled, "handed on by the thread that completes the stage");
        node.run();

        assertEquals(List.of("a", "b"), node.handled);
        stages.get(1).complete(null);
    }

    @Test
    void stagesThatAreCompleteNeedNoTurnOfTheLoop() {
        node.settings().handleAsync(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            return CompletableFuture.completedFuture(message);
        });
        Conversation talk = node.connect();
        List<String> labels = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            labels.add("m" + i);
            bytes.writeBytes(Conversation.frameOf("m" + i));
        }

        talk.peerSends(bytes.toByteArray());

        assertEquals(labels, node.handled);
    }

    @Test
    void ourEndWaitsForTheStage() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.connection.close();
        node.run();
        assertEquals(List.of(), talk.link.endCalls());

        stages.get(0).complete(null);
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().clean());
    }

    @Test
    void aStageThatNeverCompletesHoldsACloseUntilItsDeadline() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");
        talk.connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, Duration.ofSeconds(1));
        node.pass(Duration.ofSeconds(1));

        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
        assertEquals(2, talk.report().unhandled());

        stages.get(0).complete(null);
        node.run();
        assertEquals(List.of("a"), node.handled, "handed on though it was given up");
    }

    @Test
    void whatAStageCompletesWithIsToldAndTheNextMessageComes() {
        IOException failure = new IOException("deliberate");
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");

        stages.get(0).completeExceptionally(failure);
        node.run();

        assertEquals(List.of(failure), node.events.takeFailures());
        assertEquals(List.of("a", "b"), node.handled);
    }

    @Test
    void aStageMadeOfOneThatFailedTellsOfTheFailureItself() {
        IOException failure = new IOException("deliberate");
        node.settings()
                .handleAsync(
                        PROTOCOL,
                        (connection, message) ->
                                CompletableFuture.failedFuture(failure).thenApply(value -> value));
        node.connect().peerSendsMessage("a");

        assertEquals(List.of(failure), node.events.takeFailures());
    }

    @Test
    void aHandlerThatThrowsOrAnswersNullHasHandled() {
        node.settings().handleAsync(PROTOCOL, (connection, message) -> {
            node.handled.add(Messages.labelOf(message));
            if (node.handled.size() == 1) {
                throw new IOException("deliberate");
            }
            return nothing();
        });
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");
        talk.peerSendsMessage("c");

        List<Throwable> failures = node.events.takeFailures();
        assertInstanceOf(IOException.class, failures.get(0));
        assertInstanceOf(NullPointerException.class, failures.get(1));
        assertEquals(List.of("a", "b", "c"), node.handled);
    }

    @SuppressWarnings("NullAway") // what a careless handler answers
    private static CompletableFuture<?> nothing() {
        return null;
    }

    @Test
    void theBoundHoldsForStagesAsForExecutors() {
        node.limits(limits -> limits.handlerMessages(2));
        Conversation talk = node.connect();
        int sent = 0;
        while (talk.link.reading() == Link.Reading.RESUMED) {
            talk.peerSendsMessage("x".repeat(4096));
            sent++;
            assertTrue(sent < 100, "the link reads on whatever comes");
        }
        while (!stages.isEmpty()) {
            stages.remove(0).complete(null);
            node.run();
        }
        assertEquals(sent, node.handled.size());
    }

    @Test
    void aLoopThatStopsGivesUpWhatNoHandlerWasGiven() {
        Conversation talk = node.connect();
        talk.peerSendsMessage("a");
        talk.peerSendsMessage("b");
        node.transport.close();
        node.loop.stop();
        node.run();
        assertTrue(talk.isClosed());

        assertFalse(node.network()
                .shutdown(Duration.ofSeconds(1))
                .toCompletableFuture()
                .isCompletedExceptionally());
        stages.get(0).complete(null);

        assertEquals(List.of("a"), node.handled);
    }
}
