/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A link over one channel of Netty's. {@link LinkOutput} writes, {@link LinkInput} reads; this is the link's life and the
 * only one to call its handler.
 */
final class NettyLink implements Link, LinkInput.Receiver {
    private static final System.Logger LOG = System.getLogger(NettyLink.class.getName());
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
    private @Nullable LinkHandler handler;
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
        this.handler = handler;
        if (state == State.CLOSED) {
            tellClosed(handler);
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
            handler = requireNonNull(acceptor.accept(this), "handler");
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
        try {
            handler().onConnected();
        } catch (Throwable failed) {
            handlerFailed(failed);
            return;
        }
        if (state == State.OPEN) {
            connected.closeFuture().addListener(done -> channelGone());
            input.start(connected);
        }
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
        input.reading(reading, state == State.OPEN || state == State.LEAVING ? channel : null);
        leaveIfHeard();
    }

    @Override
    public void flush() {
        loop.requireInLoop();
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop();
        Channel open = channel;
        if (state == State.OPEN && open != null) {
            output.end(open);
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
    public boolean receives() {
        return state == State.OPEN || state == State.LEAVING;
    }

    @Override
    public void received(ByteBuf bytes) {
        lastBytes += state == State.LEAVING ? bytes.readableBytes() : 0;
        try {
            handler()
                    .onRead(bytes.nioBuffer(bytes.readerIndex(), bytes.readableBytes())
                            .order(ByteOrder.BIG_ENDIAN));
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
        leaveIfHeard();
    }

    @Override
    public void peerEnded() {
        Throwable unwritable = output.failure();
        if (unwritable != null) {
            // A reset looks like an end to whoever has heard of it by a write, be it a moment ago.
            fail(unwritable);
            return;
        }
        try {
            handler().onInputClosed();
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
    }

    @Override
    public void inputFailed(Throwable failure) {
        Throwable unwritable = output.failure();
        fail(unwritable == null ? failure : unwritable);
    }

    private void progressed() {
        Channel open = channel;
        if (state != State.OPEN || open == null) {
            return;
        }
        if (output.endWanted()) {
            output.end(open);
        }
        try {
            handler().onWritable();
        } catch (Throwable failed) {
            handlerFailed(failed);
        }
    }

    /**
     * Ends a link that can no longer write, after handing on what the peer wrote before it went: the kernel still has
     * it, and the peer may count on it.
     */
    private void leaveAfterLastInput(Throwable failure) {
        if (state != State.OPEN) {
            return;
        }
        state = State.LEAVING;
        cause = failure;
        loop.schedule(LAST_NANOS, () -> {
            if (state == State.LEAVING) {
                fail(failure);
            }
        });
        leaveIfHeard();
    }

    private void leaveIfHeard() {
        if (state == State.LEAVING && (!input.open() || lastBytes >= LAST_BYTES)) {
            fail(requireNonNull(cause, "cause"));
        }
    }

    /** Netty has closed the channel; if we have not asked it to, something else has failed. */
    private void channelGone() {
        if (state == State.OPEN || state == State.LEAVING) {
            input.fail(new ClosedChannelException());
        }
    }

    private void handlerFailed(Throwable failure) {
        LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed; it is aborted", failure);
        leave(failure, true);
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
        input.stop();
        Channel open = channel;
        if (open == null) {
            loop.afterIo(this::reportClosed);
            return;
        }
        if (reset) {
            resetOnClose(open);
        }
        open.close().addListener(done -> loop.afterIo(this::reportClosed));
    }

    /** Unix domain sockets have no reset: there the peer reads what was written, then sees our end. */
    private void resetOnClose(Channel open) {
        try {
            open.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException failed) {
            LOG.log(DEBUG, () -> open + " cannot be reset; it is closed", failed);
        }
    }

    private void reportClosed() {
        state = State.CLOSED;
        channel = null;
        loop.closed(this);
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

    private LinkHandler handler() {
        return requireNonNull(handler, "handler");
    }
}
