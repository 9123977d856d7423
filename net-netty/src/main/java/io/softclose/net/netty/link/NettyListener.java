/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import io.softclose.net.netty.base.Addresses;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.base.Waits;
import io.softclose.net.netty.loop.LoopThread;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.netty.socket.NioLinkChannel;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.spi.SocketFile;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket on the transport's accepting thread, which hands what it accepts to the loops in turn. Only our
 * code runs on that thread, so every other thread may wait for it, even if those wait for each other. That thread may
 * end meanwhile: whoever waits for a step there waits for its end as well.
 */
public final class NettyListener implements Listener {
    private static final Log LOG = Log.ofModule();
    /** The most that anything on the accepting thread is waited for. */
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What becomes of accepted sockets: which loop takes the next, how it is configured, and who handles it. */
    public record Destination(Supplier<NettyLoop> loops, Sockets sockets, LinkAcceptor acceptor) {}

    // Final.
    private final LoopThread thread;
    private final ServerChannel server;
    private final SocketAddress localAddress;
    private final @Nullable SocketFile file;
    private final Consumer<NettyListener> whenClosed;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Boolean> free = new CompletableFuture<>();

    private NettyListener(
            LoopThread thread,
            ServerChannel server,
            SocketAddress localAddress,
            @Nullable SocketFile file,
            Consumer<NettyListener> whenClosed) {
        this.thread = thread;
        this.server = server;
        this.localAddress = localAddress;
        this.file = file;
        this.whenClosed = whenClosed;
    }

    /**
     * Binds an address; nothing is accepted before {@link #start}. Not on the accepting thread.
     *
     * @param whenClosed told when the address is free
     * @throws RejectedExecutionException if the accepting thread has ended
     */
    public static NettyListener bind(
            LoopThread thread, SocketAddress local, Destination destination, Consumer<NettyListener> whenClosed)
            throws IOException {
        ServerChannel server = open(local, destination);
        SocketFile file = null;
        try {
            file = local instanceof UnixDomainSocketAddress unix ? SocketFile.bound(unix) : null;
            CompletableFuture<Boolean> bound = new CompletableFuture<>();
            thread.loop().execute(() -> bind(thread, server, local, bound));
            if (await(thread, bound)) {
                SocketAddress address = Addresses.fromNetty(server.localAddress(), local);
                return new NettyListener(thread, server, address, file, whenClosed);
            }
        } catch (RejectedExecutionException over) {
            LOG.log(DEBUG, () -> "the accepting thread has ended", over);
        } catch (ExecutionException refused) {
            if (!thread.loop().isShuttingDown()) {
                delete(file);
                throw failed(local, requireNonNull(refused.getCause(), "cause"));
            }
        } catch (IOException noFile) {
            discard(server);
            throw failed(local, noFile);
        } catch (Throwable failed) {
            discard(server);
            delete(file);
            throw failed;
        }
        delete(file);
        closeHere(thread, server);
        throw new RejectedExecutionException("the transport is closed");
    }

    private static ServerChannel open(SocketAddress local, Destination destination) throws IOException {
        try {
            if (local instanceof UnixDomainSocketAddress unix) {
                SocketFile.makeWay(unix);
            }
            return destination.sockets().openServer(local, new Accepting(destination, local));
        } catch (IOException | RuntimeException noSocket) {
            throw failed(local, noSocket);
        }
    }

    /** Closes it in the middle of being bound. */
    private static void discard(ServerChannel server) {
        if (server.isRegistered()) {
            var unused = server.close();
        } else {
            server.unsafe().closeForcibly();
        }
    }

    /**
     * Closes it though its thread is ending, or has. Netty closes what is registered on that thread only, and would have
     * io_uring do it, whose ring is gone then: so the socket itself is closed, once the thread can do nothing with it.
     */
    private static void closeHere(LoopThread thread, ServerChannel server) {
        if (!server.isRegistered()) {
            server.unsafe().closeForcibly();
            return;
        }
        if (!Waits.until(System.nanoTime() + WAIT_NANOS, thread.ended())) {
            LOG.log(ERROR, () -> "the accepting thread does not end");
        }
        try {
            // NIO's first: Netty's class for the others may be missing.
            if (server instanceof NioLinkChannel.Server nio) {
                nio.closeSocket();
            } else if (server instanceof UnixChannel unix) {
                unix.fd().close();
            }
        } catch (IOException failed) {
            LOG.log(DEBUG, () -> server + " cannot be closed", failed);
        }
    }

    private static void delete(@Nullable SocketFile file) {
        if (file != null) {
            file.delete();
        }
    }

    /** Registers the socket, and binds it if that is left to do; on the accepting thread. */
    private static void bind(
            LoopThread thread, ServerChannel server, SocketAddress local, CompletableFuture<Boolean> bound) {
        thread.loop().register(server).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess() && !server.isActive()) {
                server.bind(Addresses.toNetty(local)).addListener((ChannelFuture done) -> bound(done, bound));
            } else {
                bound(registered, bound);
            }
        });
    }

    private static void bound(ChannelFuture done, CompletableFuture<Boolean> bound) {
        if (done.isSuccess()) {
            bound.complete(true);
        } else {
            var unused = done.channel().close();
            bound.completeExceptionally(requireNonNull(done.cause(), "cause"));
        }
    }

    /** Waits for a step on the accepting thread, and tells whether it was taken: not if the thread has ended first. */
    private static boolean await(LoopThread thread, CompletableFuture<Boolean> step) throws ExecutionException {
        long deadline = System.nanoTime() + WAIT_NANOS;
        if (!Waits.until(deadline, CompletableFuture.anyOf(step, thread.ended()))) {
            LOG.log(ERROR, () -> "the accepting thread does not answer");
        }
        try {
            return step.getNow(false);
        } catch (CompletionException failed) {
            throw new ExecutionException(failed.getCause());
        }
    }

    private static IOException failed(SocketAddress local, Throwable cause) {
        return new IOException("listen on " + local + ": " + cause.getMessage(), cause);
    }

    /**
     * Starts to accept.
     *
     * @throws RejectedExecutionException if the accepting thread has ended
     */
    public void start() {
        thread.loop().execute(() -> server.config().setAutoRead(true));
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            delete(file);
            try {
                thread.loop().execute(this::closeOnThread);
            } catch (RejectedExecutionException over) {
                LOG.log(DEBUG, () -> "the accepting thread has ended; " + localAddress + " is closed here", over);
            } catch (Throwable failed) {
                // Whoever closes it again is to try again.
                closing.set(false);
                throw failed;
            }
        }
        try {
            if (!await(thread, free) && thread.ended().isDone() && server.isOpen()) {
                // Bound by the last of its tasks, after Netty had closed what it had.
                closeHere(thread, server);
            }
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
        whenClosed.accept(this);
    }

    private void closeOnThread() {
        // NIO frees the address when its selector has been asked once more.
        server.close().addListener(done -> {
            var unused = thread.loop().schedule(() -> free.complete(true), 0, TimeUnit.NANOSECONDS);
        });
    }
}
