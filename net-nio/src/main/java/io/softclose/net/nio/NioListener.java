/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.nio.link.NioLink;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.nio.loop.Registration;
import io.softclose.net.nio.socket.Channels;
import io.softclose.net.nio.socket.Family;
import io.softclose.net.spi.SocketFile;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A listening socket on one loop, which hands what it accepts to all loops in turn. */
final class NioListener implements Listener, Selectable {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    /** Links accepted in one turn before the loop's other channels have theirs. */
    private static final int ACCEPTS_PER_TURN = 64;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Takes the next socket off the backlog; null if there is none. */
    @FunctionalInterface
    interface Backlog {
        @Nullable
        SocketChannel next() throws IOException;
    }

    /** What becomes of accepted sockets: which loop takes the next, with which settings, and who handles them. */
    record Destination(Supplier<NioLoop> loops, NioSettings settings, LinkAcceptor acceptor) {}

    // Final.
    private final ServerSocketChannel server;
    private final Backlog backlog;
    private final SocketAddress localAddress;
    private final Optional<SocketFile> file;
    private final Destination destination;
    private final Consumer<NioListener> whenClosed;

    // Shared.
    private final Object closing = new Object();
    /** Changed while {@link #closing} is held, so that the second to close waits for the first. */
    private volatile boolean closed;
    /** Where it accepts; another one if that one breaks. */
    private volatile NioLoop loop;

    // Confined to the loop.
    private @Nullable Registration registration;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    /**
     * A listener on a bound, non-blocking socket, which it owns.
     *
     * @param backlog how to accept from the socket
     * @param whenClosed told once, when the address is free
     */
    NioListener(
            NioLoop loop,
            ServerSocketChannel server,
            Backlog backlog,
            Destination destination,
            Consumer<NioListener> whenClosed)
            throws IOException {
        this.loop = loop;
        this.server = server;
        this.backlog = backlog;
        this.destination = destination;
        this.whenClosed = whenClosed;
        localAddress = server.getLocalAddress();
        // Last: nothing that fails may leave the file behind.
        file = Family.of(localAddress).bound(localAddress);
    }

    /** Starts to accept, on the loop. */
    void start() {
        loop.execute(this::register);
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        synchronized (closing) {
            if (!closed) {
                closed = true;
                free();
            }
        }
    }

    private void free() {
        try {
            // First: whoever finds nobody listening may put a socket of his own in its place.
            file.ifPresent(SocketFile::delete);
        } finally {
            Channels.close(server);
            try {
                loop.flushClosed();
            } finally {
                try {
                    forget();
                } finally {
                    whenClosed.accept(this);
                }
            }
        }
    }

    /** Has the loop forget it, if it runs: one that has ended has forgotten all. */
    private void forget() {
        try {
            loop.execute(this::deregister);
        } catch (RejectedExecutionException ended) {
            LOG.log(DEBUG, () -> "the loop that accepted on " + localAddress + " has ended", ended);
        }
    }

    private void deregister() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    /** Accepts on another loop, if this is the one that ended; called on that. */
    void moveFrom(NioLoop ended) {
        if (loop != ended || closed) {
            return;
        }
        NioLoop next;
        try {
            next = destination.loops().get();
        } catch (Throwable none) {
            giveUp("no loop is left for it", none);
            return;
        }
        registration = null;
        loop = next;
        try {
            start();
            LOG.log(WARNING, () -> "accepting on " + localAddress + " goes on, on another loop");
        } catch (RejectedExecutionException endedToo) {
            moveFrom(next);
        } catch (Throwable failed) {
            giveUp("it could not be moved to another loop", failed);
        }
    }

    @Override
    public void onReady(int operations) {
        NioLoop here = loop;
        try {
            long start = here.nanoTime();
            for (int i = 0; i < ACCEPTS_PER_TURN && !closed && !here.sliceIsOver(start); i++) {
                SocketChannel accepted = backlog.next();
                if (accepted == null) {
                    return;
                }
                pauseNanos = FIRST_PAUSE_NANOS;
                handOver(accepted);
            }
        } catch (ClosedChannelException closedMeanwhile) {
            LOG.log(DEBUG, () -> "stopped accepting on " + localAddress);
        } catch (Throwable failed) {
            pause(failed);
        }
    }

    private void register() {
        NioLoop here = loop;
        try {
            if (here.stopping()) {
                moveFrom(here);
            } else if (!closed) {
                registration = here.register(server, SelectionKey.OP_ACCEPT, this);
            }
        } catch (ClosedChannelException closedMeanwhile) {
            LOG.log(DEBUG, () -> "closed before accepting on " + localAddress);
        } catch (Throwable failed) {
            retry(here, failed);
        }
    }

    private void retry(NioLoop here, Throwable failure) {
        try {
            here.schedule(LAST_PAUSE_NANOS, this::register);
            LOG.log(ERROR, () -> "accepting on " + localAddress + " could not begin yet", failure);
        } catch (Throwable failed) {
            giveUp("it could not begin", failed);
        }
    }

    /** Frees the address: peers that nobody will ever accept are refused at least. */
    private void giveUp(String why, Throwable failure) {
        try {
            close();
        } catch (Throwable failed) {
            LOG.log(ERROR, () -> "closing the listener on " + localAddress + " failed", failed);
        }
        LOG.log(ERROR, () -> "accepting on " + localAddress + " ends: " + why, failure);
    }

    private void handOver(SocketChannel accepted) {
        try {
            SocketAddress remote = accepted.getRemoteAddress();
            NioLoop target = destination.loops().get();
            NioLink link = new NioLink(target, destination.settings(), remote);
            target.execute(() -> link.accept(accepted, destination.acceptor()));
        } catch (Throwable gone) {
            Channels.close(accepted);
            LOG.log(DEBUG, () -> "a link that was accepted on " + localAddress + " was lost", gone);
        }
    }

    /**
     * Stops accepting for a while. Without descriptors (EMFILE) the backlog stays ready, and a selector that goes on
     * looking at it spins.
     */
    private void pause(Throwable failure) {
        long nanos = pauseNanos;
        pauseNanos = Math.min(2 * nanos, LAST_PAUSE_NANOS);
        // First the end of the pause, for the sake of one that finds no memory.
        loop.schedule(nanos, () -> watchFor(SelectionKey.OP_ACCEPT));
        watchFor(0);
        LOG.log(
                ERROR,
                () -> "accepting on " + localAddress + " failed; next try in " + TimeUnit.NANOSECONDS.toMillis(nanos)
                        + " ms",
                failure);
    }

    private void watchFor(int operations) {
        if (registration != null) {
            registration.watchFor(operations);
        }
    }
}
