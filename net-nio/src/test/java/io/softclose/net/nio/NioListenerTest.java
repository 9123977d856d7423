/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NioListenerTest {
    private final NioSettings settings = NioTransport.builder().settings();

    /** As without descriptors: the backlog stays ready, but accepting fails until some are free again. */
    @Test
    void failuresToAcceptAreRetriedWithoutSpinning() throws Exception {
        NioLoop loop = new NioLoop(Selector::open, "loop", settings, broken -> {});
        ServerSocketChannel server = bound();
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

    private static ServerSocketChannel bound() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
        return server;
    }

    private NioListener listener(NioLoop loop, ServerSocketChannel server, Consumer<NioListener> whenClosed)
            throws IOException {
        LinkProbe accepted = new LinkProbe();
        NioListener.Destination destination = new NioListener.Destination(() -> loop, settings, accepted::attach);
        return new NioListener(loop, server, server::accept, destination, whenClosed);
    }

    /** Whoever listens and closes often would fill the memory. */
    @Test
    void aLoopForgetsListenersThatWereClosed() throws Exception {
        NioLoop loop = new NioLoop(Selector::open, "loop", settings, broken -> {});
        loop.start();

        for (int i = 0; i < 10; i++) {
            NioListener listener = listener(loop, bound(), closed -> {});
            listener.start();
            assertEquals(1, watched(loop));

            listener.close();
            assertEquals(0, watched(loop));
        }

        loop.stop();
        loop.thread().join();
    }

    private static int watched(NioLoop loop) {
        CompletableFuture<Integer> watched = new CompletableFuture<>();
        loop.execute(() -> watched.complete(loop.watched()));
        return Waiting.await(watched, "the loop");
    }

    /** It returns when the address is free, whoever frees it. */
    @Test
    void whoeverClosesSecondWaitsForTheFirst() throws Exception {
        NioLoop loop = new NioLoop(Selector::open, "loop", settings, broken -> {});
        CountDownLatch freeing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean free = new AtomicBoolean();
        NioListener listener = listener(loop, bound(), closed -> {
            freeing.countDown();
            Waiting.await(goOn, "the second");
            free.set(true);
        });
        AtomicBoolean freeForSecond = new AtomicBoolean();
        Thread first = new Thread(listener::close);
        Thread second = new Thread(() -> {
            listener.close();
            freeForSecond.set(free.get());
        });

        first.start();
        Waiting.await(freeing, "the first");
        second.start();
        while (second.getState() == Thread.State.NEW || second.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        first.join();
        second.join();

        assertTrue(freeForSecond.get());
        loop.discard();
    }

    @Test
    void aStepOfClosingThatFailsKeepsNoOtherFromBeingTaken() throws Exception {
        NioLoop loop = new NioLoop(UselessSelector::new, "loop", settings, broken -> {});
        ServerSocketChannel server = bound();
        AtomicInteger told = new AtomicInteger();
        NioListener listener = listener(loop, server, closed -> told.incrementAndGet());

        assertThrows(InternalError.class, listener::close);
        listener.close();

        assertFalse(server.isOpen());
        assertEquals(1, told.get());
    }

    /** There are others to be moved after it. */
    @Test
    void aListenerThatCannotBeMovedIsClosedAndThrowsNothing() throws IOException {
        NioLoop ended = new NioLoop(UselessSelector::new, "loop", settings, broken -> {});
        ServerSocketChannel server = bound();
        AtomicInteger told = new AtomicInteger();
        Supplier<NioLoop> none = () -> {
            throw new RejectedExecutionException("none is left");
        };
        NioListener.Destination nowhere =
                new NioListener.Destination(none, settings, link -> new LinkProbe().attach(link));
        NioListener listener =
                new NioListener(ended, server, server::accept, nowhere, closed -> told.incrementAndGet());

        listener.moveFrom(ended);

        assertFalse(server.isOpen());
        assertEquals(1, told.get());
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
