/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Loops whose selector breaks, for once or for good. */
final class NioLoopFailureTest {
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(30);

    private final NioSettings settings = NioTransport.builder().loops(2).settings();
    private final OpenedSelectors selectors = new OpenedSelectors();

    @Test
    void aLinkGoesOnAfterItsSelectorBroke() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            peer.write(10);
            peer.probe.awaitReceived(10);

            peer.selectors.breakOne(0);

            peer.write(1000);
            peer.probe.awaitReceived(1010);
            peer.read(peer.probe.fill(new byte[100_000]));
            peer.probe.await(Event.WRITABLE);
            assertEquals(2, peer.selectors.count());
            peer.socket.shutdownOutput();
            peer.probe.await(Event.INPUT_CLOSED);
        }
    }

    @Test
    void aPausedLinkStaysPausedThoughItsSelectorBreaks() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            peer.probe.run(link -> link.reading(Reading.PAUSED));

            peer.selectors.breakOne(0);
            peer.write(1000);
            peer.probe.awaitTasks();

            assertEquals(0, peer.probe.receivedBytes());
            peer.probe.run(link -> link.reading(Reading.RESUMED));
            peer.probe.awaitReceived(1000);
        }
    }

    /** What a link asks for between the break and the replacement is not lost, and nothing is thrown at its handler. */
    @Test
    void whatIsAskedOfABrokenSelectorItsSuccessorDoes() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            peer.probe.run(link -> {
                try {
                    peer.selectors.breakOne(0);
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
                link.reading(Reading.PAUSED);
                link.reading(Reading.RESUMED);
            });

            peer.write(1000);
            peer.probe.awaitReceived(1000);
        }
    }

    /** As when memory runs out halfway: what was registered with neither selector would never be told anything again. */
    @Test
    void aLinkThatTheNewSelectorDidNotTakeGoesToTheNext() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            SelectableChannel channel = peer.probe.call(
                    link -> peer.selectors.last().keys().iterator().next().channel());
            // No selector takes a channel that blocks.
            peer.selectors.before(() -> channel.configureBlocking(true), () -> channel.configureBlocking(false));

            peer.selectors.breakOne(0);

            peer.write(1000);
            peer.probe.awaitReceived(1000);
            assertEquals(3, peer.selectors.count());
        }
    }

    /** Its socket would stay open, and its peer wait for ever. */
    @Test
    void whatLingersIsClosedThoughTheSelectorBreaksWhileTheLoopStops() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            CompletableFuture<Integer> seen = CompletableFuture.supplyAsync(peer::readOrFail);
            peer.probe.run(link -> {
                link.linger();
                peer.loop.stop();
                peer.loop.execute(() -> peer.loop.execute(peer::breakSelector));
            });

            assertEquals(-1, Waiting.await(seen, "the end"));
        }
    }

    @Test
    void aTransportThatCannotBeMadeLeavesNoSelectorOpen() {
        selectors.before(() -> {}, () -> {
            throw new OutOfMemoryError("on purpose");
        });

        assertThrows(OutOfMemoryError.class, () -> new NioTransport(settings, selectors));

        assertEquals(1, selectors.count());
        assertFalse(selectors.last().isOpen());
    }

    @Test
    void listenersAndTimersGoOnAfterTheirSelectorsBroke() throws IOException {
        try (NioTransport transport = new NioTransport(settings, selectors)) {
            BlockingQueue<LinkProbe> accepted = new LinkedBlockingQueue<>();
            Listener listener = listen(transport, accepted);
            LinkProbe before = dial(transport, listener.localAddress());
            CountDownLatch fired = new CountDownLatch(1);
            before.run(link -> link.loop().schedule(50_000_000, fired::countDown));

            selectors.breakOne(0);
            selectors.breakOne(1);

            Waiting.await(fired, "the timer");
            dial(transport, listener.localAddress()).await(Event.CONNECTED);
            dial(transport, listener.localAddress()).await(Event.CONNECTED);
            for (int i = 0; i < 3; i++) {
                Waiting.next(accepted, "an accepted link").await(Event.CONNECTED);
            }
            before.send(new byte[1]);
        }
    }

    @Test
    void aLoopThatCannotGoOnEndsItsLinksAndRefusesTasks() throws Exception {
        RawPeer peer = new RawPeer(new LinkProbe());
        peer.selectors.exhaust();

        peer.selectors.breakOne(0);

        assertInstanceOf(ClosedSelectorException.class, peer.probe.awaitClosed());
        assertThrows(IOException.class, () -> peer.read(1));
        peer.loop.thread().join();
        RejectedExecutionException refused =
                assertThrows(RejectedExecutionException.class, () -> peer.loop.execute(() -> {}));
        assertInstanceOf(ClosedSelectorException.class, refused.getCause());
        peer.close();
    }

    @Test
    void aTransportGoesOnWithTheLoopsThatAreLeft() throws IOException {
        try (NioTransport transport = new NioTransport(settings, selectors)) {
            BlockingQueue<LinkProbe> accepted = new LinkedBlockingQueue<>();
            Listener first = listen(transport, accepted);
            Listener second = listen(transport, accepted);
            LinkProbe one = dial(transport, first.localAddress()).await(Event.CONNECTED);
            LinkProbe other = dial(transport, first.localAddress()).await(Event.CONNECTED);
            Waiting.next(accepted, "a link");
            Waiting.next(accepted, "a link");
            selectors.exhaust();

            selectors.breakOne(0);
            CompletableFuture.anyOf(
                            CompletableFuture.runAsync(one::awaitClosed),
                            CompletableFuture.runAsync(other::awaitClosed))
                    .join();

            accepted.clear();
            for (int i = 0; i < 10; i++) {
                dial(transport, first.localAddress()).await(Event.CONNECTED);
                Waiting.next(accepted, "a link").await(Event.CONNECTED);
                dial(transport, second.localAddress()).await(Event.CONNECTED);
                Waiting.next(accepted, "a link").await(Event.CONNECTED);
            }
        }
    }

    @Test
    void aTransportWithoutLoopsRefusesWithTheCauseAndCloses() throws Exception {
        NioTransport transport = new NioTransport(settings, selectors);
        BlockingQueue<LinkProbe> accepted = new LinkedBlockingQueue<>();
        Listener listener = listen(transport, accepted);
        SocketAddress address = listener.localAddress();
        LinkProbe one = dial(transport, address).await(Event.CONNECTED);
        LinkProbe other = dial(transport, address).await(Event.CONNECTED);
        // The two that are dialled may be on one loop, and those that are accepted on the other.
        List<LinkProbe> all =
                List.of(one, other, Waiting.next(accepted, "a link"), Waiting.next(accepted, "another link"));
        selectors.exhaust();

        selectors.breakOne(0);
        selectors.breakOne(1);
        all.forEach(LinkProbe::awaitClosed);

        RejectedExecutionException refused = assertThrows(
                RejectedExecutionException.class,
                () -> transport.dial(address, DIAL_TIMEOUT, NioLoopFailureTest::probe));
        assertInstanceOf(ClosedSelectorException.class, refused.getCause());
        assertThrows(RejectedExecutionException.class, () -> transport.listen(loopback(), NioLoopFailureTest::probe));
        try (NioTransport healthy = NioTransport.builder().loops(1).build()) {
            LinkProbe late = new LinkProbe();
            healthy.dial(address, DIAL_TIMEOUT, late::attach);
            assertTrue(late.awaitClosed() instanceof IOException, "the listener's socket is closed too");
        }
        transport.close();
    }

    private static Listener listen(NioTransport transport, BlockingQueue<LinkProbe> accepted) throws IOException {
        return transport.listen(loopback(), link -> {
            LinkProbe probe = probe(link);
            accepted.add(probe);
            return probe;
        });
    }

    private static LinkProbe probe(Link link) {
        return new LinkProbe().attach(link);
    }

    private static LinkProbe dial(NioTransport transport, SocketAddress address) {
        LinkProbe probe = new LinkProbe();
        transport.dial(address, DIAL_TIMEOUT, probe::attach);
        return probe;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
