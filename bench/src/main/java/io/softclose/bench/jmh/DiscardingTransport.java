/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose links take everything at once and bring it nowhere. The first bytes, which are the handshake, come back
 * as the peer's: an end that is offered what it offers itself agrees. After that a peer says what {@link #receive} has it
 * say. It cannot listen. One loop serves all links.
 */
final class DiscardingTransport implements Transport {
    private final ExecutorLoop loop = new ExecutorLoop();
    private volatile @Nullable DiscardingLink dialled;

    /**
     * Has the same bytes arrive over the link that was dialled last, so many times, whenever it reads, and waits until they
     * were taken.
     *
     * @param data whole frames
     */
    void receive(ByteBuffer data, int times) throws InterruptedException, ExecutionException {
        requireNonNull(dialled, "dialled").receive(data, times).get();
    }

    @Override
    public String name() {
        return "discarding";
    }

    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) {
        throw new UnsupportedOperationException("listen on " + local + " (expected: dial only)");
    }

    @Override
    public EventLoop nextLoop() {
        return loop;
    }

    @Override
    public Link dial(EventLoop on, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        DiscardingLink link = new DiscardingLink(loop, remote);
        LinkHandler handler = acceptor.accept(link);
        dialled = link;
        loop.execute(() -> link.open(handler));
        return link;
    }

    /** Ends the loop. The links have been closed by the network. */
    @Override
    public void close() {
        loop.executor.shutdown();
    }

    /** A loop on a thread of the JDK's executors. */
    private static final class ExecutorLoop implements EventLoop {
        private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "discarding");
            thread.set(made);
            return made;
        });

        @Override
        public boolean inEventLoop() {
            return Thread.currentThread() == thread.get();
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            Future<?> scheduled = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }

    /** One link. Loop only. */
    private static final class DiscardingLink implements Link {
        private final EventLoop loop;
        private final SocketAddress remote;
        private @Nullable LinkHandler handler;
        private @Nullable ByteBuffer spare;
        private long taken;
        private Reading reading = Reading.RESUMED;

        DiscardingLink(EventLoop loop, SocketAddress remote) {
            this.loop = loop;
            this.remote = remote;
        }

        void open(LinkHandler connecting) {
            handler = connecting;
            connecting.onConnected();
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public SocketAddress localAddress() {
            return new InetSocketAddress(0);
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }

        @Override
        public ByteBuffer lend(int size) {
            ByteBuffer kept = spare;
            spare = null;
            return kept != null && kept.capacity() >= size ? kept.clear() : ByteBuffer.allocateDirect(size);
        }

        @Override
        public void release(ByteBuffer buffer) {
            spare = buffer;
        }

        @Override
        public int write(ByteBuffer source) {
            if (taken == 0) {
                answer(source);
            }
            int bytes = source.remaining();
            taken += bytes;
            source.position(source.limit());
            return bytes;
        }

        private void answer(ByteBuffer handshake) {
            LinkHandler peer = handler;
            ByteBuffer copy = ByteBuffer.allocate(handshake.remaining());
            copy.put(handshake.duplicate()).flip();
            if (peer != null) {
                loop.execute(() -> peer.onRead(copy));
            }
        }

        @Override
        public long flushedBytes() {
            return taken;
        }

        @Override
        public void reading(Reading wanted) {
            reading = wanted;
        }

        /** Completes once the data has arrived so many times. Any thread. */
        CompletableFuture<@Nullable Void> receive(ByteBuffer data, int times) {
            CompletableFuture<@Nullable Void> all = new CompletableFuture<>();
            loop.execute(() -> read(data, times, all));
            return all;
        }

        private void read(ByteBuffer data, int times, CompletableFuture<@Nullable Void> all) {
            LinkHandler open = handler;
            if (times == 0 || open == null) {
                all.complete(null);
            } else if (reading == Reading.PAUSED) {
                loop.execute(() -> read(data, times, all));
            } else {
                open.onRead(data.clear());
                loop.execute(() -> read(data, times - 1, all));
            }
        }

        @Override
        public void flush() {}

        @Override
        public boolean allHandedOn() {
            return true;
        }

        @Override
        public boolean shutdownOutput() {
            return true;
        }

        @Override
        public void linger() {
            close();
        }

        @Override
        public void close() {
            LinkHandler closing = handler;
            handler = null;
            if (closing != null) {
                loop.execute(() -> closing.onClosed(null));
            }
        }

        @Override
        public void abort() {
            close();
        }
    }
}
