/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A link over one non-blocking socket. It writes straight to the socket, so that what it took is flushed, and keeps no
 * bytes and no buffer of its own.
 *
 * <p>A reset that arrives while the link neither reads (paused, or past the peer's end) nor waits to write is noticed
 * by the next of these: a selector that watched for it would, after the peer's end, never sleep.
 */
final class NioLink implements Link, Selectable {
    private static final System.Logger LOG = System.getLogger(NioLink.class.getName());
    /** Full read buffers handed on in one turn before the loop's other links have theirs. */
    private static final int READS_PER_TURN = 16;
    /** Full read buffers taken from a link that can no longer write: more than a kernel holds of a dead one. */
    private static final int LAST_READS = 1024;

    /** A link's life; {@link #leave} and {@link #reportClosed} are the only ways into the last two. */
    private enum State {
        /** Dialling, or accepted and not told yet. To OPEN when connected, to CLOSING by any end before that. */
        OPENING,
        /** The handler knows of it. To CLOSING when closed, aborted or failed. */
        OPEN,
        /** The channel is closed, its descriptor perhaps not yet. To CLOSED after the next selection. */
        CLOSING,
        /** The handler was told. */
        CLOSED
    }

    // Final.
    private final NioLoop loop;
    private final NioSettings settings;
    private final Family family;
    private final SocketAddress remoteAddress;

    // Shared.
    private volatile SocketAddress localAddress;

    // Confined to the loop.
    private State state = State.OPENING;
    private @Nullable LinkHandler handler;
    private @Nullable Dial dial;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private int interest;
    private boolean reads = true;
    private boolean awaitsRoom;
    private boolean inputEnded;
    private boolean outputEnded;
    private @Nullable IOException outputFailure;
    private @Nullable Throwable cause;
    private long flushedBytes;

    /** A link that nothing happens to until {@link #dial} or {@link #accept}. */
    NioLink(NioLoop loop, NioSettings settings, SocketAddress remoteAddress) {
        this.loop = loop;
        this.settings = settings;
        this.remoteAddress = remoteAddress;
        family = Family.of(remoteAddress);
        localAddress = remoteAddress;
    }

    /** Starts to connect, unless the link was closed since it was made. */
    void dial(Duration timeout, LinkHandler handler) {
        this.handler = handler;
        if (state == State.OPENING) {
            loop.opening(this);
            dial = new Dial(this, loop, settings, remoteAddress, timeout);
            dial.start();
        } else if (state == State.CLOSED) {
            tellClosed(handler);
        }
    }

    /** Finds the handler of an accepted socket. */
    void accept(SocketChannel accepted, LinkAcceptor acceptor) {
        if (loop.stopping()) {
            Channels.close(accepted);
            return;
        }
        channel = accepted;
        loop.opening(this);
        try {
            family.configure(accepted, settings);
            localAddress = accepted.getLocalAddress();
            handler = requireNonNull(acceptor.accept(this), "handler");
            loop.execute(() -> connected(accepted));
        } catch (IOException gone) {
            LOG.log(DEBUG, () -> "the link from " + remoteAddress + " was lost before it was accepted", gone);
            leave(gone, true);
        } catch (Throwable failed) {
            LOG.log(ERROR, () -> "the acceptor failed; the link from " + remoteAddress + " is aborted", failed);
            leave(failed, true);
        }
    }

    /** The socket is connected: bytes flow from here on. */
    void connected(SocketChannel connected) {
        if (state != State.OPENING) {
            return;
        }
        channel = connected;
        dial = null;
        try {
            localAddress = connected.getLocalAddress();
            interest = wantedInterest();
            key = loop.register(connected, interest, this);
            if (outputEnded) {
                connected.shutdownOutput();
            }
        } catch (IOException failed) {
            fail(failed);
            return;
        }
        state = State.OPEN;
        try {
            handler().onConnected();
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
    }

    /** Closes the link because of a failure. */
    void fail(Throwable failure) {
        leave(failure, false);
    }

    /** Tells the handler, after a selection has closed the descriptor. */
    void reportClosed() {
        state = State.CLOSED;
        if (handler != null) {
            tellClosed(handler);
        }
    }

    private void tellClosed(LinkHandler last) {
        try {
            last.onClosed(cause);
        } catch (Throwable failed) {
            LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed in onClosed", failed);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ByteBuffer lend(int size) {
        loop.requireInLoop();
        return loop.pool().lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        loop.requireInLoop();
        loop.pool().release(buffer);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        loop.requireInLoop();
        checkFromIndexSize(offset, length, sources.length);
        if (outputEnded) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        SocketChannel socket = channel;
        if (state != State.OPEN || outputFailure != null || socket == null) {
            awaitsRoom = true;
            return 0;
        }
        try {
            long taken = GatheringWrite.write(socket, sources, offset, length);
            flushedBytes += taken;
            if (GatheringWrite.anyRemaining(sources, offset, length)) {
                awaitsRoom = true;
                updateInterest();
            }
            return taken;
        } catch (IOException failed) {
            outputFailure = failed;
            loop.execute(() -> leaveAfterLastInput(failed));
            return 0;
        }
    }

    @Override
    public long flushedBytes() {
        loop.requireInLoop();
        return flushedBytes;
    }

    @Override
    public void reading(Reading reading) {
        loop.requireInLoop();
        reads = reading == Reading.RESUMED;
        updateInterest();
    }

    @Override
    public void flush() {
        loop.requireInLoop();
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop();
        if (outputEnded) {
            return true;
        }
        outputEnded = true;
        SocketChannel socket = channel;
        if (state == State.OPEN && socket != null) {
            try {
                socket.shutdownOutput();
            } catch (IOException failed) {
                fail(failed);
            }
        }
        return true;
    }

    @Override
    public void close() {
        loop.requireInLoop();
        leave(null, false);
    }

    @Override
    public void linger() {
        close();
    }

    @Override
    public void abort() {
        loop.requireInLoop();
        leave(null, true);
    }

    @Override
    public void onReady(SelectionKey readyKey) {
        if (state != State.OPEN) {
            return;
        }
        int ready = readyKey.readyOps();
        try {
            // Writing first: it makes room where reading may want to answer.
            if ((ready & SelectionKey.OP_WRITE) != 0 && awaitsRoom) {
                awaitsRoom = false;
                handler().onWritable();
            }
            if ((ready & SelectionKey.OP_READ) != 0) {
                read(READS_PER_TURN);
            }
        } catch (IOException failed) {
            fail(failed);
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
        updateInterest();
    }

    /** Hands on what has arrived, while it fills the buffer and the link still wants it. */
    private void read(int most) throws IOException {
        ByteBuffer buffer = loop.readBuffer();
        for (int i = 0; i < most && wantsInput(); i++) {
            int count = fill(buffer);
            if (count < 0 && outputFailure == null) {
                inputEnded = true;
                handler().onInputClosed();
                return;
            }
            if (count <= 0) {
                return;
            }
            boolean filled = !buffer.hasRemaining();
            handler().onRead(buffer.flip());
            if (!filled) {
                return;
            }
        }
    }

    private int fill(ByteBuffer buffer) throws IOException {
        SocketChannel socket = channel;
        // A handler may have left the shared buffer little-endian.
        buffer.clear().order(ByteOrder.BIG_ENDIAN);
        return socket == null ? 0 : socket.read(buffer);
    }

    /**
     * Ends a link that can no longer write, after handing on what the peer wrote before it went: the kernel still has
     * it, and the peer may count on it.
     */
    private void leaveAfterLastInput(IOException failure) {
        if (state != State.OPEN) {
            return;
        }
        try {
            read(LAST_READS);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
        fail(failure);
    }

    private void handlerFailed(Throwable failure) {
        LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed; it is aborted", failure);
        leave(failure, true);
    }

    /** The one way out: closes the channel, and has the loop report that when the descriptor is gone. */
    private void leave(@Nullable Throwable failure, boolean reset) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        state = State.CLOSING;
        cause = failure;
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        SocketChannel socket = channel;
        if (socket != null) {
            if (reset) {
                family.resetOnClose(socket);
            }
            Channels.close(socket);
        }
        channel = null;
        key = null;
        loop.closing(this);
    }

    private LinkHandler handler() {
        return requireNonNull(handler, "handler");
    }

    private boolean wantsInput() {
        return state == State.OPEN && reads && !inputEnded;
    }

    private int wantedInterest() {
        return (reads && !inputEnded ? SelectionKey.OP_READ : 0) | (awaitsRoom ? SelectionKey.OP_WRITE : 0);
    }

    private void updateInterest() {
        int wanted = wantedInterest();
        if (key != null && wanted != interest) {
            interest = wanted;
            key.interestOps(wanted);
        }
    }
}
