/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.nio.loop.Lingerings;
import io.softclose.net.nio.loop.LinkSocket;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.nio.socket.Family;
import io.softclose.net.testkit.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many sockets may linger on a loop; what each of them does is in the contract of links. */
final class LingeringsTest {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final NioLoop loop =
            new NioLoop(Selector::open, "loop", NioTransport.builder().settings(), broken -> {});
    private final ServerSocketChannel server = ServerSocketChannel.open();

    LingeringsTest() throws IOException {}

    @BeforeEach
    void start() throws IOException {
        loop.start();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop();
        loop.thread().join();
        server.close();
    }

    @Test
    void oneTooManyEndsTheOneThatHasLingeredLongest() throws IOException {
        Lingerings lingerings = onLoop(() -> new Lingerings(loop, loop::schedule, HOUR_NANOS, HOUR_NANOS, 2));
        try (SocketChannel first = linger(lingerings);
                SocketChannel second = linger(lingerings)) {
            assertEquals(2, onLoop(lingerings::size));

            try (SocketChannel third = linger(lingerings)) {
                assertEquals(-1, first.read(ByteBuffer.allocate(1)));
                assertEquals(2, onLoop(lingerings::size));
                assertTrue(second.isConnected() && third.isConnected());
            }
        }
        onLoop(() -> {
            lingerings.end();
            return lingerings.isEmpty();
        });
    }

    @Test
    void thePeersEndEndsIt() throws IOException {
        Lingerings lingerings = onLoop(() -> new Lingerings(loop, loop::schedule, HOUR_NANOS, HOUR_NANOS, 2));
        try (SocketChannel peer = linger(lingerings)) {
            peer.shutdownOutput();

            assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
        }
        assertTrue(onLoop(lingerings::isEmpty));
    }

    /** It may never say anything more, and nothing shows how much it has read. */
    @Test
    void silenceEndsItLongBeforeTheMostItMayTake() throws IOException {
        Lingerings lingerings =
                onLoop(() -> new Lingerings(loop, loop::schedule, TimeUnit.MILLISECONDS.toNanos(50), HOUR_NANOS, 2));
        try (SocketChannel peer = linger(lingerings)) {
            assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
        }
        assertTrue(onLoop(lingerings::isEmpty));
    }

    @Test
    void nothingThatComesHoldsItUpLongerThanTheMostItMayTake() throws IOException {
        Lingerings lingerings =
                onLoop(() -> new Lingerings(loop, loop::schedule, HOUR_NANOS, TimeUnit.MILLISECONDS.toNanos(50), 2));
        try (SocketChannel peer = linger(lingerings)) {
            assertThrows(IOException.class, () -> {
                long start = System.nanoTime();
                while (System.nanoTime() - start < Waiting.SAFETY_NET.toNanos()) {
                    peer.write(ByteBuffer.allocate(1));
                }
            });
        }
        assertTrue(onLoop(lingerings::isEmpty));
    }

    /** For want of memory: nobody would look after it again. */
    @Test
    void aTimerThatCannotBeSetEndsIt() throws IOException {
        AtomicInteger timers = new AtomicInteger();
        Lingerings.Timers failing = (delayNanos, task) -> {
            if (timers.getAndIncrement() > 0) {
                throw new OutOfMemoryError("on purpose");
            }
            return loop.schedule(delayNanos, task);
        };
        Lingerings lingerings =
                onLoop(() -> new Lingerings(loop, failing, TimeUnit.MILLISECONDS.toNanos(500), HOUR_NANOS, 2));
        try (SocketChannel peer = linger(lingerings)) {
            CompletableFuture<Integer> seen = CompletableFuture.supplyAsync(() -> readOrFail(peer));
            // What comes in the middle has the first timer set another.
            onLoop(() -> loop.schedule(TimeUnit.MILLISECONDS.toNanos(250), () -> writeByte(peer)));

            assertEquals(-1, Waiting.await(seen, "the end"));
        }
        assertTrue(onLoop(lingerings::isEmpty));
        assertEquals(2, timers.get());
    }

    /** Then its link keeps the socket. */
    @Test
    void whatCannotBeginLeavesNoTimerBehind() throws IOException {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger timers = new AtomicInteger();
        Lingerings.Timers failing = (delayNanos, task) -> {
            if (timers.getAndIncrement() > 0) {
                throw new OutOfMemoryError("on purpose");
            }
            return cancelled::incrementAndGet;
        };
        Lingerings lingerings = onLoop(() -> new Lingerings(loop, failing, HOUR_NANOS, HOUR_NANOS, 2));
        try (SocketChannel peer = SocketChannel.open(server.getLocalAddress());
                SocketChannel channel = server.accept()) {
            LinkSocket socket = new LinkSocket(loop, Family.TCP, channel);

            assertThrows(
                    CompletionException.class,
                    () -> onLoop(() -> {
                        lingerings.add(socket, false, false);
                        return true;
                    }));

            assertEquals(1, cancelled.get());
            assertTrue(onLoop(lingerings::isEmpty));
            assertTrue(peer.isConnected());
        }
    }

    private static int readOrFail(SocketChannel peer) {
        try {
            return peer.read(ByteBuffer.allocate(1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void writeByte(SocketChannel peer) {
        try {
            peer.write(ByteBuffer.allocate(1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Has a socket linger, and returns its other end. */
    private SocketChannel linger(Lingerings lingerings) throws IOException {
        SocketChannel peer = SocketChannel.open(server.getLocalAddress());
        SocketChannel channel = server.accept();
        channel.configureBlocking(false);
        LinkSocket socket = new LinkSocket(loop, Family.TCP, channel);
        onLoop(() -> {
            try {
                socket.register(SelectionKey.OP_READ, key -> {});
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
            // Our end is out already: a quiet peer would not see another.
            lingerings.add(socket, true, false);
            return true;
        });
        return peer;
    }

    private <T> T onLoop(Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> result.completeAsync(action, Runnable::run));
        return result.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
