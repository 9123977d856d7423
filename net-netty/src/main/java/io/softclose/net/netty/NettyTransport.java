/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.softclose.net.netty.link.NettyLink;
import io.softclose.net.netty.link.NettyListener;
import io.softclose.net.netty.loop.LoopGroup;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.NettySettings;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.TcpKeepAlive;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * A transport on Netty's channels, over TCP ({@link java.net.InetSocketAddress}) and, with epoll, Unix domain sockets
 * ({@link java.net.UnixDomainSocketAddress}). It runs on epoll where that is available, else on NIO, or on io_uring if
 * it is asked to, and says in the log which that is. Links share a few loops in turn, the transport's own or those of
 * an {@link EventLoopGroup} that is given; listeners accept on one thread more, which starts with the first of them.
 *
 * <p>A link takes up to 128 KiB that the operating system does not have yet, and counts as flushed what it has.
 *
 * <p>The file of a listening Unix domain socket is made by listening and deleted by closing the listener, unless another
 * has taken its place. A socket that is there already, left behind by a process that was killed, is replaced; if somebody
 * listens on it, or if it is a file of another kind, it stays, and listening fails with an {@link IOException}. That family
 * has no reset: after {@link Link#abort} the peer reads what was written, then sees our end. While the backlog is full a
 * dial of one tries again until its timeout.
 *
 * <p>Thread-safe. Its threads keep the JVM running until it is closed. It looks up no names, which networks
 * do: dialling an unresolved address fails with {@link java.net.UnknownHostException}.
 */
public final class NettyTransport implements Transport {
    /** The name users choose it by. */
    public static final String NAME = "netty";

    private final Io io;
    private final Sockets sockets;
    private final LoopGroup loops;
    private final Set<NettyListener> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    NettyTransport(NettySettings settings) {
        io = IoChoice.choose(settings);
        sockets = new Sockets(io, settings);
        loops = new LoopGroup(io, settings);
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
        io.requireTaken(requireNonNull(local, "local"));
        requireNonNull(acceptor, "acceptor");
        requireOpen();
        if (local instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new UnknownHostException("listen on " + local);
        }
        NettyListener.Destination destination = new NettyListener.Destination(loops::next, sockets, acceptor);
        NettyListener listener = NettyListener.bind(loops.acceptLoop(), local, destination, listeners::remove);
        listeners.add(listener);
        try {
            // Whoever closes the transport may have looked for listeners before this one was there.
            requireOpen();
            listener.start();
        } catch (Throwable notStarted) {
            listener.close();
            throw notStarted;
        }
        return listener;
    }

    @Override
    public EventLoop nextLoop() {
        requireOpen();
        return loops.next();
    }

    /**
     * {@inheritDoc}
     *
     * @throws RejectedExecutionException if the transport is closed, or closes meanwhile; the handler, if there is one by
     *     then, hears of nothing
     */
    @Override
    public Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        io.requireTaken(requireNonNull(remote, "remote"));
        requireNonNull(acceptor, "acceptor");
        Require.positive("timeout", timeout);
        requireOpen();
        NettyLink link = new NettyLink(loops.own(loop), sockets, remote);
        LinkHandler handler = requireNonNull(acceptor.accept(link), "handler");
        loop.execute(() -> link.dial(timeout, handler));
        return link;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The loops of a group that was given run on.
     */
    @Override
    public void close() {
        closed = true;
        try {
            List.copyOf(listeners).forEach(NettyListener::close);
        } finally {
            // Those that could not be closed end with their thread.
            loops.close();
        }
    }

    /** How many buffers are on loan; exact once the transport is closed. For tests. */
    long lentBuffers() {
        return loops.lentBuffers();
    }

    private void requireOpen() {
        if (closed) {
            throw new RejectedExecutionException("the transport is closed");
        }
    }

    /** Collects the settings of a {@link NettyTransport}; every one has a default. Not thread-safe. */
    public static final class Builder {
        private IoKind io = IoKind.AUTO;
        private int loops =
                Math.min(NettySettings.MAX_LOOPS, Runtime.getRuntime().availableProcessors());
        private Optional<EventLoopGroup> eventLoopGroup = Optional.empty();
        private boolean tcpNoDelay = true;
        private boolean keepAlive = true;
        private Optional<TcpKeepAlive> keepAliveTimes = Optional.empty();
        private Optional<Duration> userTimeout = Optional.empty();
        private Duration lingerTimeout = Duration.ofSeconds(5);
        private Duration lingerTime = Duration.ofSeconds(30);
        private OptionalInt sendBufferBytes = OptionalInt.empty();
        private OptionalInt receiveBufferBytes = OptionalInt.empty();
        private int backlog = 1024;
        private int readBufferBytes = 128 * 1024;
        private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
        private String threadNamePrefix = "softclose-netty";

        private Builder() {}

        /** The kind of I/O; {@link IoKind#AUTO}. With a group of event loops it is the group's. */
        public Builder io(IoKind kind) {
            io = requireNonNull(kind, "kind");
            return this;
        }

        /** How many loops share the links, each with a thread of its own, 1 to 1 024; as many as there are processors. */
        public Builder loops(int count) {
            loops = count;
            return this;
        }

        /**
         * Has the links share the loops of this group, instead of loops of the transport's own. The group stays its
         * owner's, who shuts it down after the transport was closed.
         *
         * @param group one for epoll or NIO; one for io_uring is refused, since links on it would not hear of every reset
         */
        public Builder eventLoopGroup(EventLoopGroup group) {
            eventLoopGroup = Optional.of(group);
            return this;
        }

        /** Whether small writes leave at once instead of waiting to be joined (TCP_NODELAY); true. */
        public Builder tcpNoDelay(boolean enabled) {
            tcpNoDelay = enabled;
            return this;
        }

        /**
         * Whether the system asks a peer that has been silent for long, with Linux's defaults for two hours, whether it is
         * still there (SO_KEEPALIVE); true. A link whose peer has vanished ends by that.
         */
        public Builder keepAlive(boolean enabled) {
            keepAlive = enabled;
            return this;
        }

        /**
         * As {@link #keepAlive(boolean)}, with times of its own instead of the system's; with epoll and io_uring, over TCP.
         * Otherwise links fail with an {@link UnsupportedOperationException}.
         */
        public Builder keepAlive(TcpKeepAlive times) {
            keepAliveTimes = Optional.of(requireNonNull(times, "times"));
            return keepAlive(true);
        }

        /**
         * How long the system waits for a peer to acknowledge what was sent before it ends the link (TCP_USER_TIMEOUT, RFC
         * 5482), 1 ms to 24 days; by default the system's own time, with Linux some 15 minutes. With epoll and io_uring, over TCP;
         * otherwise links fail with an {@link UnsupportedOperationException}.
         */
        public Builder userTimeout(Duration timeout) {
            userTimeout = Optional.of(requireNonNull(timeout, "timeout"));
            return this;
        }

        /**
         * How long a link that {@linkplain Link#linger lingers} may go without a sign of life, 0 or longer; 5 seconds. Each
         * byte that comes is one; with epoll and io_uring, each that the system sends is as well.
         */
        public Builder lingerTimeout(Duration timeout) {
            lingerTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * How long a link that {@linkplain Link#linger lingers} reads and discards in any case, 0 or longer; 30
         * seconds.
         */
        public Builder lingerTime(Duration time) {
            lingerTime = requireNonNull(time, "time");
            return this;
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

        /** The most bytes that a link reads at once, 1 KiB to 1 GiB; 128 KiB. It starts with 16 KiB, or less. */
        public Builder readBufferBytes(int bytes) {
            readBufferBytes = bytes;
            return this;
        }

        /** What the names of the threads start with, before a hyphen and a number; {@code softclose-netty}. */
        public Builder threadNamePrefix(String prefix) {
            threadNamePrefix = requireNonNull(prefix, "prefix");
            return this;
        }

        /** Where all buffers come from; Netty's default. For tests. */
        Builder allocator(ByteBufAllocator source) {
            allocator = source;
            return this;
        }

        /**
         * The transport. Its threads start when they are needed.
         *
         * @throws IllegalArgumentException if a setting is out of bounds, or the group of event loops is of no kind that
         *     the transport knows, or of another than was asked for
         * @throws IllegalStateException if the kind of I/O that was asked for is not available here, with its cause
         */
        public NettyTransport build() {
            return new NettyTransport(settings());
        }

        NettySettings settings() {
            return new NettySettings(
                    io,
                    loops,
                    eventLoopGroup,
                    tcpNoDelay,
                    keepAlive,
                    keepAliveTimes,
                    userTimeout,
                    lingerTimeout,
                    lingerTime,
                    sendBufferBytes,
                    receiveBufferBytes,
                    backlog,
                    readBufferBytes,
                    allocator,
                    threadNamePrefix);
        }
    }
}
