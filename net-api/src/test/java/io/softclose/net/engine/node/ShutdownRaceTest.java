/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.NetworkException;
import io.softclose.net.ShutdownReport;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.Interleavings;
import io.softclose.net.engine.connection.HandNetwork;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A network shuts down while others dial, listen, and are accepted. */
@Tag("races")
class ShutdownRaceTest {
    @Test
    @EnabledIfSystemProperty(named = "softclose.races", matches = "full")
    void whatAShutdownMeetsIsClosedOrNeverWas() {
        Interleavings.ofStory(Shutdown.class, 8);
    }

    @Test
    void whatAShutdownMeetsInRealThreadsIsClosedOrNeverWas() {
        Interleavings.stressStory(Shutdown.class);
    }

    /** A network that shuts down. */
    public static class Shutdown {
        private final HandLoop loop = new HandLoop();
        private final HandTransport transport = new HandTransport(loop);
        private final LocalNetwork network =
                Interleavings.alone(() -> new LocalNetwork(HandNetwork.settings(transport)));
        private final List<Connection> dialled = new CopyOnWriteArrayList<>();
        private volatile CompletionStage<ShutdownReport> end = new CompletableFuture<>();

        @Operation
        public void dialer() {
            try {
                dialled.add(network.dial(HandTransport.SOMEWHERE));
            } catch (NetworkException shutDown) {
                // As it should be.
            }
        }

        @Operation
        public void listener() throws IOException {
            try {
                network.listen(HandTransport.SOMEWHERE);
            } catch (NetworkException shutDown) {
                // As it should be.
            }
        }

        @Operation
        public void loop() {
            loop.runTask();
            loop.runTask();
        }

        @Operation
        public void shutdown() {
            end = network.shutdown();
        }

        @Validate
        public void nothingIsLeft() {
            Interleavings.alone(this::assertNothingIsLeft);
        }

        private void assertNothingIsLeft() {
            loop.runAll();
            assertTrue(end.toCompletableFuture().isDone(), "the shutdown has ended");
            assertEquals(0, transport.listeners(), "listeners");
            assertEquals(List.of(), network.connections());
            for (Connection connection : dialled) {
                assertTrue(connection.closed().toCompletableFuture().isDone(), connection::toString);
            }
        }
    }
}
