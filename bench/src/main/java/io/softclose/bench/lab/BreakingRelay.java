/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Passes TCP connections on, and breaks them when it is told to, at a certain byte of what passes. Whoever is to be reached
 * through it has a {@link Door}, whose address stays while what is behind it may start anew elsewhere. One thread does all of
 * it. Thread-safe.
 */
public final class BreakingRelay implements AutoCloseable {
    /** What becomes of a connection. */
    public enum Break {
        /** Both ends are reset (RST); what was on its way is gone. */
        RESET,
        /** Both ends see an end (FIN) that the other never said, in the middle of whatever was on its way. */
        CUT,
        /** Nothing passes any more; after a while both ends are reset. */
        STALL
    }

    /** So little that what is sent waits in the nodes, not in sockets. */
    static final int BUFFER_BYTES = 16 * 1024;

    private static final long TICK_MILLIS = 2;

    private final Selector selector;
    private final Thread thread = new Thread(this::run, "breaking-relay");
    private final AtomicReference<@Nullable Order> next = new AtomicReference<>();
    /** The connections to whose ends it has said an end. */
    private final Set<SocketAddress> cuts = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;
    private volatile long bytesPerSecond;

    /** Confined to the thread. */
    private final List<RelayPipe> pipes = new ArrayList<>();

    private BreakingRelay(Selector selector) {
        this.selector = selector;
    }

    /** A break that is to come. */
    static final class Order {
        final Break how;
        final Duration stall;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        /** How many bytes pass before it. Confined to the relay's thread. */
        long bytesLeft;

        Order(Break how, long bytes, Duration stall) {
            this.how = how;
            this.stall = stall;
            bytesLeft = bytes;
        }
    }

    /** Where somebody is reached through the relay. */
    public final class Door {
        private final ServerSocketChannel listener;
        private final InetSocketAddress address;
        private volatile @Nullable InetSocketAddress target;

        private Door(ServerSocketChannel listener) throws IOException {
            this.listener = listener;
            address = (InetSocketAddress) listener.getLocalAddress();
        }

        /** Where to dial; always the same. */
        public InetSocketAddress address() {
            return address;
        }

        /** Who is behind it from now on; without anybody, who dials is reset. */
        public void leadsTo(InetSocketAddress behind) {
            target = requireNonNull(behind, "behind");
        }

        private void accept() throws IOException {
            SocketChannel near = listener.accept();
            if (near == null) {
                return;
            }
            InetSocketAddress behind = target;
            SocketChannel far = SocketChannel.open();
            try {
                if (behind == null) {
                    throw new IOException("nobody is behind " + address);
                }
                far.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
                far.connect(behind);
                pipes.add(new RelayPipe(selector, near, far));
            } catch (IOException nobodyThere) {
                RelayPipe.reset(far);
                RelayPipe.reset(near);
            }
        }
    }

    /** A relay without doors. */
    public static BreakingRelay open() throws IOException {
        BreakingRelay relay = new BreakingRelay(Selector.open());
        relay.thread.setDaemon(true);
        relay.thread.start();
        return relay;
    }

    /** One more door, on the loopback interface, with nobody behind it. */
    public Door door() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        listener.configureBlocking(false);
        Door door = new Door(listener);
        listener.register(selector, SelectionKey.OP_ACCEPT, door);
        selector.wakeup();
        return door;
    }

    /** Passes so many bytes a second in each direction of each connection from now on; as many as come if zero. */
    public void rate(long wanted) {
        bytesPerSecond = wanted;
    }

    /**
     * Breaks one connection, that on which a byte passes when so many have passed from now on. One break is waited for at a
     * time.
     *
     * @param bytes 1 or more
     * @param stall how long nothing passes before the reset; only of {@link Break#STALL}
     * @return completes when it has happened; cancelled by {@link #noBreak}
     * @throws IllegalStateException if another break is still to come
     */
    public CompletableFuture<Void> breakAfter(Break how, long bytes, Duration stall) {
        Order order = new Order(how, bytes, stall);
        if (!next.compareAndSet(null, order)) {
            throw new IllegalStateException("a break is still to come (expected: one at a time)");
        }
        return order.done;
    }

    /** Takes back the break that is to come, if it has not happened. */
    public void noBreak() {
        Order order = next.getAndSet(null);
        if (order != null) {
            order.done.cancel(false);
        }
    }

    /**
     * The connections that have had a {@link Break#CUT}, also one that was taken back too late: the address from which whoever is behind
     * the door saw each come. All of them once the relay is closed.
     */
    public Set<SocketAddress> cuts() {
        return Set.copyOf(cuts);
    }

    /** Ends all connections by a reset, and waits for that. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector) {
            while (!closed) {
                long now = System.nanoTime();
                pipes.forEach(pipe -> pipe.select(selector, bytesPerSecond, now));
                selector.select(TICK_MILLIS);
                acceptAll();
                pipes.forEach(this::pass);
                pipes.removeIf(RelayPipe::over);
            }
            for (SelectionKey key : selector.keys()) {
                if (key.attachment() instanceof Door door) {
                    door.listener.close();
                }
            }
            pipes.forEach(RelayPipe::reset);
        } catch (IOException broken) {
            closed = true;
            throw new IllegalStateException("the relay's selector is broken", broken);
        } finally {
            noBreak();
        }
    }

    private void acceptAll() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Door door) {
                door.accept();
            }
        }
        selector.selectedKeys().clear();
    }

    private void pass(RelayPipe pipe) {
        Order order = next.get();
        if (pipe.pass(order, System.nanoTime()) && order != null) {
            if (order.how == Break.CUT) {
                cuts.add(pipe.farAddress());
            }
            if (next.compareAndSet(order, null)) {
                order.done.complete(null);
            }
        }
    }
}
