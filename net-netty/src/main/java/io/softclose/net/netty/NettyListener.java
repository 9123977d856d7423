/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A listening socket on the transport's accepting thread, which hands what it accepts to the loops in turn. Nobody's code
 * but ours runs on that thread, so that every other may wait for it, however much they wait for each other.
 */
final class NettyListener implements Listener {
    private static final System.Logger LOG = System.getLogger(NettyListener.class.getName());
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What becomes of accepted sockets: which loop takes the next, how it is configured, and who handles it. */
    record Destination(Supplier<NettyLoop> loops, Sockets sockets, LinkAcceptor acceptor) {}

    // Final.
    private final EventLoop acceptLoop;
    private final ServerChannel server;
    private final SocketAddress localAddress;
    private final Consumer<NettyListener> whenClosed;
    private final CompletableFuture<Boolean> free = new CompletableFuture<>();

    private NettyListener(
            EventLoop acceptLoop,
            ServerChannel server,
            SocketAddress localAddress,
            Consumer<NettyListener> whenClosed) {
        this.acceptLoop = acceptLoop;
        this.server = server;
        this.localAddress = localAddress;
        this.whenClosed = whenClosed;
    }

    /**
     * Binds an address; nothing is accepted before {@link #start}. Not on the accepting thread.
     *
     * @param whenClosed told once, when the address is free
     */
    static NettyListener bind(
            EventLoop acceptLoop, SocketAddress local, Destination destination, Consumer<NettyListener> whenClosed)
            throws IOException {
        requireFree(local);
        ServerChannel server;
        try {
            server = destination.sockets().openServer(local);
        } catch (RuntimeException noSocket) {
            throw failed(local, noSocket);
        }
        server.pipeline().addLast(new Accepting(destination, local));
        ChannelFuture registered = acceptLoop.register(server).awaitUninterruptibly();
        if (!registered.isSuccess()) {
            throw failed(local, requireNonNull(registered.cause(), "cause"));
        }
        ChannelFuture bound = server.bind(Addresses.toNetty(local)).awaitUninterruptibly();
        SocketAddress address = Addresses.fromNetty(server.localAddress(), local);
        NettyListener listener = new NettyListener(acceptLoop, server, address, whenClosed);
        if (!bound.isSuccess()) {
            listener.close();
            throw failed(local, requireNonNull(bound.cause(), "cause"));
        }
        return listener;
    }

    /** Netty would delete the file of another's socket and put its own in that place. */
    private static void requireFree(SocketAddress local) throws BindException {
        if (local instanceof UnixDomainSocketAddress unix && Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS)) {
            throw new BindException(
                    "listen on " + local + ": the file exists (expected: none, or one to be deleted first)");
        }
    }

    private static IOException failed(SocketAddress local, Throwable cause) {
        return new IOException("listen on " + local + ": " + cause.getMessage(), cause);
    }

    /** Starts to accept. */
    void start() {
        server.config().setAutoRead(true);
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        // A second close finds the channel closed; it waits for the address all the same.
        server.close().addListener(done -> afterIo(() -> free.complete(true)));
        if (free.join()) {
            whenClosed.accept(this);
        }
    }

    /** NIO frees the address when its selector has been asked once more. */
    private void afterIo(Runnable task) {
        var unused = acceptLoop.schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    /** Takes what the socket accepts. Confined to the accepting thread. */
    private static final class Accepting extends ChannelInboundHandlerAdapter {
        /** Of a peer that has reset its link before it was accepted, which io_uring asks too late. */
        private static final SocketAddress UNKNOWN = new InetSocketAddress(0);

        private final Destination destination;
        private final SocketAddress local;
        private long pauseNanos = FIRST_PAUSE_NANOS;
        private boolean paused;

        Accepting(Destination destination, SocketAddress local) {
            this.destination = destination;
            this.local = local;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            pauseNanos = FIRST_PAUSE_NANOS;
            Channel accepted = (Channel) message;
            SocketAddress remote = Addresses.fromNetty(accepted.remoteAddress(), UNKNOWN);
            NettyLoop loop = destination.loops().get();
            NettyLink link = new NettyLink(loop, destination.sockets(), remote);
            try {
                loop.execute(() -> link.accept(accepted, destination.acceptor()));
            } catch (RejectedExecutionException stopped) {
                accepted.unsafe().closeForcibly();
            }
        }

        /**
         * Stops accepting for a while. Without descriptors (EMFILE) the backlog stays ready, and a loop that goes on
         * looking at it spins.
         */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            Channel server = context.channel();
            if (paused || !server.isOpen()) {
                return;
            }
            paused = true;
            long nanos = pauseNanos;
            pauseNanos = Math.min(2 * nanos, LAST_PAUSE_NANOS);
            LOG.log(
                    ERROR,
                    () -> "accepting on " + local + " failed; next try in " + TimeUnit.NANOSECONDS.toMillis(nanos)
                            + " ms",
                    failure);
            server.config().setAutoRead(false);
            var unused = server.eventLoop()
                    .schedule(
                            () -> {
                                paused = false;
                                server.config().setAutoRead(true);
                            },
                            nanos,
                            TimeUnit.NANOSECONDS);
        }
    }
}
