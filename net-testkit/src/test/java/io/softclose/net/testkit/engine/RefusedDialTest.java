/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.NetworkException;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transport that refuses a dial, after it has asked for the link's handler: nothing is left of it. */
class RefusedDialTest {
    @RegisterExtension
    final Node node = new Node();

    private final RefusingTransport transport = new RefusingTransport();

    @BeforeEach
    void dialThroughTheTransport() {
        node.settings().transport(transport);
    }

    static Stream<RuntimeException> refusals() {
        return Stream.of(
                new RejectedExecutionException("the loop has stopped"),
                new IllegalStateException("deliberate"),
                new NullPointerException("deliberate"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whateverTheTransportThrowsIsANetworkExceptionAndLeavesNothing(RuntimeException refusal) {
        transport.refusal = refusal;

        NetworkException thrown = assertThrows(NetworkException.class, this::dial);

        assertSame(refusal, thrown.getCause());
        assertTrue(String.valueOf(thrown.getMessage()).contains(Node.REMOTE.toString()), thrown::toString);
        assertNothingIsLeft();
    }

    @Test
    void anErrorReachesTheCallerAndLeavesNothing() {
        transport.refusal = new OutOfMemoryError("deliberate");

        assertSame(transport.refusal, assertThrows(OutOfMemoryError.class, this::dial));

        assertNothingIsLeft();
    }

    @Test
    void anAddressThatTheTransportDoesNotTakeIsTheCallersMistake() {
        transport.refusal = new IllegalArgumentException("deliberate");

        assertSame(transport.refusal, assertThrows(IllegalArgumentException.class, this::dial));

        assertNothingIsLeft();
    }

    @Test
    void aRefusedDialIsNeverListed() {
        List<List<Connection>> listed = new ArrayList<>();
        transport.refusal = new IllegalStateException("deliberate");
        transport.whenAsked = () -> listed.add(node.network().connections());

        assertThrows(NetworkException.class, this::dial);

        assertEquals(List.of(List.of()), listed);
    }

    @Test
    void aTransportThatTellsTheHandlerAllTheSameTellsNobodyElse() {
        transport.refusal = new IllegalStateException("deliberate");
        assertThrows(NetworkException.class, this::dial);

        node.loop.runNow(() -> transport.handler().onClosed(transport.refusal));
        node.run();

        assertEquals(List.of(), node.events.disconnected);
        assertNothingIsLeft();
    }

    @Test
    void aTransportThatAsksForNoHandlerIsNamed() {
        transport.silent = true;

        NetworkException thrown = assertThrows(NetworkException.class, this::dial);

        assertEquals("the transport refusing asked for no handler", thrown.getMessage());
        assertNothingIsLeft();
    }

    @Test
    void aTransportThatAsksTwiceIsRefused() {
        transport.twice = true;

        assertThrows(NetworkException.class, this::dial);

        assertNothingIsLeft();
    }

    @Test
    void aDialThatTheShutdownOvertakesIsRefused() {
        transport.whenAsking = () -> node.network().shutdown();

        NetworkException thrown = assertThrows(NetworkException.class, this::dial);

        assertEquals("the network has been shut down", thrown.getMessage());
        assertNothingIsLeft();
    }

    @Test
    void aShutdownThatWaitsForTheDialEndsWithIt() {
        List<CompletableFuture<ShutdownReport>> down = new ArrayList<>();
        transport.refusal = new IllegalStateException("deliberate");
        transport.whenAsked =
                () -> down.add(node.network().shutdown(Duration.ZERO).toCompletableFuture());

        assertThrows(NetworkException.class, this::dial);

        assertTrue(down.get(0).isDone(), "the shutdown");
    }

    private void dial() {
        node.network().dial(Node.REMOTE);
    }

    private void assertNothingIsLeft() {
        assertEquals(List.of(), node.network().connections());
        CompletableFuture<ShutdownReport> down = node.network().shutdown().toCompletableFuture();
        assertTrue(down.isDone(), "the shutdown");
        assertEquals(List.of(), down.join().connections());
        assertEquals(List.of(), node.events.disconnected);
    }

    /** Asks the acceptor of a dial, then throws. */
    private final class RefusingTransport implements Transport {
        @Nullable
        Throwable refusal;

        boolean silent;
        boolean twice;
        Runnable whenAsking = () -> {};
        Runnable whenAsked = () -> {};

        private @Nullable LinkHandler handler;

        LinkHandler handler() {
            LinkHandler told = handler;
            if (told == null) {
                throw new AssertionError("nobody was asked for a handler");
            }
            return told;
        }

        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public Listener listen(SocketAddress local, LinkAcceptor acceptor) {
            throw new UnsupportedOperationException("listen");
        }

        @Override
        public EventLoop nextLoop() {
            return node.transport.nextLoop();
        }

        @Override
        public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
            if (silent) {
                return linkOfNobody(remote, timeout);
            }
            return node.transport.dial(remote, timeout, link -> {
                whenAsking.run();
                handler = acceptor.accept(link);
                whenAsked.run();
                if (twice) {
                    acceptor.accept(link);
                }
                throwRefusal();
                return handler();
            });
        }

        private Link linkOfNobody(SocketAddress remote, Duration timeout) {
            List<Link> made = new ArrayList<>();
            assertThrows(
                    IllegalStateException.class,
                    () -> node.transport.dial(remote, timeout, link -> {
                        made.add(link);
                        throw new IllegalStateException("nobody");
                    }));
            return made.get(0);
        }

        private void throwRefusal() {
            if (refusal instanceof Error error) {
                throw error;
            }
            if (refusal instanceof RuntimeException exception) {
                throw exception;
            }
        }

        @Override
        public void close() {}
    }
}
