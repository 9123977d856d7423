/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.DialFailure;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.Listening;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import io.softclose.net.testkit.transport.fixture.UnansweredAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Dialling, part of {@link TransportContract}. */
public interface DialContract {
    /** A link that came about has its addresses and can carry bytes. */
    @Test
    default void aDialThatIsAnsweredConnectsBothEnds(TransportFixture fixture) throws IOException {
        Listening listening = fixture.listen();

        LinkProbe dialled = fixture.dial(listening.address()).await(Event.CONNECTED);
        LinkProbe accepted = listening.next().await(Event.CONNECTED);

        assertEquals(listening.address(), dialled.link().remoteAddress());
        assertEquals(listening.address(), accepted.link().localAddress());
        new LinkPair(dialled, accepted).assertAlive();
    }

    /** The handler can know its link before anything happens to it. */
    @Test
    default void theAcceptorOfADialIsAskedInTheCallingThread(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        CompletableFuture<Thread> asked = new CompletableFuture<>();
        LinkProbe probe = new LinkProbe();

        Link dialled = fixture.transport().dial(address, TransportFixture.DIAL_TIMEOUT, link -> {
            asked.complete(Thread.currentThread());
            return probe.attach(link);
        });

        assertSame(Thread.currentThread(), asked.getNow(null));
        assertSame(dialled, probe.link());
        probe.await(Event.CONNECTED);
    }

    /** Nobody else could be told. */
    @Test
    default void whatTheAcceptorOfADialThrowsReachesTheCaller(TransportFixture fixture) throws IOException {
        Listening listening = fixture.listen();
        IllegalStateException onPurpose = new IllegalStateException("on purpose");
        LinkAcceptor throwing = link -> {
            throw onPurpose;
        };

        assertSame(
                onPurpose,
                assertThrows(
                        IllegalStateException.class,
                        () -> fixture.transport().dial(listening.address(), TransportFixture.DIAL_TIMEOUT, throwing)));
        fixture.dial(listening.address()).await(Event.CONNECTED);
    }

    /** Whoever dials knows there and then. A handler that heard of it too would end what nobody has begun. */
    @Test
    default void aDialThatIsRefusedAfterItsAcceptorTellsTheCallerOnly(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        LinkProbe made = new LinkProbe();
        LinkAcceptor closing = link -> {
            fixture.transport().close();
            return made.attach(link);
        };

        assertThrows(
                RejectedExecutionException.class,
                () -> fixture.transport().dial(address, TransportFixture.DIAL_TIMEOUT, closing));

        assertEquals(List.of(), made.events());
    }

    /** A dial that fails has {@code onClosed} only. */
    @Test
    default void aRefusedDialClosesWithItsCause(TransportFixture fixture) throws IOException {
        LinkProbe dialled = fixture.dial(fixture.refusedAddress());

        assertInstanceOf(IOException.class, dialled.awaitClosed());
        assertEquals(List.of(Event.CLOSED), dialled.events());
    }

    /** Whoever reads it in a log has dialled many. {@link DialFailure} says it so. */
    @Test
    default void aDialThatFailsNamesWhatWasDialled(TransportFixture fixture) throws IOException {
        SocketAddress refusing = fixture.refusedAddress();
        Throwable refused = fixture.dial(refusing).awaitClosed();
        assertTrue(String.valueOf(refused).contains(refusing.toString()), String.valueOf(refused));

        try (UnansweredAddress unanswered = unansweredAddress(fixture)) {
            SocketAddress silent = unanswered.address();
            Throwable late =
                    fixture.dial(silent, Duration.ofMillis(50), new LinkProbe()).awaitClosed();
            assertTrue(String.valueOf(late).contains(silent.toString()), String.valueOf(late));
        }
    }

    /** The kernel would go on trying for minutes. */
    @Test
    default void aDialThatNobodyAnswersTimesOut(TransportFixture fixture) throws IOException {
        try (UnansweredAddress unanswered = unansweredAddress(fixture)) {
            LinkProbe dialled = fixture.dial(unanswered.address(), Duration.ofMillis(50), new LinkProbe());

            assertInstanceOf(SocketTimeoutException.class, dialled.awaitClosed());
            assertEquals(List.of(Event.CLOSED), dialled.events());
        }
    }

    /** Whoever aborts is told, without a cause. */
    @Test
    default void anAbortedDialClosesWithoutACause(TransportFixture fixture) throws IOException {
        endsADial(fixture, Link::abort);
    }

    /** A link that does not flow yet can be closed all the same. */
    @Test
    default void aClosedDialClosesWithoutACause(TransportFixture fixture) throws IOException {
        endsADial(fixture, Link::close);
        endsADial(fixture, Link::linger);
    }

    private static void endsADial(TransportFixture fixture, Consumer<Link> end) throws IOException {
        try (UnansweredAddress unanswered = unansweredAddress(fixture)) {
            LinkProbe dialled = fixture.dial(unanswered.address());

            dialled.run(end);

            assertNull(dialled.awaitClosed());
            assertEquals(List.of(Event.CLOSED), dialled.events());
        }
    }

    /** On the loop itself, the abort comes before the dial had a chance. */
    @Test
    default void aDialMayBeAbortedAtOnce(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        LinkProbe loop = fixture.dial(address).await(Event.CONNECTED);
        LinkProbe[] dials = new LinkProbe[20];

        // With several loops, those of a part of the dials are the one we are on.
        loop.run(link -> {
            for (int i = 0; i < dials.length; i++) {
                dials[i] = fixture.dial(address);
                Link dial = dials[i].link();
                dial.loop().execute(dial::abort);
                if (dial.loop().inEventLoop()) {
                    dial.abort();
                }
            }
        });

        for (LinkProbe dialled : dials) {
            assertNull(dialled.awaitClosed());
        }
    }

    /** Whoever dials several addresses for one link, one after the other, has a loop before it has a link. */
    @Test
    default void aDialStaysOnTheLoopThatItWasGiven(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        EventLoop loop = fixture.transport().nextLoop();

        // More than there are loops, of which each would be next in turn.
        for (int i = 0; i < 3; i++) {
            LinkProbe probe = new LinkProbe();
            fixture.transport().dial(loop, address, TransportFixture.DIAL_TIMEOUT, probe::attach);

            assertSame(loop, probe.await(Event.CONNECTED).link().loop());
        }
    }

    /** A link on another's loop would outlive its transport, or end with a stranger. */
    @Test
    default void aLoopOfAnotherTransportIsRefused(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();
        EventLoop foreign = fixture.another().nextLoop();
        Transport transport = fixture.transport();

        assertThrows(
                IllegalArgumentException.class,
                () -> transport.dial(foreign, address, TransportFixture.DIAL_TIMEOUT, new LinkProbe()::attach));
    }

    /** As the dial would be. */
    @Test
    default void aClosedTransportHasNoNextLoop(TransportFixture fixture) {
        fixture.transport().close();

        assertThrows(RejectedExecutionException.class, fixture.transport()::nextLoop);
    }

    /** Transports look up no names. Nothing was found to connect to, which is the handler's to know. */
    @Test
    default void aNameThatWasNotResolvedIsAnUnknownHost(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.listenAddress() instanceof InetSocketAddress, "only internet addresses have names");

        LinkProbe dialled = fixture.dial(InetSocketAddress.createUnresolved("unknown.invalid", 1));

        assertInstanceOf(UnknownHostException.class, dialled.awaitClosed());
        assertEquals(List.of(Event.CLOSED), dialled.events());
    }

    /** The message names the kinds of addresses that it takes. */
    @Test
    default void anAddressOfAnotherKindIsRefused(TransportFixture fixture) throws IOException {
        String taken = fixture.listenAddress().getClass().getSimpleName();
        SocketAddress other = new SocketAddress() {
            private static final long serialVersionUID = 1L;
        };

        IllegalArgumentException dialled = assertThrows(IllegalArgumentException.class, () -> fixture.dial(other));
        IllegalArgumentException listened = assertThrows(
                IllegalArgumentException.class, () -> fixture.transport().listen(other, link -> new LinkProbe()));

        assertTrue(String.valueOf(dialled.getMessage()).contains(taken), dialled.getMessage());
        assertTrue(String.valueOf(listened.getMessage()).contains(taken), listened.getMessage());
    }

    /** Zero would be no time, not all the time. */
    @Test
    default void aTimeoutIsLongerThanZero(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();

        for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThrows(IllegalArgumentException.class, () -> fixture.dial(address, timeout, new LinkProbe()));
        }
    }

    /** Durations reach further than the nanoseconds of a long. */
    @Test
    default void aTimeoutMayBeLongerThanAnyClock(TransportFixture fixture) throws IOException {
        SocketAddress address = fixture.listen().address();

        fixture.dial(address, Duration.ofSeconds(Long.MAX_VALUE), new LinkProbe())
                .await(Event.CONNECTED);
    }

    private static UnansweredAddress unansweredAddress(TransportFixture fixture) throws IOException {
        Optional<UnansweredAddress> unanswered = UnansweredAddress.like(fixture.listenAddress());
        assumeTrue(unanswered.isPresent(), "no way is known to leave a dial of such an address unanswered");
        return unanswered.orElseThrow();
    }
}
