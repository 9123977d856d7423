/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.PeerId;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Opens listeners and dials links. Thread-safe. Implementations say which kinds of {@link SocketAddress} they take, and
 * answer any other with an {@link IllegalArgumentException} that names those they do. Their own threads keep the JVM
 * running until they are closed, whatever thread makes them: none is a daemon.
 */
public interface Transport extends AutoCloseable {
    /** The name users choose it by, for example {@code nio}. */
    String name();

    /**
     * Listens on an address until the listener or the transport is closed. Where an address is a name in the file system,
     * a socket that nobody listens on any more is replaced: a process that was killed leaves its own behind. Any other file
     * stays as it is, and listening fails.
     *
     * @param local where to listen; port 0 lets the operating system choose, see {@link Listener#localAddress}
     * @param acceptor asked for the handler of each accepted link
     * @throws IOException if the address cannot be bound
     * @throws java.util.concurrent.RejectedExecutionException if the transport is closed, or can no longer run anything
     */
    Listener listen(SocketAddress local, LinkAcceptor acceptor) throws IOException;

    /**
     * The loop that is next in turn to get a link, for whoever has to be on one before there is anything to dial.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the transport is closed, or can no longer run anything
     */
    EventLoop nextLoop();

    /**
     * Starts to establish a link on a loop, and returns it at once. Its handler is told on that loop how it ended.
     *
     * <p>A transport looks up no names: networks do that, and dial the addresses they find one after the other. An {@link
     * java.net.InetSocketAddress} that is not resolved fails with a {@link java.net.UnknownHostException} at {@link
     * LinkHandler#onClosed}. A dial that fails for another reason names there what was dialled, as {@link DialFailure} does.
     *
     * @param loop one of this transport's, for example the {@linkplain #nextLoop next}
     * @param timeout for the link to be established; longer than zero. Its passing is a {@link
     *     java.net.SocketTimeoutException} at {@link LinkHandler#onClosed}
     * @param acceptor asked for the link's handler in the calling thread, before anything else happens to the link; what
     *     it throws ends the dial and reaches the caller
     * @throws IllegalArgumentException if the loop is not this transport's, or the address of a kind it does not take
     * @throws java.util.concurrent.RejectedExecutionException if the transport is closed, or the loop can no longer run
     *     anything; the handler, if the acceptor has made one by then, hears of nothing
     */
    Link dial(EventLoop loop, SocketAddress remote, Duration timeout, LinkAcceptor acceptor);

    /** As {@link #dial(EventLoop, SocketAddress, Duration, LinkAcceptor)}, on the loop that is next in turn. */
    default Link dial(SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
        return dial(nextLoop(), remote, timeout, acceptor);
    }

    /**
     * Closes listeners, aborts the links that are left (each still has its {@link LinkHandler#onClosed}), and stops the
     * transport's own threads, waiting for them unless called on one of them, for some time at most: a handler may
     * never return. Links that {@linkplain Link#linger linger} have another second at most, then their time is over. A
     * caller that listens or dials meanwhile gets what it asked for, closed with the rest, or is refused. Idempotent.
     */
    @Override
    void close();

    /** A bound address that accepts links. */
    interface Listener extends AutoCloseable {
        /** The bound address, with the port that the operating system chose if it was asked to. */
        SocketAddress localAddress();

        /**
         * Stops accepting; links that were accepted live on. When it returns, the address is free. If it is a name in
         * the file system, the file that listening made is deleted, and no other that has taken its place. Idempotent:
         * whoever closes it while another does waits for that.
         */
        @Override
        void close();
    }

    /** Decides who handles a link. */
    @FunctionalInterface
    interface LinkAcceptor {
        /**
         * Called once for each link; for an accepted one on the link's loop. {@link LinkHandler#onConnected} follows as a
         * later task. If it throws, an accepted link is aborted and the exception logged.
         */
        LinkHandler accept(Link link);

        /**
         * Who is expected at the other end, if this dials somebody in particular. A transport that proves who its peers are
         * refuses anybody else while the link is being established; any other cannot tell, and need not ask.
         */
        default Optional<PeerId> expectedPeer() {
            return Optional.empty();
        }
    }
}
