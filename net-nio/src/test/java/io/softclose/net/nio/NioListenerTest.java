/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.LinkProbe;
import io.softclose.net.testkit.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NioListenerTest {
    private final NioSettings settings = NioTransport.builder().settings();

    /** As without descriptors: the backlog stays ready, but accepting fails until some are free again. */
    @Test
    void failuresToAcceptAreRetriedWithoutSpinning() throws Exception {
        NioLoop loop = new NioLoop(Selector::open, "loop", settings, broken -> {});
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean exhausted = new AtomicBoolean(true);
        NioListener.Backlog backlog = () -> {
            if (exhausted.get()) {
                failures.incrementAndGet();
                throw new IOException("Too many open files (on purpose)");
            }
            return server.accept();
        };
        LinkProbe accepted = new LinkProbe();
        NioListener.Destination destination = new NioListener.Destination(() -> loop, settings, accepted::attach);
        NioListener listener = new NioListener(loop, server, backlog, destination, closed -> {});
        loop.start();

        listener.start();
        try (SocketChannel client = SocketChannel.open(listener.localAddress())) {
            loop.execute(() -> loop.schedule(TimeUnit.MILLISECONDS.toNanos(300), () -> exhausted.set(false)));
            accepted.await(Event.CONNECTED);
            assertTrue(client.isConnected());
        }

        // Each pause is twice the one before, up to a second: even a minute would see less. A spin makes thousands.
        assertTrue(failures.get() > 0 && failures.get() < 70, failures + " failures");
        listener.close();
        loop.stop();
        loop.thread().join();
    }

    @Test
    void closingRemovesTheFileOfAUnixDomainSocket(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("socket");
        try (NioTransport transport = NioTransport.builder().build()) {
            Listener listener =
                    transport.listen(UnixDomainSocketAddress.of(file), link -> new LinkProbe().attach(link));
            assertTrue(Files.exists(file));

            listener.close();

            assertTrue(Files.notExists(file));
        }
    }

    /** A dial that found the backlog full goes on trying by itself. */
    @Test
    void aDialOfABusyUnixDomainSocketConnectsWhenThereIsRoom(@TempDir Path directory) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                NioTransport transport = NioTransport.builder().loops(1).build()) {
            server.bind(address, 1);
            int waiting = fill(address);
            LinkProbe dialled = new LinkProbe();
            transport.dial(address, Duration.ofSeconds(30), dialled::attach);
            dialled.awaitTasks();
            assertEquals(0, dialled.count(Event.CONNECTED));

            for (int i = 0; i < waiting; i++) {
                server.accept().close();
            }

            dialled.await(Event.CONNECTED);
        }
    }

    private static int fill(UnixDomainSocketAddress address) throws IOException {
        for (int dials = 0; ; dials++) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false);
            try {
                channel.connect(address);
            } catch (IOException full) {
                channel.close();
                return dials;
            }
        }
    }
}
