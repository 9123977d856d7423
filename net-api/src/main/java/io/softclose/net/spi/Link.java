/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.PeerId;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A byte pipe to one peer. It knows nothing of messages. Except for {@link #loop}, {@link #localAddress} and {@link
 * #remoteAddress}, every method is called on the link's loop only. <b>No method calls the {@link LinkHandler} before it
 * returns</b>: events that a call causes arrive as later tasks of the loop. Before {@link LinkHandler#onConnected} only
 * {@link #reading}, {@link #close}, {@link #linger} and {@link #abort} may be called; once the link is closed, every
 * call does nothing.
 */
public interface Link {
    /** The loop that everything of this link runs on. */
    EventLoop loop();

    /** Our end's address; before {@link LinkHandler#onConnected} a wildcard or the remote address may be given. */
    SocketAddress localAddress();

    /** The peer's address. */
    SocketAddress remoteAddress();

    /**
     * Who is at the other end, as this link has proved it; nobody on a link that proves nothing, such as a transport's own.
     * What it says from {@link LinkHandler#onConnected} on does not change. Callable on the loop.
     */
    default Optional<PeerId> provenPeer() {
        return Optional.empty();
    }

    /**
     * Lends a direct buffer for {@link #write}, with position 0. An implementation may pool it. It is given back with
     * {@link #release}, also after the link has closed.
     *
     * @param size the least capacity, in bytes
     * @throws OutOfMemoryError if there is no memory for it; then nothing is lent, and whoever asked does so again later
     */
    ByteBuffer lend(int size);

    /**
     * Takes a lent buffer back, with any position and limit. None of its bytes may be waiting for {@link #flushedBytes} on an
     * open link.
     */
    void release(ByteBuffer buffer);

    /**
     * Takes as many bytes as it can at once, from the buffer's position on, and advances the position. Taken bytes must
     * stay unchanged until they are flushed: a link may read them later. If it takes less than everything, {@link
     * LinkHandler#onWritable} follows when it can take more. A link that has failed takes nothing, and its {@link
     * LinkHandler#onClosed} follows.
     *
     * @param source best one that this link {@linkplain #lend lent}; bytes of another may be copied
     * @return how many bytes were taken, 0 or more
     */
    int write(ByteBuffer source);

    /**
     * How many bytes, of all that were ever taken, have been handed to the operating system, counted as they were given to
     * this link: a layer that changes them counts its own. A link that writes at once
     * has flushed what it took; one that does not calls {@link LinkHandler#onWritable} when this count has grown. It
     * never counts a byte that might not have been handed over, and stays readable after the link has closed.
     */
    long flushedBytes();

    /**
     * A number that grows whenever the operating system takes anything of this link's, also when {@link #flushedBytes}
     * cannot tell of it yet: a layer counts that in whole records, and a record may take a slow peer long. Whoever judges
     * that a peer takes nothing compares this with what it was. So it also grows with each {@link #write} of which a layer
     * takes less than everything for want of memory of its own, while all that it took is flushed: nobody can say then that
     * the peer takes nothing. A transport's link leaves the default; a layer's answers what the link below does, as {@link
     * ForwardingLink} has it, and adds such writes.
     */
    default long outputProgress() {
        return flushedBytes();
    }

    /**
     * A number that grows whenever bytes come that {@link LinkHandler#onRead} cannot bring yet, for the rest of their
     * record is missing. Whoever judges that a peer sends nothing compares this with what it was. A link that hands on
     * whatever it has read leaves the default, which never grows; a layer counts what it was handed, and adds what the link
     * below answers.
     */
    default long inputProgress() {
        return 0;
    }

    /**
     * Stops reading, or goes on. A link reads from the start. Once it is paused, {@link LinkHandler#onRead} does not
     * come until it is resumed: not from the middle of what is being read, nor with what the link has read already. A
     * peer's end or reset that comes meanwhile is told when the link reads again, or by a write that fails; either way
     * everything that had arrived is handed on first, once the link is resumed. The handler may not be done with what
     * was read before the pause, so our end does not go out while the link is paused, whether {@link #shutdownOutput}
     * or {@link #linger} asked for it.
     */
    void reading(Reading reading);

    /** Whether a link reads. */
    enum Reading {
        PAUSED,
        RESUMED
    }

    /**
     * Tries now to hand over what was taken and is not flushed, instead of waiting to be told that there is room;
     * {@link #flushedBytes} then says what that brought. The engine asks for it before it judges that a peer takes
     * nothing: Linux tells a writer of room only once a third of the send buffer is free, and a slow peer may need
     * minutes for that. A link that writes at once has nothing to try: there, the next {@link #write} is the attempt.
     */
    void flush();

    /**
     * Has the operating system hold little that it cannot send at once, about this many bytes: what it has cannot be
     * overtaken by a more urgent message. {@link #write} takes less than everything then, though there may be memory for
     * more. A link does what its system has means for, as near as that comes, and takes care that a fast path does not
     * become slower by it ({@link SendBuffer} finds a size for a socket's buffer); one that has none does nothing, which is
     * the default. A layer passes it on. It never fails.
     *
     * @param bytes 1 or more; {@link Integer#MAX_VALUE} to lift the limit
     */
    default void limitUnsent(int bytes) {}

    /**
     * Whether everything that has arrived was given to the handler, the peer's end included, and the link is not paused.
     * It looks for input, as {@link #shutdownOutput} does before our end goes out, and like that it may have to wait for
     * the answer: if it is no, {@link LinkHandler#onWritable} follows once a look finds nothing, and within that it is
     * yes. For layers whose own end goes out before the one of the link below, and for whoever judges that a peer is silent;
     * it says nothing about what will come.
     *
     * @return false on a link that is not open, too
     */
    boolean allHandedOn();

    /**
     * Ends our direction (FIN). The engine calls it once everything taken is flushed; whoever calls it earlier loses nothing,
     * for our end follows what was taken. The other direction goes on, and writing is an {@link IllegalStateException} from
     * the first call on. Our end tells the peer that what it sent before was
     * handled. So a link holds it back while input has arrived that its handler was not given, whether the link or the
     * operating system has it, and whether the link is paused or not. Unless it is paused, it goes on handing that on,
     * in turns of its own. The peer's end is such input, too: a handler that learns of it only after ours went out
     * takes it for the answer to ours. Asked once, our end goes out as soon as a look for input finds none, and at once
     * after the peer's end; {@link LinkHandler#onWritable} follows if that is later. Asked again, the answer is the
     * same until our end is out.
     *
     * @return whether our end is out
     */
    boolean shutdownOutput();

    /**
     * Closes both directions at once, letting the operating system deliver what was flushed as far as it can. With input
     * that the handler was not given, this is an {@link #abort}: a peer must not take it for the end of one that has
     * handled everything, so it sees the reset and never our end before it. {@link LinkHandler#onClosed} follows. On a
     * link that is closed or closing, does nothing.
     */
    void close();

    /**
     * Leaves a peer that may need more time to read what was flushed, and may still be talking. {@link
     * LinkHandler#onClosed} follows as soon as after {@link #close}, and the handler is given nothing more; what is left
     * of the link then reads and discards, so that no reset destroys what the peer has not read:
     *
     * <ul>
     *   <li>If nothing comes for about 100 ms, our end goes out. Reading goes on until the peer's end or until the time is
     *       over; then the link is closed, whatever came behind our end.
     *   <li>If anything was discarded before our end was out, it never goes out. The link is reset when the time is over,
     *       though the peer may have ended before: it may still read.
     * </ul>
     *
     * The time is over when nothing has happened for a few seconds: no byte came, nor the peer's end, and none left as
     * far as the link can know; and after some more in any case. Both are the transport's. A peer that goes on talking
     * may be a slow one that still reads; one that had nothing to say gets what was flushed from the operating system,
     * link or no link. How many links linger at a time is bounded, and of too many the one that has lingered longest is
     * treated as if its time was over. On a link that reads and has told of the peer's end, that is not connected yet,
     * or is closed or closing, this is {@link #close}.
     */
    void linger();

    /**
     * Closes both directions and has the peer see a reset (RST), if the address family has resets; what it has not read
     * yet is lost. Unix domain sockets have none: there the peer reads what was written, then the end. Cancels a dial.
     * {@link LinkHandler#onClosed} follows. On a link that is closed, does nothing.
     */
    void abort();
}
