/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.InputBudget;
import io.softclose.net.spi.LinkHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A connection's end is told although steps on the way to it fail. */
class ConclusionTest {
    private final HandLoop loop = new HandLoop();
    private final HandTransport.HandLink link = new HandTransport.HandLink(loop);
    private final List<@Nullable CloseReport> registered = new ArrayList<>();

    @Test
    void aStepThatLacksMemoryIsTakenAgain() {
        int[] failures = {3};
        PeerConnection connection = connection(() -> failures[0]-- > 0 ? new OutOfMemoryError("deliberate") : null);

        CloseReport report = sendAndClose(connection);

        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(List.of(report), registered);
    }

    @Test
    void aStepThatFailsKeepsNoOtherFromBeingTaken() {
        PeerConnection connection = connection(() -> new IllegalStateException("deliberate"));

        CloseReport report = sendAndClose(connection);

        assertEquals(1, report.account().count(Outcome.WRITTEN));
        assertTrue(report.account().balanced());
        assertEquals(ConnectionState.CLOSED, connection.state());
    }

    @Test
    void aStepThatNeverHasMemoryIsGivenUp() {
        PeerConnection connection = connection(() -> new OutOfMemoryError("deliberate"));

        assertTrue(sendAndClose(connection).account().balanced());
    }

    private CloseReport sendAndClose(PeerConnection connection) {
        LinkHandler handler = connection.linkHandler();
        link.connect(handler);
        loop.runAll();
        handler.onRead(HandNetwork.handshake());
        assertEquals(SendResult.ACCEPTED, connection.send(HandNetwork.MESSAGE));
        connection.close();
        loop.runAll();
        return connection.closed().toCompletableFuture().join();
    }

    private PeerConnection connection(Supplier<? extends @Nullable Throwable> ofRegistry) {
        return new PeerConnection(
                1,
                Direction.OUTBOUND,
                Optional.empty(),
                link,
                HandNetwork.settings(new HandTransport(loop)),
                new BatchPool(),
                new Registry() {
                    @Override
                    public InputBudget inputBudget() {
                        return new InputBudget(1 << 20);
                    }

                    @Override
                    public boolean opens(PeerConnection connection) {
                        return true;
                    }

                    @Override
                    public void told(PeerConnection connection, @Nullable CloseReport report) {
                        Throwable thrown = ofRegistry.get();
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        if (thrown != null) {
                            throw (RuntimeException) thrown;
                        }
                        registered.add(report);
                    }
                });
    }
}
