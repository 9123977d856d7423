/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FakeTransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final FakeTransport transport = new FakeTransport();
    private final ManualEventLoop loop = transport.loop();
    private final RecordingHandler handler = new RecordingHandler();
    private final InetSocketAddress remote = address(6180);

    @Test
    void aDialSucceedsUnlessToldOtherwise() {
        FakeLink link = transport.dial(remote, TIMEOUT, any -> handler);
        assertEquals(List.of(), handler.events);

        loop.runReady();

        assertEquals(List.of("connected"), handler.events);
        assertEquals(List.of(link), transport.links());
        assertEquals(remote, link.remoteAddress());
        assertEquals(0, loop.pendingTimers());
    }

    @Test
    void aDialFailsForTheScriptedCause() {
        ConnectException refused = new ConnectException("Connection refused");
        transport.dialsFail(refused);

        transport.dial(remote, TIMEOUT, any -> handler);
        loop.runReady();

        assertEquals(List.of("closed"), handler.events);
        assertSame(refused, handler.cause);
        transport.verifyNoLeaks();
    }

    @Test
    void aDialThatHangsEndsAtItsTimeout() {
        transport.dialsHang();
        transport.dial(remote, TIMEOUT, any -> handler);

        loop.advance(TIMEOUT.minusNanos(1));
        assertEquals(List.of(), handler.events);
        loop.advance(Duration.ofNanos(1));

        assertEquals(List.of("closed"), handler.events);
        assertTrue(handler.cause instanceof SocketTimeoutException, String.valueOf(handler.cause));
        transport.verifyNoLeaks();
    }

    @Test
    void aDialThatHangsMayStillConnect() {
        transport.dialsHang();
        FakeLink link = transport.dial(remote, TIMEOUT, any -> handler);
        loop.runReady();

        link.connect();
        loop.advance(TIMEOUT);

        assertEquals(List.of("connected"), handler.events);
    }

    @Test
    void abortCancelsADial() {
        transport.dialsHang();
        FakeLink link = transport.dial(remote, TIMEOUT, any -> handler);
        loop.runReady();

        loop.runNow(link::abort);
        loop.advance(TIMEOUT);

        assertEquals(List.of("closed"), handler.events);
        transport.verifyNoLeaks();
    }

    @Test
    void whatTheAcceptorOfADialThrowsReachesTheCaller() {
        IllegalStateException thrown = new IllegalStateException("deliberate");

        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> transport.dial(remote, TIMEOUT, any -> {
                            throw thrown;
                        })));

        transport.verifyNoLeaks();
    }

    @Test
    void anAcceptedLinkIsUpOnceItsAcceptorHasSeenIt() throws IOException {
        try (Listener listener = transport.listen(address(0), any -> {
            handler.events.add("accepted");
            return handler;
        })) {
            FakeLink link = transport.accept(listener.localAddress());
            loop.runReady();

            assertEquals(List.of("accepted", "connected"), handler.events);
            assertEquals(listener.localAddress(), link.localAddress());
            assertEquals(List.of(listener.localAddress()), transport.listening());
        }
        assertEquals(List.of(), transport.listening());
    }

    @Test
    void anAcceptorThatThrowsRefusesTheLink() throws IOException {
        IllegalStateException refused = new IllegalStateException("deliberate");
        try (Listener listener = transport.listen(address(0), any -> {
            throw refused;
        })) {
            FakeLink link = transport.accept(listener.localAddress());
            loop.runReady();

            assertSame(refused, link.refusal().orElseThrow());
            assertTrue(link.isClosed());
            assertTrue(link.peerSawReset());
        }
        transport.verifyNoLeaks();
    }

    @Test
    void listenersHaveAddressesOfTheirOwn() throws IOException {
        try (Listener first = transport.listen(address(0), any -> handler);
                Listener second = transport.listen(address(0), any -> handler)) {
            assertNotEquals(first.localAddress(), second.localAddress());
            assertThrows(BindException.class, () -> transport.listen(first.localAddress(), any -> handler));
        }
    }

    @Test
    void nobodyIsAcceptedWhereNobodyListens() {
        assertThrows(IllegalArgumentException.class, () -> transport.accept(address(6180)));
    }

    @Test
    void takesInternetAddressesOnly() {
        UnixDomainSocketAddress unix = UnixDomainSocketAddress.of("socket");

        assertThrows(IllegalArgumentException.class, () -> transport.dial(unix, TIMEOUT, any -> handler));
        assertThrows(IllegalArgumentException.class, () -> transport.listen(unix, any -> handler));
    }

    @Test
    void closingAbortsTheLinksAndRefusesMore() throws IOException {
        transport.listen(address(0), any -> handler);
        FakeLink link = transport.dial(remote, TIMEOUT, any -> handler);
        loop.runReady();

        transport.close();
        loop.runReady();

        assertEquals(List.of("connected", "closed"), handler.events);
        assertTrue(link.peerSawReset());
        assertEquals(List.of(), link.endCalls());
        assertThrows(RejectedExecutionException.class, () -> transport.dial(remote, TIMEOUT, any -> handler));
        assertThrows(RejectedExecutionException.class, () -> transport.listen(address(0), any -> handler));
        transport.verifyNoLeaks();
    }

    @Test
    void findsAListenerThatIsLeft() throws IOException {
        transport.listen(address(0), any -> handler);

        assertLeak("listeners: ");
    }

    @Test
    void findsALinkThatIsLeft() {
        transport.dial(remote, TIMEOUT, any -> handler);
        loop.runReady();

        assertLeak("OPEN (expected: CLOSED)");
    }

    @Test
    void findsATimerThatIsLeft() {
        loop.runNow(() -> loop.schedule(10, () -> {}));

        assertLeak("timers: 1 neither run nor cancelled");
    }

    @Test
    void findsATaskThatIsLeft() {
        loop.execute(() -> {});

        assertLeak("ready tasks: 1");
    }

    @Test
    void findsATaskThatThrew() {
        loop.execute(() -> {
            throw new IllegalStateException("deliberate");
        });
        loop.runReady();

        assertLeak("deliberate");
    }

    private void assertLeak(String expected) {
        AssertionError failure = assertThrows(AssertionError.class, transport::verifyNoLeaks);
        assertTrue(failure.toString().contains(expected), failure.toString());
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
