/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.DEBUG;
import static java.util.Objects.requireNonNull;

import io.softclose.net.nio.base.HeapWrite;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.nio.socket.Channels;
import io.softclose.net.nio.socket.Family;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The connected socket of a link. It can tell whether input waits, without losing any, and it closes so that the peer
 * sees either our end or a reset, never both. Confined to the loop.
 */
public final class LinkSocket {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    private static final int NOTHING = -1;

    private final NioLoop loop;
    private final Family family;
    private final SocketChannel channel;
    private @Nullable Registration registration;
    /** A byte of input that was read to see whether there is any, or {@link #NOTHING}. */
    private int peeked = NOTHING;
    /** What a read behind that byte met: for the next one. */
    private @Nullable IOException readFailure;

    /** Whether the peer's end has come. */
    private boolean endSeen;
    /** Whether a read has told of it. */
    private boolean endTold;

    public LinkSocket(NioLoop loop, Family family, SocketChannel channel) {
        this.loop = loop;
        this.family = family;
        this.channel = channel;
    }

    /** Has the loop's selector watch the socket for someone. */
    public void register(int operations, Selectable target) throws IOException {
        registration = loop.register(channel, operations, target);
    }

    /** Has the selector watch for somebody else from now on. */
    void handTo(Selectable heir, int operations) {
        requireNonNull(registration, "registration").handTo(heir, operations);
    }

    /** Has the selector watch for other operations. */
    public void watchFor(int operations) {
        requireNonNull(registration, "registration").watchFor(operations);
    }

    public int write(ByteBuffer source) throws IOException {
        return source.isDirect() ? channel.write(source) : HeapWrite.write(channel, source);
    }

    /** Asks for a send buffer of this size; a system that does not grant it keeps the one it has. */
    public void sendBuffer(int bytes) {
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, bytes);
        } catch (IOException refused) {
            LOG.log(DEBUG, "the size of a send buffer cannot be changed", refused);
        }
    }

    /**
     * Reads into a buffer, from its start; its position is then behind what was read.
     *
     * @return how many bytes, 0 if there are none now, -1 at the peer's end
     */
    public int read(ByteBuffer buffer) throws IOException {
        // A handler may have left the shared buffer little-endian.
        buffer.clear().order(ByteOrder.BIG_ENDIAN);
        requireReadable();
        if (peeked == NOTHING) {
            int count = channel.read(buffer);
            endTold |= count < 0;
            return count;
        }
        buffer.put((byte) peeked);
        peeked = NOTHING;
        try {
            channel.read(buffer);
        } catch (IOException failed) {
            readFailure = failed;
        }
        return buffer.position();
    }

    /** Whether there is input to read, or the peer's end; what it finds out that way, the next read returns. */
    public boolean inputWaits() throws IOException {
        return bytesWait() || (endSeen && !endTold);
    }

    /** Whether there are bytes to read; what it finds out that way, the next read returns. */
    public boolean bytesWait() throws IOException {
        requireReadable();
        if (peeked == NOTHING) {
            ByteBuffer one = loop.peekBuffer().clear();
            int count = channel.read(one);
            endSeen |= count < 0;
            if (count > 0) {
                peeked = Byte.toUnsignedInt(one.get(0));
            }
        }
        return peeked != NOTHING;
    }

    private void requireReadable() throws IOException {
        if (readFailure != null) {
            throw readFailure;
        }
    }

    /** Whether a byte was read to see whether there is any: no selector tells of it any more. */
    public boolean holdsInput() {
        return peeked != NOTHING;
    }

    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Has the next selection let go of the socket, so that {@link #close} is in one step. */
    public void deregister() {
        if (registration != null) {
            registration.cancel();
        }
    }

    /**
     * Closes the socket: with a reset if that is wanted or input is unread, else with our end. Linux does as much by
     * itself, but not every system does. It is closed whatever fails.
     */
    public void close(boolean reset) {
        try {
            if (reset || inputIsLost()) {
                family.resetOnClose(channel);
            }
        } finally {
            Channels.close(channel);
        }
    }

    private boolean inputIsLost() {
        try {
            return bytesWait();
        } catch (Throwable broken) {
            LOG.log(DEBUG, "a socket that is closed is broken", broken);
            return true;
        }
    }
}
