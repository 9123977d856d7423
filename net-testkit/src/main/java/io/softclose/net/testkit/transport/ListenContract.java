/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.Listening;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Listening, part of {@link TransportContract}. */
public interface ListenContract {
    /** How often two close a listener at the same time. */
    int CLOSING_ROUNDS = 100;

    /** Port 0 asks the operating system to choose. */
    @Test
    default void aListenerTellsThePortThatWasChosen(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.listenAddress() instanceof InetSocketAddress, "only internet addresses have ports");

        SocketAddress bound = fixture.listen().address();

        assertNotEquals(0, ((InetSocketAddress) bound).getPort());
    }

    /** The second listener would take links that the first is asked for. */
    @Test
    default void anAddressIsListenedOnOnce(TransportFixture fixture) throws IOException {
        Listening first = fixture.listen();

        assertThrows(IOException.class, () -> fixture.listen(first.address(), LinkProbe::new));

        fixture.dial(first.address()).await(Event.CONNECTED);
        first.next().await(Event.CONNECTED);
    }

    /** So a handler can be made on its loop, with its link, before anything happens to it. */
    @Test
    default void theHandlerOfAnAcceptedLinkIsAskedForOnItsLoop(TransportFixture fixture) throws IOException {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        CompletableFuture<Boolean> connectedLater = new CompletableFuture<>();
        LinkProbe probe = new LinkProbe();
        Listener listener = fixture.transport().listen(fixture.listenAddress(), link -> {
            onLoop.complete(link.loop().inEventLoop());
            link.loop().execute(() -> connectedLater.complete(probe.events().isEmpty()));
            return probe.attach(link);
        });

        fixture.dial(listener.localAddress()).await(Event.CONNECTED);

        assertTrue(Waiting.await(onLoop, "accept"), "accept outside the loop");
        assertTrue(Waiting.await(connectedLater, "a task of accept"), "onConnected before a task of accept");
        probe.await(Event.CONNECTED);
    }

    /** Its peer must not wait for an answer that never comes. */
    @Test
    default void anAcceptorThatThrowsLosesThatLinkOnly(TransportFixture fixture) throws IOException {
        AtomicBoolean thrown = new AtomicBoolean();
        Listening listening = fixture.listen(() -> {
            if (thrown.compareAndSet(false, true)) {
                throw new IllegalStateException("on purpose");
            }
            return new LinkProbe();
        });

        LinkProbe unlucky = fixture.dial(listening.address());
        if (fixture.resets()) {
            assertInstanceOf(IOException.class, unlucky.awaitClosed());
        } else {
            unlucky.await(Event.INPUT_CLOSED);
        }

        LinkProbe lucky = fixture.dial(listening.address()).await(Event.CONNECTED);
        new LinkPair(lucky, listening.next().await(Event.CONNECTED)).assertAlive();
    }

    /** A listener may be replaced at once. */
    @Test
    default void closingAListenerFreesItsAddressAndKeepsItsLinks(TransportFixture fixture) throws IOException {
        Listening first = fixture.listen();
        LinkPair old = new LinkPair(
                fixture.dial(first.address()).await(Event.CONNECTED),
                first.next().await(Event.CONNECTED));

        first.listener().close();
        Listening second = fixture.listen(first.address(), LinkProbe::new);

        old.assertAlive();
        LinkPair fresh = new LinkPair(
                fixture.dial(second.address()).await(Event.CONNECTED),
                second.next().await(Event.CONNECTED));
        fresh.assertAlive();
        assertEquals(0, first.accepted().size());
    }

    /** Nobody is there any more. */
    @Test
    default void aClosedListenerAcceptsNothing(TransportFixture fixture) throws IOException {
        Listening listening = fixture.listen();

        listening.listener().close();

        assertInstanceOf(IOException.class, fixture.dial(listening.address()).awaitClosed());
        assertEquals(0, listening.accepted().size());
    }

    /** Also in the callback of a link, whose loop may be the one that accepts. */
    @Test
    default void aListenerMayBeClosedOnALoopAndTwice(TransportFixture fixture) throws IOException {
        CompletableFuture<Listener> listener = new CompletableFuture<>();
        CompletableFuture<Listener> replacement = new CompletableFuture<>();
        LinkProbe closing = new LinkProbe().on(Event.CONNECTED, link -> {
            Listener open = Waiting.await(listener, "the listener");
            open.close();
            open.close();
            try {
                replacement.complete(
                        fixture.transport().listen(open.localAddress(), accepted -> new LinkProbe().attach(accepted)));
            } catch (IOException taken) {
                replacement.completeExceptionally(taken);
            }
        });
        Listening listening = fixture.listen(() -> closing);
        listener.complete(listening.listener());

        fixture.dial(listening.address());

        assertEquals(
                listening.address(),
                Waiting.await(replacement, "listening again").localAddress());
    }

    /** Whoever comes second must not take the address for free before it is. */
    @Test
    default void whoeverClosesAListenerFindsItsAddressFree(TransportFixture fixture) throws IOException {
        for (int i = 0; i < CLOSING_ROUNDS; i++) {
            Listening listening = fixture.listen();
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                awaitSafely(start);
                listening.listener().close();
            });

            awaitSafely(start);
            listening.listener().close();
            fixture.listen(listening.address(), LinkProbe::new).listener().close();

            Waiting.await(other, "the other close");
        }
    }

    private static void awaitSafely(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    /** Each is told of its own peer's bytes only. */
    @Test
    default void manyLinksLiveAtOnce(TransportFixture fixture) throws IOException {
        int links = 200;
        Listening listening = fixture.listen(ListenContract::echo);
        List<LinkProbe> dialled = new ArrayList<>();
        for (int i = 0; i < links; i++) {
            byte[] own = Payloads.random(10_000, i);
            LinkProbe probe = new LinkProbe();
            probe.on(Event.CONNECTED, link -> probe.send(link, own));
            dialled.add(fixture.dial(listening.address(), TransportFixture.DIAL_TIMEOUT, probe));
        }

        for (int i = 0; i < links; i++) {
            byte[] own = Payloads.random(10_000, i);
            Payloads.assertSame(own, dialled.get(i).awaitReceived(own.length).received());
        }
    }

    private static LinkProbe echo() {
        LinkProbe probe = new LinkProbe();
        return probe.on(Event.READ, link -> probe.send(link, probe.takeReceived()));
    }
}
