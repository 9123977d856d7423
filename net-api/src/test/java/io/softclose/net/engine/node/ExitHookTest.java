/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Network;
import io.softclose.net.NetworkException;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.connection.HandNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A network that shuts down when the virtual machine exits, and the hook by which it does. */
class ExitHookTest {
    private static final Duration BUDGET = Duration.ofSeconds(1);

    private final HandLoop loop = new HandLoop();
    private final HandTransport transport = new HandTransport(loop);
    private final Exit exit = new Exit();
    private final Network network =
            new LocalNetwork(HandNetwork.exiting(BUDGET, HandNetwork.settings(transport)), Thread::new, exit);

    @Test
    void aNetworkThatOpensNothingIsNotKept() {
        assertEquals(List.of(), exit.hooks);
    }

    @Test
    void aNetworkThatOpensSomethingHasOneHookUntilItHasShutDown() throws Exception {
        network.listen(HandTransport.SOMEWHERE);
        network.dial(HandTransport.SOMEWHERE);
        assertEquals(1, exit.hooks.size());

        CompletableFuture<?> shutdown = network.shutdown().toCompletableFuture();
        assertEquals(1, exit.hooks.size(), "until it is over");
        loop.runAll();

        assertTrue(shutdown.isDone());
        assertEquals(List.of(), exit.hooks);
    }

    @Test
    void theExitWaitsForTheShutdown() throws Exception {
        network.dial(HandTransport.SOMEWHERE);
        Thread hook = exit.begins();
        awaitWait(hook);
        assertFalse(network.shutdown().toCompletableFuture().isDone());

        loop.runAll();

        hook.join(Race.SAFETY_NET.toMillis());
        assertFalse(hook.isAlive());
        assertTrue(network.shutdown().toCompletableFuture().isDone());
    }

    @Test
    void whatIsOpenedDuringAnExitIsRefused() {
        exit.begun = true;

        assertThrows(NetworkException.class, () -> network.dial(HandTransport.SOMEWHERE));

        assertEquals(List.of(), network.connections());
    }

    @Test
    void withoutTheSettingThereIsNoHook() {
        Network plain = new LocalNetwork(HandNetwork.settings(transport), Thread::new, exit);

        plain.dial(HandTransport.SOMEWHERE);

        assertEquals(List.of(), exit.hooks);
    }

    private static void awaitWait(Thread hook) {
        long start = System.nanoTime();
        while (hook.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(System.nanoTime() - start < Race.SAFETY_NET.toNanos(), "the exit does not wait");
            Thread.onSpinWait();
        }
    }

    /** The virtual machine's exit. */
    private static final class Exit implements ExitHook.Hooks {
        final List<Thread> hooks = new ArrayList<>();
        boolean begun;

        @Override
        public void add(Thread hook) {
            requireNotBegun();
            hooks.add(hook);
        }

        @Override
        public void remove(Thread hook) {
            requireNotBegun();
            assertTrue(hooks.remove(hook), "removed a hook that is not there");
        }

        Thread begins() {
            begun = true;
            Thread hook = hooks.get(0);
            hook.start();
            return hook;
        }

        private void requireNotBegun() {
            if (begun) {
                throw new IllegalStateException("Shutdown in progress");
            }
        }
    }
}
