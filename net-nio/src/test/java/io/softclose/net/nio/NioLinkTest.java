/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a link does to its socket, seen from the selector and from the other end. */
final class NioLinkTest {
    @Test
    void roomIsWatchedForOnlyWhileThereIsNone() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            assertEquals(OP_READ, peer.interestOps());

            long taken = peer.probe.fill(new byte[100_000]);
            assertEquals(OP_READ | OP_WRITE, peer.interestOps());

            peer.read(taken);
            peer.probe.await(Event.WRITABLE);
            assertEquals(OP_READ, peer.interestOps());
        }
    }

    /** It stays readable: a selector that watched it would never sleep again. */
    @Test
    void nothingIsWatchedAfterThePeersEnd() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            peer.socket.shutdownOutput();
            peer.probe.await(Event.INPUT_CLOSED);

            assertEquals(0, peer.interestOps());
        }
    }

    @Test
    void nothingIsWatchedWhilePaused() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            peer.probe.run(link -> link.reading(Reading.PAUSED));
            assertEquals(0, peer.interestOps());

            peer.probe.run(link -> link.reading(Reading.RESUMED));
            assertEquals(OP_READ, peer.interestOps());
        }
    }

    /** Whoever is told that a link is gone may count on its descriptor: the JDK alone keeps it until it next selects. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theDescriptorIsGoneWhenOnClosedComes() throws IOException {
        for (Consumer<Link> end : List.<Consumer<Link>>of(Link::close, Link::abort, NioLinkTest::failHandler)) {
            CompletableFuture<Integer> left = new CompletableFuture<>();
            LinkProbe probe = new LinkProbe().on(Event.CLOSED, link -> left.complete(openSockets()));
            probe.on(Event.READ, end);
            try (RawPeer peer = new RawPeer(probe)) {
                int before = openSockets();

                peer.write(1);
                probe.awaitClosed();

                assertEquals(before - 1, left.orTimeout(30, TimeUnit.SECONDS).join());
            }
        }
    }

    /** Nobody else would close the socket of a dial that was given up. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theDescriptorOfAnAbortedDialIsGoneToo() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel full = ServerSocketChannel.open();
                NioTransport transport = NioTransport.builder().build()) {
            full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            for (int i = 0; i < 8; i++) {
                waiting.add(SocketChannel.open());
                waiting.get(i).configureBlocking(false);
                waiting.get(i).connect(full.getLocalAddress());
            }
            int before = openSockets();
            LinkProbe dialled = new LinkProbe();
            transport.dial(full.getLocalAddress(), Duration.ofSeconds(30), dialled::attach);
            dialled.awaitTasks();
            assertEquals(before + 1, openSockets());

            dialled.run(Link::abort);
            dialled.awaitClosed();

            assertEquals(before, openSockets());
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    private static void failHandler(Link link) {
        throw new IllegalStateException("on purpose");
    }

    private static int openSockets() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return (int) descriptors.filter(NioLinkTest::isSocket).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** The kernel still has what arrived before the reset, and the peer may count on it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThePeerWroteBeforeItWentIsReadThoughAWriteFails() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            CountDownLatch gone = new CountDownLatch(1);
            CountDownLatch waiting = new CountDownLatch(1);
            // The loop is kept from reading until the write has met the reset.
            CompletableFuture<Integer> taken = CompletableFuture.supplyAsync(() -> peer.probe.call(link -> {
                waiting.countDown();
                awaitSafely(gone);
                return link.write(ByteBuffer.allocate(1));
            }));

            awaitSafely(waiting);
            peer.write(100_000);
            peer.reset();
            gone.countDown();

            assertEquals(0, taken.orTimeout(30, TimeUnit.SECONDS).join());
            assertInstanceOf(IOException.class, peer.probe.awaitClosed());
            assertEquals(100_000, peer.probe.receivedBytes());
            assertEquals(List.of(), peer.probe.violations());
        }
    }

    private static void awaitSafely(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callsFromOtherThreadsAreRefused() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            Link link = peer.probe.link();
            ByteBuffer source = ByteBuffer.allocate(1);
            List<Runnable> calls = List.of(
                    link::close,
                    link::abort,
                    link::shutdownOutput,
                    link::flushedBytes,
                    () -> link.reading(Reading.PAUSED),
                    () -> link.write(source),
                    () -> link.release(source),
                    () -> link.loop().schedule(0, () -> {}));

            for (Runnable call : calls) {
                IllegalStateException refused = assertThrows(IllegalStateException.class, call::run);
                assertEquals(
                        "called on " + Thread.currentThread().getName() + " (expected: on the link's loop)",
                        refused.getMessage());
            }
            assertThrows(IllegalStateException.class, () -> link.lend(1));
        }
    }

    @Test
    void writingAfterTheOutputWasShutDownIsRefused() throws IOException {
        try (RawPeer peer = new RawPeer(new LinkProbe())) {
            peer.probe.run(link -> {
                link.shutdownOutput();
                assertThrows(IllegalStateException.class, () -> link.write(ByteBuffer.allocate(1)));
            });
        }
    }

    /** One buffer serves all links of a loop: what one handler leaves it as must not reach the next. */
    @Test
    void theReadBufferIsBigEndianAndBoundedEachTime() throws IOException {
        LinkProbe probe = new LinkProbe();
        try (RawPeer peer = new RawPeer(probe)) {
            ByteBuffer shared = probe.call(link -> peer.loop.readBuffer());

            for (int round = 1; round <= 3; round++) {
                probe.run(link -> shared.order(ByteOrder.LITTLE_ENDIAN).limit(1));
                peer.write(10);
                probe.awaitReceived(10 * round);
                assertSame(ByteOrder.BIG_ENDIAN, probe.call(link -> shared.order()));
            }
        }
    }
}
