/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ShutdownReport;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.connection.HandNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process that may have no thread more by the time it shuts down: its network made the one it needs at the start. */
class ShutdownWithoutThreadsTest {
    private final HandLoop loop = new HandLoop();
    private final HandTransport transport = new HandTransport(loop);
    private final List<String> told = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean exhausted;

    @Test
    void aNetworkWithoutConnectionsShutsDown() throws Exception {
        Network network = network();

        ShutdownReport report = ended(network.shutdown(Duration.ofSeconds(1)).toCompletableFuture());

        assertTrue(report.balanced());
        assertEquals(1, transport.closes());
    }

    @Test
    void theLastConnectionTellsItsEndAndTheShutdownFollows() throws Exception {
        Network network = network();
        Connection connection = network.dial(HandTransport.SOMEWHERE);
        exhausted = true;
        connection.closed().thenRun(() -> told.add("closed"));
        loop.runAll();

        CompletableFuture<ShutdownReport> shutdown =
                network.shutdown(Duration.ofSeconds(1)).toCompletableFuture();
        assertFalse(shutdown.isDone());
        assertEquals(0, transport.closes(), "closed under its connections");
        loop.runAll();

        assertEquals(1, ended(shutdown).connections().size());
        assertEquals(List.of("disconnected", "closed"), told);
        assertEquals(1, transport.closes());
    }

    @Test
    void theThreadEndsWithTheNetworkAndNoInterruptEndsItBefore() throws Exception {
        Network network = network();
        network.dial(HandTransport.SOMEWHERE);
        exhausted = true;
        Thread thread = threads.get(0);

        thread.interrupt();
        awaitRest(thread);
        assertTrue(thread.isAlive());
        assertEquals(0, transport.closes());
        network.shutdown();
        loop.runAll();

        thread.join(Race.SAFETY_NET.toMillis());
        assertFalse(thread.isAlive());
        assertEquals(1, threads.size());
    }

    @Test
    void aNetworkThatHasNoThreadAtTheStartOpensNothing() throws Exception {
        exhausted = true;
        Network network = network();

        assertThrows(Error.class, () -> network.dial(HandTransport.SOMEWHERE));

        assertEquals(List.of(), network.connections());
        ended(network.shutdown().toCompletableFuture());
    }

    @Test
    void aNetworkThatOpensNothingNeedsNoThread() throws Exception {
        exhausted = true;

        ended(network().shutdown().toCompletableFuture());

        assertEquals(1, transport.closes());
    }

    @Test
    void aNetworkOnATransportOfSomebodyElsesNeedsNoThread() throws Exception {
        exhausted = true;
        Network network =
                new LocalNetwork(HandNetwork.settings(transport), this::thread, ExitHook.Hooks.OF_THE_PROCESS);

        ended(network.shutdown().toCompletableFuture());

        assertEquals(0, transport.closes());
    }

    private Network network() {
        return new LocalNetwork(
                HandNetwork.owning(transport, new NetworkEvents() {
                    @Override
                    public void disconnected(Connection connection, CloseReport report) {
                        told.add("disconnected");
                    }
                }),
                this::thread,
                ExitHook.Hooks.OF_THE_PROCESS);
    }

    private Thread thread(Runnable task) {
        if (exhausted) {
            // The virtual machine throws an OutOfMemoryError; a test that did would end the whole run if it failed.
            throw new Error("no native thread, deliberately");
        }
        Thread made = new Thread(task, "last");
        threads.add(made);
        return made;
    }

    /** Waits until an interrupt has had its effect: the thread waits again, or has ended. */
    private static void awaitRest(Thread thread) {
        long start = System.nanoTime();
        while (thread.isInterrupted() || (thread.isAlive() && thread.getState() != Thread.State.WAITING)) {
            assertTrue(System.nanoTime() - start < Race.SAFETY_NET.toNanos(), "the thread does not rest");
            Thread.onSpinWait();
        }
    }

    private static ShutdownReport ended(CompletableFuture<ShutdownReport> shutdown) throws Exception {
        return shutdown.get(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
    }
}
