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
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A link over one non-blocking socket. It writes straight to the socket, so that what it took is flushed, and keeps no
 * buffer of its own.
 *
 * <p>Two things wait until the input that has arrived was handed on: our end, and the end of a link that can no longer
 * write. Both are settled after each turn of reading.
 *
 * <p>A reset that arrives while the link neither reads (paused, or past the peer's end) nor waits to write is noticed
 * by the next of these: a selector that watched for it would, after the peer's end, never sleep.
 */
final class NioLink extends Departing implements Link, Selectable {
    private static final SafeLogger LOG = SafeLogger.of(NioLink.class);
    /** Full read buffers handed on in one turn before the loop's other links have theirs. */
    private static final int READS_PER_TURN = 16;
    /** Turns of reading that a link has left when it can no longer write: more than a kernel holds of a dead one. */
    private static final int LAST_TURNS = 64;

    /** A link's life; {@link #leave} and {@link #departed} are the only ways into the last two. */
    private enum State {
        /** Dialling, or accepted and not told yet. To OPEN when connected, to CLOSING by any end before that. */
        OPENING,
        /** The handler knows of it. To CLOSING when closed, aborted or failed. */
        OPEN,
        /** The loop's next selection lets go of the socket. To CLOSED when it has. */
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
    private @Nullable LinkSocket socket;
    private boolean reads = true;
    private boolean awaitsRoom;
    private boolean inputEnded;
    private boolean endAsked;
    private boolean outputEnded;
    private @Nullable IOException outputFailure;
    private int lastTurns = LAST_TURNS;
    private boolean turnGiven;
    private boolean reset;
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
            try {
                loop.opening(this);
                dial = new Dial(this, loop, settings, remoteAddress, timeout);
                dial.start();
            } catch (Throwable failed) {
                fail(failed);
            }
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
        try {
            loop.opening(this);
            socket = new LinkSocket(loop, family, accepted);
            family.configure(accepted, settings);
            localAddress = accepted.getLocalAddress();
            handler = requireNonNull(acceptor.accept(this), "handler");
            loop.execute(() -> connected(accepted));
        } catch (IOException gone) {
            fail(gone);
            LOG.log(DEBUG, () -> "the link from " + remoteAddress + " was lost before it was accepted", gone);
        } catch (Throwable failed) {
            failOpening(accepted, failed);
            LOG.log(ERROR, () -> "the acceptor failed; the link from " + remoteAddress + " is aborted", failed);
        }
    }

    /** The socket is connected: bytes flow from here on. */
    void connected(SocketChannel connected) {
        if (state != State.OPENING) {
            return;
        }
        dial = null;
        try {
            LinkSocket opened = socket == null ? new LinkSocket(loop, family, connected) : socket;
            socket = opened;
            localAddress = connected.getLocalAddress();
            opened.register(wantedInterest(), this);
        } catch (Throwable failed) {
            failOpening(connected, failed);
            return;
        }
        state = State.OPEN;
        try {
            handler().onConnected();
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
    }

    private void failOpening(SocketChannel channel, Throwable failure) {
        if (socket == null) {
            Channels.close(channel);
        }
        fail(failure);
    }

    /** Closes the link because of a failure, which must not look like an end. */
    void fail(Throwable failure) {
        leave(failure, true);
    }

    /** Closes the socket and tells the handler, after a selection has let go of it. */
    @Override
    void departed() {
        state = State.CLOSED;
        loop.closed(this);
        if (socket != null) {
            socket.close(reset);
            socket = null;
        }
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
        if (endAsked) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        LinkSocket open = socket;
        if (state != State.OPEN || outputFailure != null || open == null) {
            return 0;
        }
        try {
            long taken = open.write(sources, offset, length);
            flushedBytes += taken;
            if (GatheringWrite.anyRemaining(sources, offset, length)) {
                awaitsRoom = true;
                updateInterest();
            }
            return taken;
        } catch (IOException failed) {
            outputFailure = failed;
            awaitsRoom = false;
            giveTurn();
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
        if (reads && socket != null && (socket.holdsInput() || (endAsked && !outputEnded))) {
            giveTurn();
        }
    }

    @Override
    public void flush() {
        loop.requireInLoop();
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop();
        LinkSocket open = socket;
        if (state != State.OPEN || outputEnded || open == null) {
            return outputEnded;
        }
        endAsked = true;
        try {
            if (outputFailure != null || !reads || open.inputWaits()) {
                giveTurn();
            } else {
                endOutput(open);
            }
        } catch (IOException failed) {
            fail(failed);
        }
        return outputEnded;
    }

    @Override
    public void close() {
        loop.requireInLoop();
        leave(null, false);
    }

    @Override
    public void linger() {
        loop.requireInLoop();
        LinkSocket open = socket;
        if (state == State.OPEN && open != null && !inputEnded && outputFailure == null) {
            try {
                loop.lingerings().add(open, outputEnded, !reads);
                socket = null;
            } catch (Throwable failed) {
                LOG.log(ERROR, () -> "the link with " + remoteAddress + " cannot linger; it is closed", failed);
            }
        }
        leave(null, !reads && !outputEnded);
    }

    @Override
    public void abort() {
        loop.requireInLoop();
        leave(null, true);
    }

    /** Has the link read, as far as it may, in a later task: input is here that no selector tells of, or none at all. */
    private void giveTurn() {
        if (turnGiven) {
            return;
        }
        turnGiven = true;
        try {
            loop.execute(() -> {
                turnGiven = false;
                onReady(SelectionKey.OP_READ);
            });
        } catch (Throwable refused) {
            fail(refused);
        }
    }

    @Override
    public void onReady(int ready) {
        LinkSocket open = socket;
        if (state != State.OPEN || open == null) {
            return;
        }
        try {
            // Writing first: it makes room where reading may want to answer.
            if ((ready & SelectionKey.OP_WRITE) != 0 && awaitsRoom) {
                awaitsRoom = false;
                handler().onWritable();
            }
            if ((ready & SelectionKey.OP_READ) != 0) {
                read(open);
            }
            settle(open);
        } catch (IOException failed) {
            fail(failed);
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
        updateInterest();
    }

    /** Hands on what has arrived, while it fills the buffer and the link still wants it. */
    private void read(LinkSocket open) throws IOException {
        ByteBuffer buffer = loop.readBuffer();
        long start = loop.nanoTime();
        for (int i = 0; i < READS_PER_TURN && wantsInput(); i++) {
            int count = open.read(buffer);
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
            if (!filled || loop.sliceIsOver(start)) {
                return;
            }
        }
    }

    /** Does what had to wait for the input that has arrived: ends our output, or the link if it can no longer write. */
    private void settle(LinkSocket open) throws IOException {
        IOException failure = outputFailure;
        boolean endWaits = endAsked && !outputEnded;
        // Whoever has paused may not have handled what it was given.
        if (state != State.OPEN || (failure == null && !(endWaits && reads))) {
            return;
        }
        if ((failure == null || lastTurns-- > 0) && open.inputWaits()) {
            if (reads) {
                giveTurn();
            }
        } else if (failure != null) {
            fail(failure);
        } else {
            endOutput(open);
            handler().onWritable();
        }
    }

    private void endOutput(LinkSocket open) throws IOException {
        open.shutdownOutput();
        outputEnded = true;
    }

    private void handlerFailed(Throwable failure) {
        leave(failure, true);
        LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed; it is aborted", failure);
    }

    /** The one way out: the loop's next selection lets go of the socket, which is then closed and that reported. */
    private void leave(@Nullable Throwable failure, boolean wantsReset) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        state = State.CLOSING;
        cause = failure;
        reset = wantsReset;
        loop.departing(this);
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        if (socket != null) {
            socket.deregister();
        }
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
        if (state == State.OPEN && socket != null) {
            socket.watchFor(wantedInterest());
        }
    }
}
