/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;

import io.netty.channel.Channel;
import io.softclose.net.netty.base.Addresses;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.loop.ChannelEnd;
import io.softclose.net.netty.loop.LoopLinks;
import io.softclose.net.netty.loop.NettyLoop;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.LinkLife;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A link over one channel of Netty's. {@link LinkOutput} writes, {@link LinkInput} reads; this is the link's life and the
 * only one to call its handler.
 */
public final class NettyLink implements Link, LinkInput.Receiver, LoopLinks.Member {
    private static final Log LOG = Log.ofModule();

    // Final.
    private final NettyLoop loop;
    private final Sockets sockets;
    private final SocketAddress remoteAddress;
    private final LinkInput input;
    private final LinkOutput output;
    private final LastInput lastInput;
    private final Quiet quiet;
    private final ChannelEnd end;

    // Shared.
    private volatile SocketAddress localAddress;

    // Confined to the loop.
    private final LinkLife life = new LinkLife(this::handlerFailed);
    private @Nullable Dial dial;
    private @Nullable Channel channel;

    /** A link that nothing happens to until {@link #dial} or {@link #accept}. */
    public NettyLink(NettyLoop loop, Sockets sockets, SocketAddress remoteAddress) {
        this.loop = loop;
        this.sockets = sockets;
        this.remoteAddress = remoteAddress;
        input = new LinkInput(loop, this);
        output = new LinkOutput(loop, this::progressed, this::leaveAfterLastInput);
        lastInput = new LastInput(loop, input, this::fail);
        quiet = new Quiet(life, input, output, this::sendEnd);
        end = new ChannelEnd(sockets, this::reportClosed);
        localAddress = remoteAddress;
    }

    private void handlerFailed(Throwable failure) {
        // First what matters: memory for a message may be what is missing.
        fail(failure);
        LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + " failed; it is aborted", failure);
    }

    /** Starts to connect, unless the link was closed since it was made. */
    public void dial(Duration timeout, LinkHandler dialling) {
        try {
            life.handledBy(dialling);
            if (life.isClosed()) {
                return;
            }
            loop.links().opening(this);
            if (loop.stopping()) {
                abort();
            } else if (life.isOpening()) {
                dial = new Dial(this, loop, sockets, remoteAddress, timeout);
                dial.start();
            }
        } catch (Throwable failed) {
            fail(failed);
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
        } catch (Throwable gone) {
            fail(gone);
            LOG.log(DEBUG, () -> "the link from " + remoteAddress + " was lost before it was accepted", gone);
            return;
        }
        try {
            loop.links().opening(this);
            localAddress = Addresses.fromNetty(accepted.localAddress(), remoteAddress);
            life.handledBy(acceptor.accept(this));
            loop.execute(() -> connected(accepted));
        } catch (Throwable failed) {
            fail(failed);
            LOG.log(ERROR, () -> "the acceptor failed; the link from " + remoteAddress + " is aborted", failed);
        }
    }

    /** Makes a fresh channel the link's own, registered with the loop; it reads nothing yet. */
    void open(Channel fresh) throws Exception {
        sockets.register(fresh, input, loop.netty());
        channel = fresh;
    }

    /** The channel is connected: bytes flow from here on. */
    void connected(Channel connected) {
        if (!life.isOpening()) {
            return;
        }
        dial = null;
        try {
            localAddress = Addresses.fromNetty(connected.localAddress(), remoteAddress);
            life.connected();
            if (life.isOpen()) {
                connected.closeFuture().addListener(done -> channelGone());
                input.start(connected);
            }
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    /** How many bytes have been read and not handed on. For tests. */
    long heldBytes() {
        return input.heldBytes();
    }

    /** How long ago the kernel last sent any of its bytes, if that is known; for ever if not. For tests. */
    long nanosSinceSent() {
        return channel == null ? Sockets.NEVER : sockets.nanosSinceSent(channel);
    }

    /** Ends the link because of a failure, with a reset: our end would tell the peer that all was sent and handled. */
    void fail(Throwable failure) {
        leave(failure, true);
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
    public int write(ByteBuffer source) {
        loop.requireInLoop();
        if (output.endWanted()) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        Channel open = channel;
        return life.isOpen() && open != null ? output.write(open, source) : 0;
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
        if (life.isOpen()) {
            lastInput.await();
        }
    }

    @Override
    public void flush() {
        loop.requireInLoop();
        Channel open = channel;
        if (life.isOpen() && open != null && !output.allFlushed() && output.failure() == null) {
            sockets.flush(open);
        }
    }

    @Override
    public void limitUnsent(int bytes) {
        loop.requireInLoop();
        Channel open = channel;
        if (life.isOpen() && open != null) {
            sockets.limitUnsent(open, bytes);
            if (bytes < Integer.MAX_VALUE && sockets.findsSendBuffer(open)) {
                output.limitUnsent(bytes, size -> sockets.sendBuffer(open, size));
            }
        }
    }

    @Override
    public boolean allHandedOn() {
        loop.requireInLoop();
        return life.isOpen() && quiet.now();
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop();
        if (life.isOpen()) {
            output.wantEnd();
            quiet.awaitForEnd();
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
        if (!life.isOpen() || open == null || hasFailed()) {
            leave(null, false);
            return;
        }
        try {
            new Lingering(loop, sockets, open, output, input).begin();
        } catch (Throwable failed) {
            fail(failed);
            return;
        }
        // What lingers owns the channel now.
        channel = null;
        leave(null, false);
    }

    @Override
    public void abort() {
        loop.requireInLoop();
        leave(null, true);
    }

    @Override
    public boolean receives() {
        return life.isOpen();
    }

    @Override
    public boolean writes() {
        return !output.allFlushed();
    }

    @Override
    public void received(ByteBuffer bytes) {
        lastInput.received(bytes.remaining());
        life.read(bytes);
    }

    @Override
    public void peerEnded() {
        if (output.failure() == null) {
            life.inputClosed(InputEnd.ENDED);
        } else {
            // A reset looks like an end to a link that has heard of it by a write, even a moment ago.
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
        lastInput.check();
    }

    @Override
    public void discarded() {
        end.reset();
    }

    private void sendEnd() {
        Channel open = channel;
        if (life.isOpen() && open != null && output.readyToEnd()) {
            output.sendEnd(open);
            loop.post(this::progressed);
        }
    }

    private void progressed() {
        if (!life.isOpen()) {
            return;
        }
        quiet.awaitForEnd();
        life.writable();
    }

    /** Ends a link that can no longer write, after handing on what the peer wrote before it went. */
    private void leaveAfterLastInput(Throwable failure) {
        if (life.isOpen()) {
            try {
                lastInput.begin(failure);
            } catch (Throwable noTimer) {
                fail(noTimer);
            }
        }
    }

    /** Netty has closed the channel; if we have not asked it to, something else has failed. */
    private void channelGone() {
        if (life.isOpen()) {
            input.fail(new ClosedChannelException());
        }
    }

    @Override
    public void look() {
        if (channel != null && !channel.isOpen()) {
            channelGone();
        }
    }

    /**
     * The one way out: closes the channel, and reports that when the descriptor is gone. After a failure that was not told
     * yet, whoever leaves for another reason leaves with a reset as well.
     */
    private void leave(@Nullable Throwable failure, boolean reset) {
        if (!life.leave(failure)) {
            return;
        }
        end.begin(loop.links().endings(), channel, reset || hasFailed() || input.holdsBytes());
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        input.stop();
    }

    /** Whether it can no longer read or write, even if nobody has been told yet. */
    private boolean hasFailed() {
        return input.failed() || output.failure() != null;
    }

    @Override
    public void loopEnded(Throwable failure) {
        fail(failure);
        end.force();
    }

    private void reportClosed() {
        channel = null;
        loop.links().closed(this);
        life.closed();
    }
}
