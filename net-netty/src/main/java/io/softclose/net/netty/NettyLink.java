/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A link over one channel of Netty's. {@link LinkOutput} writes, {@link LinkInput} reads; this is the link's life and the
 * only one to call its handler.
 */
final class NettyLink implements Link, LinkInput.Receiver {
    private static final Log LOG = Log.of(NettyLink.class);
    /** What is taken from a link that can no longer write: more than a kernel holds of a dead one. */
    private static final long LAST_BYTES = 64L << 20;
    /** The most that may take: a channel that neither reads nor ends is broken. */
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A link's life; {@link #leave} and {@link #reportClosed} are the only ways into the last two. */
    private enum State {
        /** Dialling, or accepted and not told yet. To OPEN when connected, to CLOSING by any end before that. */
        OPENING,
        /** The handler knows of it. To CLOSING when closed, aborted or failed, to LEAVING when it cannot write. */
        OPEN,
        /** Nothing can be written; what the peer had sent is still handed on. To CLOSING once that has ended. */
        LEAVING,
        /** The channel is closed, its descriptor perhaps not yet. To CLOSED after the loop's next I/O. */
        CLOSING,
        /** The handler was told. */
        CLOSED
    }

    // Final.
    private final NettyLoop loop;
    private final Sockets sockets;
    private final SocketAddress remoteAddress;
    private final LinkInput input;
    private final LinkOutput output;

    // Shared.
    private volatile SocketAddress localAddress;

    // Confined to the loop.
    private State state = State.OPENING;
    private @Nullable GuardedHandler handler;
    private @Nullable Dial dial;
    private @Nullable Channel channel;
    private @Nullable Throwable cause;
    private long lastBytes;

    /** A link that nothing happens to until {@link #dial} or {@link #accept}. */
    NettyLink(NettyLoop loop, Sockets sockets, SocketAddress remoteAddress) {
        this.loop = loop;
        this.sockets = sockets;
        this.remoteAddress = remoteAddress;
        input = new LinkInput(loop, this);
        output = new LinkOutput(loop, this::progressed, this::leaveAfterLastInput);
        localAddress = remoteAddress;
    }

    /** Starts to connect, unless the link was closed since it was made. */
    void dial(Duration timeout, LinkHandler handler) {
        GuardedHandler guarded = guarded(handler);
        this.handler = guarded;
        if (state == State.CLOSED) {
            guarded.onClosed(cause);
        } else if (state == State.OPENING) {
            loop.opening(this);
            if (loop.stopping()) {
                abort();
            } else {
                dial = new Dial(this, loop, sockets, remoteAddress, timeout);
                dial.start();
            }
        }
    }

    /** Finds the handler of an accepted channel. */
    void accept(Channel accepted, LinkAcceptor acceptor) {
        if (loop.stopping()) {
            accepted.unsafe().closeForcibly();
            return;
        }
        try {
            open(accepted);
        } catch (Exception gone) {
            LOG.log(DEBUG, () -> "the link from " + remoteAddress + " was lost before it was accepted", gone);
            leave(gone, true);
            return;
        }
        loop.opening(this);
        localAddress = Addresses.fromNetty(accepted.localAddress(), remoteAddress);
        try {
            handler = guarded(requireNonNull(acceptor.accept(this), "handler"));
            loop.execute(() -> connected(accepted));
        } catch (Throwable failed) {
            LOG.log(ERROR, () -> "the acceptor failed; the link from " + remoteAddress + " is aborted", failed);
            leave(failed, true);
        }
    }

    /** Makes a fresh channel the link's own, registered with the loop; it reads nothing yet. */
    void open(Channel fresh) throws Exception {
        try {
            sockets.configure(fresh);
            fresh.pipeline().addLast(input);
            // On the loop this is done when it returns.
            ChannelFuture registered = loop.netty().register(fresh);
            if (registered.cause() instanceof Exception refused) {
                throw refused;
            }
        } catch (Exception failed) {
            fresh.unsafe().closeForcibly();
            throw failed;
        }
        channel = fresh;
    }

    /** The channel is connected: bytes flow from here on. */
    void connected(Channel connected) {
        if (state != State.OPENING) {
            return;
        }
        dial = null;
        localAddress = Addresses.fromNetty(connected.localAddress(), remoteAddress);
        state = State.OPEN;
        handler().onConnected();
        if (state == State.OPEN) {
            connected.closeFuture().addListener(done -> channelGone());
            input.start(connected);
        }
    }

    /** How many bytes have been read and not handed on. */
    long heldBytes() {
        return input.heldBytes();
    }

    /** Closes the link because of a failure. */
    void fail(Throwable failure) {
        leave(failure, false);
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
        return loop.lent().lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        loop.requireInLoop();
        loop.lent().release(buffer);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        loop.requireInLoop();
        checkFromIndexSize(offset, length, sources.length);
        if (output.endWanted()) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        Channel open = channel;
        return state == State.OPEN && open != null ? output.write(open, sources, offset, length) : 0;
    }

    @Override
    public long flushedBytes() {
        loop.requireInLoop();
        return output.flushed();
    }

    @Override
    public void reading(Reading reading) {
        loop.requireInLoop();
        input.reading(reading);
        if (state == State.LEAVING) {
            awaitLastInput();
        }
    }

    @Override
    public void flush() {
        loop.requireInLoop();
        Channel open = channel;
        if (state == State.OPEN && open != null && !output.allFlushed() && output.failure() == null) {
            sockets.flush(open);
        }
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop();
        if (state == State.OPEN) {
            output.wantEnd();
            endOutput();
        }
        return output.endSent();
    }

    @Override
    public void close() {
        loop.requireInLoop();
        leave(null, false);
    }

    @Override
    public void linger() {
        loop.requireInLoop();
        Channel open = channel;
        if (state != State.OPEN || open == null || output.failure() != null || input.failed()) {
            leave(null, false);
            return;
        }
        state = State.CLOSING;
        new Lingering(loop, sockets, open, output, input).begin();
        loop.afterIo(this::reportClosed);
    }

    @Override
    public void abort() {
        loop.requireInLoop();
        leave(null, true);
    }

    @Override
    public boolean receives() {
        return state == State.OPEN || state == State.LEAVING;
    }

    @Override
    public boolean writes() {
        return !output.allFlushed();
    }

    @Override
    public void received(ByteBuffer bytes) {
        lastBytes += state == State.LEAVING ? bytes.remaining() : 0;
        handler().onRead(bytes);
    }

    @Override
    public void peerEnded() {
        if (output.failure() == null) {
            handler().onInputClosed();
        } else {
            // A reset looks like an end to whoever has heard of it by a write, be it a moment ago.
            fail(output.failure());
        }
    }

    @Override
    public void inputFailed(Throwable failure) {
        Throwable unwritable = output.failure();
        fail(unwritable == null ? failure : unwritable);
    }

    @Override
    public void caughtUp() {
        if (state == State.LEAVING && (input.exhausted() || lastBytes >= LAST_BYTES)) {
            fail(requireNonNull(cause, "cause"));
        }
    }

    @Override
    public void discarded() {
        Channel closing = channel;
        if (closing != null && state == State.CLOSING) {
            sockets.resetOnClose(closing);
        }
    }

    /** Sends our end once all that was taken is flushed, and all that has arrived is handed on. */
    private void endOutput() {
        if (output.readyToEnd()) {
            input.whenEmpty(this::sendEnd);
        }
    }

    private void sendEnd() {
        Channel open = channel;
        if (state == State.OPEN && open != null && output.readyToEnd()) {
            output.sendEnd(open);
            loop.post(this::progressed);
        }
    }

    private void progressed() {
        if (state != State.OPEN) {
            return;
        }
        endOutput();
        handler().onWritable();
    }

    /**
     * Ends a link that can no longer write, after handing on what the peer wrote before it went: the kernel still has
     * it, and the peer may count on it.
     */
    private void leaveAfterLastInput(Throwable failure) {
        if (state == State.OPEN) {
            state = State.LEAVING;
            cause = failure;
            awaitLastInput();
        }
    }

    /** A paused link that has more to hand on waits to be resumed; one that reads waits a little for the channel. */
    private void awaitLastInput() {
        if (input.paused()) {
            input.readOnce();
        } else {
            loop.schedule(LAST_NANOS, () -> {
                if (state == State.LEAVING && !input.paused()) {
                    fail(requireNonNull(cause, "cause"));
                }
            });
        }
        caughtUp();
    }

    /** Netty has closed the channel; if we have not asked it to, something else has failed. */
    private void channelGone() {
        if (state == State.OPEN || state == State.LEAVING) {
            input.fail(new ClosedChannelException());
        }
    }

    /** The one way out: closes the channel, and reports that when the descriptor is gone. */
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
        boolean unread = input.holdsBytes();
        input.stop();
        Channel open = channel;
        if (open == null) {
            loop.afterIo(this::reportClosed);
            return;
        }
        if (reset || unread) {
            sockets.resetOnClose(open);
        }
        open.closeFuture().addListener(done -> loop.afterIo(this::reportClosed));
        sockets.close(loop, open);
    }

    /** The loop ends under the link, which is told so at once: nothing comes after. */
    void loopEnded(Throwable failure) {
        Channel open = channel;
        leave(failure, true);
        if (open != null && open.isOpen()) {
            open.unsafe().closeForcibly();
        }
        reportClosed();
    }

    private void reportClosed() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        channel = null;
        loop.closed(this);
        if (handler != null) {
            handler.onClosed(cause);
        }
    }

    private GuardedHandler guarded(LinkHandler handler) {
        return new GuardedHandler(handler, remoteAddress, failed -> leave(failed, true));
    }

    private GuardedHandler handler() {
        return requireNonNull(handler, "handler");
    }
}
