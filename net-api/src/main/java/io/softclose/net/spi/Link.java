/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A byte pipe to one peer. It knows nothing of messages. Except for {@link #loop}, {@link #localAddress} and {@link
 * #remoteAddress}, every method is called on the link's loop only. <b>No method calls the {@link LinkHandler} before it
 * returns</b>: events that a call causes arrive as later tasks of the loop. Before {@link LinkHandler#onConnected} only
 * {@link #reading}, {@link #close} and {@link #abort} may be called; once the link is closed, every call does nothing.
 */
public interface Link {
    /** The loop that everything of this link runs on. */
    EventLoop loop();

    /** Our end's address; before {@link LinkHandler#onConnected} a wildcard or the remote address may be given. */
    SocketAddress localAddress();

    /** The peer's address. */
    SocketAddress remoteAddress();

    /**
     * Lends a direct buffer for {@link #write}, with position 0. An implementation may pool it. It is given back with
     * {@link #release}, also after the link has closed.
     *
     * @param size the least capacity, in bytes
     */
    ByteBuffer lend(int size);

    /** Takes a lent buffer back. None of its bytes may be waiting for {@link #flushedBytes} on an open link. */
    void release(ByteBuffer buffer);

    /**
     * Takes as many bytes as it can at once, in order, from the buffers' positions on, and advances the positions. Taken
     * bytes must stay unchanged until they are flushed: a link may read them later. If it takes less than everything,
     * {@link LinkHandler#onWritable} follows when it can take more. A link that has failed takes nothing, and its {@link
     * LinkHandler#onClosed} follows.
     *
     * @param sources written in this order, as one stream
     * @param offset index of the first buffer
     * @param length how many buffers, at least 1
     * @return how many bytes were taken, 0 or more
     */
    long write(ByteBuffer[] sources, int offset, int length);

    /**
     * How many bytes, of all that were ever taken, have been handed to the operating system. A link that writes at once
     * has flushed what it took; one that does not calls {@link LinkHandler#onWritable} when this count has grown. It
     * never counts a byte that might not have been handed over, and stays readable after the link has closed.
     */
    long flushedBytes();

    /** Stops reading, or goes on. A link reads from the start. */
    void reading(Reading reading);

    /** Whether a link reads. */
    enum Reading {
        PAUSED,
        RESUMED
    }

    /**
     * Ends our direction (FIN). Called once everything taken is flushed. The other direction goes on. Writing after it is
     * an {@link IllegalStateException}.
     */
    void shutdownOutput();

    /**
     * Closes both directions at once, letting the operating system deliver what was flushed as far as it can. With input
     * unread, a kernel answers this with a reset (RST), which destroys what the peer has not read yet. {@link
     * LinkHandler#onClosed} follows. On a link that is closed or closing, does nothing.
     */
    void close();

    /**
     * Closes both directions and has the peer see a reset (RST), if the address family has resets; what it has not read
     * yet is lost. Unix domain sockets have none: there the peer reads what was written, then the end. Cancels a dial.
     * {@link LinkHandler#onClosed} follows. On a link that is closed, does nothing.
     */
    void abort();
}
