/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A link whose peer sends faster than its handler works does not keep its loop from everybody else. */
final class FairnessTest {
    private static final int ROUNDS = 10;
    private static final long NANOS_PER_BYTE = 1_000;
    /** What is handed on to a handler that is this slow before others have their turn, with much to spare. */
    private static final long MOST_BYTES = 128 * 1024;

    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void tasksTimersAndOtherLinksHaveTheirTurnBesideASlowHandler(IoKind kind) throws Exception {
        SlowHandler slow = new SlowHandler();
        LinkProbe other = new LinkProbe();
        try (RawLink raw = RawLink.open(kind, other);
                Flood flood = Flood.start(raw.transport(), slow)) {
            for (int i = 0; i < ROUNDS; i++) {
                flood.awaitMore();
                assertFew("a task", slow, () -> other.awaitTasks());
                assertFew("a timer", slow, () -> {
                    CompletableFuture<Boolean> fired = new CompletableFuture<>();
                    other.run(link -> link.loop().schedule(0, () -> fired.complete(true)));
                    RawLink.get(fired);
                });
                int received = other.receivedBytes();
                assertFew("another link", slow, () -> {
                    write(raw.peer(), new byte[1]);
                    other.awaitReceived(received + 1);
                });
            }
        }
    }

    private static void assertFew(String what, SlowHandler slow, Runnable wait) {
        long before = slow.bytes.get();
        wait.run();
        long meanwhile = slow.bytes.get() - before;
        assertTrue(meanwhile <= MOST_BYTES, what + " waited for " + meanwhile + " bytes of another link");
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Works for a while on every byte. */
    private static final class SlowHandler implements LinkHandler {
        private final AtomicLong bytes = new AtomicLong();

        @Override
        public void onConnected() {}

        @Override
        public void onRead(ByteBuffer data) {
            long end = System.nanoTime() + data.remaining() * NANOS_PER_BYTE;
            bytes.addAndGet(data.remaining());
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void onWritable() {}

        @Override
        public void onInputClosed(InputEnd end) {}

        @Override
        public void onClosed(@Nullable Throwable cause) {}
    }

    /** A peer that sends to a handler for as long as it is taken. */
    private record Flood(Socket peer, SlowHandler handler) implements AutoCloseable {
        static Flood start(NettyTransport transport, SlowHandler handler) throws IOException {
            InetSocketAddress address = (InetSocketAddress) transport
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), link -> handler)
                    .localAddress();
            Socket peer = new Socket(address.getAddress(), address.getPort());
            Thread sender = new Thread(() -> {
                try {
                    while (true) {
                        peer.getOutputStream().write(new byte[256 * 1024]);
                    }
                } catch (IOException closed) {
                    // Enough.
                }
            });
            sender.setDaemon(true);
            sender.start();
            return new Flood(peer, handler);
        }

        void awaitMore() {
            long before = handler.bytes.get();
            while (handler.bytes.get() == before) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }
}
