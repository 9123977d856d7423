/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.softclose.net.nio.base.Nanos;
import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.link.NioLink;
import io.softclose.net.nio.loop.LoopSelector;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.nio.socket.Channels;
import io.softclose.net.nio.socket.Family;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.TcpKeepAlive;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A transport on the JDK's selectors, over TCP ({@link java.net.InetSocketAddress}) and Unix domain sockets ({@link
 * java.net.UnixDomainSocketAddress}). A few loops, each one thread on one selector, share the links in turn; a link's
 * writes go to the operating system at once.
 *
 * <p>Listening makes the file of a Unix domain socket, and closing the listener deletes it, if it is still the same. A
 * socket that a killed process has left there is replaced; one that somebody listens on, and any other file, stays, and
 * listening fails. That family has no reset: after {@link Link#abort} the peer reads what was written, then sees our
 * end. Its accepted links have no remote path, and while the backlog is full a dial tries again until its timeout.
 *
 * <p>Thread-safe. Its threads keep the JVM running until it is closed. It looks up no names, which networks
 * do: dialling an unresolved address fails with {@link java.net.UnknownHostException}.
 */
public final class NioTransport implements Transport {
    /** The name users choose it by. */
    public static final String NAME = "nio";

    private static final SafeLogger LOG = SafeLogger.ofModule();
    /** How long closing waits for its threads: a handler that never returns must not keep whoever shuts a node down. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final NioSettings settings;
    private final List<NioLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<NioListener> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    NioTransport(NioSettings settings) {
        this(settings, Selector::open);
    }

    NioTransport(NioSettings settings, LoopSelector.Source selectors) {
        this.settings = settings;
        loops = openLoops(settings, selectors, this::moveListeners);
        try {
            loops.forEach(NioLoop::start);
        } catch (Throwable noThread) {
            loops.forEach(NioLoop::stop);
            loops.forEach(NioLoop::discard);
            throw noThread;
        }
    }

    /** Starts from the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException if the address cannot be bound; the message names it
     * @throws RejectedExecutionException if the transport is closed
     */
    @Override
    public Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException {
        Family.of(requireNonNull(local, "local"));
        requireNonNull(acceptor, "acceptor");
        requireOpen();
        if (local instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new UnknownHostException("listen on " + local);
        }
        NioListener listener;
        try {
            listener = bind(local, new NioListener.Destination(this::loopInTurn, settings, acceptor));
        } catch (IOException failed) {
            throw new IOException("listen on " + local + ": " + failed.getMessage(), failed);
        }
        try {
            listeners.add(listener);
            listener.start();
            // Whoever closes the transport may have looked for listeners before this one was there.
            requireOpen();
        } catch (Throwable failed) {
            listener.close();
            throw failed;
        }
        return listener;
    }

    private NioListener bind(SocketAddress local, NioListener.Destination destination) throws IOException {
        // First: without one there is nothing to be taken back.
        NioLoop loop = loopInTurn();
        Family family = Family.of(local);
        family.makeWay(local);
        ServerSocketChannel server = family.openServer();
        try {
            server.configureBlocking(false);
            family.configure(server, settings);
            server.bind(local, settings.backlog());
            return new NioListener(loop, server, server::accept, destination, listeners::remove);
        } catch (Throwable failed) {
            Channels.close(server);
            throw failed;
        }
    }

    @Override
    public EventLoop nextLoop() {
        requireOpen();
        return loopInTurn();
    }

    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        Family.of(requireNonNull(remote, "remote"));
        requireNonNull(acceptor, "acceptor");
        Require.positive("timeout", timeout);
        requireOpen();
        NioLink link = new NioLink(own(loop), settings, remote);
        LinkHandler handler = requireNonNull(acceptor.accept(link), "handler");
        loop.execute(() -> link.dial(timeout, handler));
        return link;
    }

    private NioLoop own(EventLoop loop) {
        for (NioLoop own : loops) {
            if (own == loop) {
                return own;
            }
        }
        throw new IllegalArgumentException("loop: " + loop + " (expected: one of this transport's)");
    }

    /**
     * {@inheritDoc}
     *
     * <p>It waits for 30 s; a thread on which a handler has not returned by then is logged, and ends when it has.
     */
    @Override
    public void close() {
        var unused = close(CLOSE_TIMEOUT);
    }

    /** Closes, waits this long for the threads, and tells whether they have ended, as far as it may wait. */
    boolean close(Duration timeout) {
        closed = true;
        List.copyOf(listeners).forEach(NioListener::close);
        loops.forEach(NioLoop::stop);
        return loops.stream().anyMatch(NioLoop::inEventLoop) || awaitEnd(timeout);
    }

    /** How many buffers are on loan; exact once the transport is closed. */
    long lentBuffers() {
        return loops.stream().mapToLong(loop -> loop.pool().lentBuffers()).sum();
    }

    /**
     * The next loop in turn that takes links.
     *
     * @throws RejectedExecutionException if there is none any more, with what ended them as its cause
     */
    private NioLoop loopInTurn() {
        for (int i = 0; i < loops.size(); i++) {
            NioLoop next = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
            if (!next.stopping()) {
                return next;
            }
        }
        requireOpen();
        throw new RejectedExecutionException(
                "every event loop of the transport has ended", loops.get(0).failure());
    }

    private void moveListeners(NioLoop ended) {
        listeners.forEach(listener -> listener.moveFrom(ended));
    }

    private void requireOpen() {
        if (closed) {
            throw new RejectedExecutionException("the transport is closed");
        }
    }

    private static List<NioLoop> openLoops(
            NioSettings settings, LoopSelector.Source selectors, Consumer<NioLoop> whenBroken) {
        List<NioLoop> opened = new ArrayList<>();
        try {
            for (int i = 1; i <= settings.loops(); i++) {
                String name = settings.threadNamePrefix() + "-" + i;
                opened.add(new NioLoop(selectors, name, settings, whenBroken));
            }
            return List.copyOf(opened);
        } catch (IOException failed) {
            opened.forEach(NioLoop::discard);
            throw new UncheckedIOException("opening selector " + (opened.size() + 1) + " failed", failed);
        } catch (Throwable failed) {
            opened.forEach(NioLoop::discard);
            throw failed;
        }
    }

    /** Waits for the threads' end, an interrupt notwithstanding: whoever returns from close counts on it. */
    private boolean awaitEnd(Duration timeout) {
        long deadline = System.nanoTime() + Nanos.of(timeout);
        boolean ended = true;
        boolean interrupted = false;
        for (NioLoop loop : loops) {
            Thread thread = loop.thread();
            for (long left; thread.isAlive() && (left = deadline - System.nanoTime()) > 0; ) {
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (thread.isAlive()) {
                ended = false;
                LOG.log(
                        ERROR,
                        () -> "closing: " + thread.getName() + " has not ended within " + timeout
                                + "; a handler may not have returned");
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended;
    }

    /** Collects the settings of a {@link NioTransport}; every one has a default. Not thread-safe. */
    public static final class Builder {
        private int loops = Math.min(NioSettings.MAX_LOOPS, Runtime.getRuntime().availableProcessors());
        private boolean tcpNoDelay = true;
        private boolean keepAlive;
        private Optional<TcpKeepAlive> keepAliveTimes = Optional.empty();
        private OptionalInt sendBufferBytes = OptionalInt.empty();
        private OptionalInt receiveBufferBytes = OptionalInt.empty();
        private int backlog = 1024;
        private int readBufferBytes = 128 * 1024;
        private int pooledBytes = 8 * 1024 * 1024;
        private Duration lingerTimeout = Duration.ofSeconds(5);
        private Duration lingerTime = Duration.ofSeconds(30);
        private String threadNamePrefix = "softclose-nio";

        private Builder() {}

        /** How many loops share the links, each with a thread of its own, 1 to 1 024; as many as there are processors. */
        public Builder loops(int count) {
            loops = count;
            return this;
        }

        /** Whether small writes leave at once instead of waiting to be joined (TCP_NODELAY); true. */
        public Builder tcpNoDelay(boolean enabled) {
            tcpNoDelay = enabled;
            return this;
        }

        /**
         * Whether the system asks a peer that has been silent for long, with Linux's defaults for two hours, whether it is
         * still there (SO_KEEPALIVE); false. A link whose peer has vanished ends by that, if nothing is written to it
         * before.
         */
        public Builder keepAlive(boolean enabled) {
            keepAlive = enabled;
            return this;
        }

        /**
         * As {@link #keepAlive(boolean)}, with times of its own instead of the system's. The JDK can set them on Linux and macOS;
         * where it cannot, links fail with an {@link UnsupportedOperationException}. It has no TCP_USER_TIMEOUT.
         */
        public Builder keepAlive(TcpKeepAlive times) {
            keepAliveTimes = Optional.of(requireNonNull(times, "times"));
            return keepAlive(true);
        }

        /** The size asked for each socket's send buffer (SO_SNDBUF), in bytes; by default the system's own choice. */
        public Builder sendBufferBytes(int bytes) {
            sendBufferBytes = OptionalInt.of(bytes);
            return this;
        }

        /** The size asked for each socket's receive buffer (SO_RCVBUF), in bytes; by default the system's own choice. */
        public Builder receiveBufferBytes(int bytes) {
            receiveBufferBytes = OptionalInt.of(bytes);
            return this;
        }

        /** How many links may wait to be accepted, for each listener; 1 024. Systems have a lower limit of their own. */
        public Builder backlog(int links) {
            backlog = links;
            return this;
        }

        /** The size of the buffer that the links of a loop read into, one at a time, 1 KiB to 1 GiB; 128 KiB. */
        public Builder readBufferBytes(int bytes) {
            readBufferBytes = bytes;
            return this;
        }

        /** Most bytes of write buffers that a loop keeps for reuse while nobody has them, 0 to 1 GiB; 8 MiB. */
        public Builder pooledBytes(int bytes) {
            pooledBytes = bytes;
            return this;
        }

        /**
         * How long what is left of a link reads on after {@link Link#linger} while nothing comes, 0 or longer; 5 s. A peer
         * that had nothing to say loses nothing by it: what was written is with the system, which goes on sending it. One
         * that had sees a reset, and may lose what it has not read.
         */
        public Builder lingerTimeout(Duration timeout) {
            lingerTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * How long at most what is left of a link reads on after {@link Link#linger}, whatever comes, 0 or longer; 30 s.
         * The peer of one for which that was not enough sees a reset, and may lose what it has not read.
         */
        public Builder lingerTime(Duration time) {
            lingerTime = requireNonNull(time, "time");
            return this;
        }

        /** What the names of the threads start with, before a hyphen and a number; {@code softclose-nio}. */
        public Builder threadNamePrefix(String prefix) {
            threadNamePrefix = requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * The transport, its threads running.
         *
         * @throws IllegalArgumentException if a setting is out of bounds
         * @throws UncheckedIOException if the system gives no selector
         */
        public NioTransport build() {
            return new NioTransport(settings());
        }

        NioSettings settings() {
            return new NioSettings(
                    loops,
                    tcpNoDelay,
                    keepAlive,
                    keepAliveTimes,
                    sendBufferBytes,
                    receiveBufferBytes,
                    backlog,
                    readBufferBytes,
                    pooledBytes,
                    lingerTimeout,
                    lingerTime,
                    threadNamePrefix);
        }
    }
}
