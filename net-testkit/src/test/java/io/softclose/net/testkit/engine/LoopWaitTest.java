/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.fake.ManualEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** Waiting on an event loop for what may need that loop: refused, for it could last for ever. */
class LoopWaitTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    @RegisterExtension
    final Node node = new Node();

    @RegisterExtension
    final Node other = new Node();

    @Test
    void aWaitForAStageOnItsLoopIsRefused() {
        Conversation talk = node.dial();

        assertRefused(node.loop, talk.connection.opened());
        assertRefused(node.loop, talk.connection.closed());
        assertRefused(node.loop, talk.connection.close());
        assertRefused(node.loop, talk.connection.abort());
        assertRefused(node.loop, node.network().shutdown());
    }

    @Test
    void aWaitOnALoopOfAnotherNetworkIsRefused() {
        Conversation talk = node.connect();
        other.connect();

        assertRefused(other.loop, talk.connection.close());
        assertRefused(other.loop, node.network().shutdown());
    }

    @Test
    void closingANetworkOnALoopIsRefusedAndClosesNothing() {
        Conversation talk = node.connect();
        Conversation others = other.connect();

        node.loop.runNow(() -> assertThrows(IllegalStateException.class, node.network()::close));
        node.loop.runNow(() -> assertThrows(IllegalStateException.class, other.network()::close));

        assertEquals(ConnectionState.OPEN, talk.connection.state());
        assertEquals(ConnectionState.OPEN, others.connection.state());
    }

    @Test
    void whatIsMadeOfAStageIsNotWaitedForEither() {
        CompletionStage<?> closed = node.connect().connection.closed();

        Stream.of(
                        closed.thenApply(report -> report),
                        closed.handleAsync((report, failure) -> 1),
                        closed.thenCombine(CompletableFuture.completedFuture(1), (report, one) -> one),
                        closed.thenCompose(CompletableFuture::completedFuture),
                        closed.toCompletableFuture().copy(),
                        closed.toCompletableFuture().orTimeout(1, TimeUnit.MINUTES))
                .forEach(stage -> assertRefused(node.loop, stage));
    }

    @Test
    void theRefusalSaysWhatToDo() {
        CompletableFuture<?> closed = node.connect().connection.closed().toCompletableFuture();

        node.loop.runNow(() -> assertEquals(
                "get() would block an event loop, and what it waits for may need that loop (expected: thenAccept() or "
                        + "another of the stage's methods, or the wait in a task of an executor)",
                assertThrows(IllegalStateException.class, () -> closed.get(0, TimeUnit.NANOSECONDS))
                        .getMessage()));
    }

    @Test
    void aStageThatIsCompleteMayBeAskedOnALoop() {
        Conversation talk = node.connect();
        CompletableFuture<?> closed = talk.connection.abort().toCompletableFuture();
        node.run();

        node.loop.runNow(() -> {
            assertNotNull(closed.join());
            assertNotNull(assertDoesNotWait(closed));
        });
    }

    @Test
    void aWaitOffTheLoopsIsNobodysBusiness() {
        Connection connection = node.connect().connection;

        assertThrows(
                TimeoutException.class,
                () -> connection.closed().toCompletableFuture().get(1, TimeUnit.MILLISECONDS));
    }

    @Test
    void aStageIsCompletedByWhoeverAskedForItForItselfOnly() {
        Connection connection = node.connect().connection;

        connection.closed().toCompletableFuture().cancel(false);
        connection.opened().toCompletableFuture().obtrudeException(new IllegalStateException("deliberate"));

        assertFalse(connection.closed().toCompletableFuture().isDone());
        assertEquals(connection, connection.opened().toCompletableFuture().join());
    }

    @Test
    void sendBlockingIsRefusedOnTheLoopOfAnotherConnectionIfItWouldWait() throws InterruptedException {
        node.limits(limits -> limits.outboxMessages(1));
        Conversation talk = node.connect();
        talk.peerTakes(0);
        other.connect();

        other.loop.runNow(() -> {
            assertEquals(SendResult.ACCEPTED, sendBlocking(talk));
            assertThrows(IllegalStateException.class, () -> sendBlocking(talk));
        });

        talk.connection.abort();
        node.run();
        talk.outcomes.accepted();
        talk.outcomes.ended(message("x"), Outcome.UNSENT);
        assertEquals(1, talk.connection.account().total().accepted());
    }

    private static SendResult sendBlocking(Conversation talk) {
        try {
            return talk.connection.sendBlocking(message("x"), SHORT);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void assertRefused(ManualEventLoop loop, CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertFalse(future.isDone());
        // The one that would not block comes first, to fail instead of hanging.
        List<Executable> waits = List.of(
                () -> future.get(0, TimeUnit.NANOSECONDS),
                () -> future.get(1, TimeUnit.MINUTES),
                future::get,
                future::join);
        loop.runNow(() -> waits.forEach(wait -> assertThrows(IllegalStateException.class, wait)));
        assertFalse(future.isDone(), "the refusal completed the stage");
    }

    private static Object assertDoesNotWait(CompletableFuture<?> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
