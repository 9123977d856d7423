/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A link of a transport of its own, and the plain socket at its other end.
 *
 * @param transport closed with it
 * @param link the end under test, accepted and connected
 * @param peer the other end
 */
@SuppressWarnings("exports") // nobody reads the tests of a module
public record RawLink(NettyTransport transport, LinkProbe link, Socket peer) implements AutoCloseable {
    private static final int SECONDS = 60;

    /** Connects one, with one loop and a peer whose receive buffer has this size, or the system's if that is 0. */
    public static RawLink open(NettyTransport.Builder settings, LinkProbe probe, int receiveBufferBytes)
            throws IOException {
        NettyTransport transport = settings.loops(1).build();
        InetSocketAddress address = (InetSocketAddress) transport
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), probe::attach)
                .localAddress();
        Socket peer = new Socket();
        if (receiveBufferBytes > 0) {
            peer.setReceiveBufferSize(receiveBufferBytes);
        }
        peer.setTcpNoDelay(true);
        peer.connect(address);
        return new RawLink(transport, probe.await(Event.CONNECTED), peer);
    }

    public static RawLink open(IoKind kind, LinkProbe probe) throws IOException {
        return open(NettyTransport.builder().io(kind), probe, 0);
    }

    /** The loop of the link. */
    public NettyLoop loop() {
        return (NettyLoop) link.link().loop();
    }

    /** Lets the loop turn, with its I/O, this often. */
    public void turns(int count) {
        for (int i = 0; i < count; i++) {
            CompletableFuture<Boolean> turned = new CompletableFuture<>();
            loop().execute(() -> loop().afterIo(() -> turned.complete(true)));
            get(turned);
        }
    }

    /** Looks again and again, while the loop turns, until it is so; then {@code condition} runs on the loop. */
    public void awaitOnLoop(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!link.call(any -> condition.getAsBoolean())) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new AssertionError("not within " + SECONDS + " s");
            }
        }
    }

    /** Begins to read to the end; what it brings is how many bytes came before the end, or fails with what came instead. */
    public CompletableFuture<Long> readToTheEnd() {
        CompletableFuture<Long> result = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            long total = 0;
            try {
                InputStream in = peer.getInputStream();
                byte[] buffer = new byte[64 * 1024];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    total += count;
                }
                result.complete(total);
            } catch (IOException reset) {
                result.completeExceptionally(new AfterBytes(total, reset));
            }
        });
        reader.setDaemon(true);
        reader.start();
        return result;
    }

    /** What ended the reading of the peer instead of our end: a reset, after so many bytes. */
    static final class AfterBytes extends IOException {
        private static final long serialVersionUID = 1L;
        private final long bytes;

        AfterBytes(long bytes, IOException cause) {
            super("after " + bytes + " bytes: " + cause.getMessage(), cause);
            this.bytes = bytes;
        }

        long bytes() {
            return bytes;
        }
    }

    /** How many bytes came before the reset that has to come. */
    public static long bytesBeforeReset(CompletableFuture<Long> reading) {
        try {
            throw new AssertionError(
                    "an end after " + reading.get(SECONDS, TimeUnit.SECONDS) + " bytes (expected: a reset)");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AfterBytes reset) {
                return reset.bytes();
            }
            throw new AssertionError(failed);
        } catch (InterruptedException | TimeoutException failed) {
            throw new AssertionError(failed);
        }
    }

    public static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() throws IOException {
        peer.close();
        transport.close();
    }
}
