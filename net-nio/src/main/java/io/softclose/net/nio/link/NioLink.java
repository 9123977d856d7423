/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.link;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;

import io.softclose.net.nio.base.Departing;
import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.nio.loop.LinkSocket;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.nio.loop.Served;
import io.softclose.net.nio.socket.Channels;
import io.softclose.net.nio.socket.Family;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.LinkLife;
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
public final class NioLink extends Departing implements Link, Selectable, Served {
    private static final SafeLogger LOG = SafeLogger.ofModule();

    // Final.
    private final NioLoop loop;
    private final NioSettings settings;
    private final Family family;
    private final SocketAddress remoteAddress;

    // Shared.
    private volatile SocketAddress localAddress;

    // Confined to the loop.
    private final LinkLife life = new LinkLife(this::handlerFailed);
    private @Nullable Dial dial;
    private @Nullable LinkSocket socket;
    private final LinkInput input;
    private final LinkOutput output = new LinkOutput();
    private boolean lookAwaited;
    private boolean turnGiven;
    private boolean reset;

    /** A link that nothing happens to until {@link #dial} or {@link #accept}. */
    public NioLink(NioLoop loop, NioSettings settings, SocketAddress remoteAddress) {
        this.loop = loop;
        this.settings = settings;
        this.remoteAddress = remoteAddress;
        family = Family.of(remoteAddress);
        input = new LinkInput(loop, life);
        localAddress = remoteAddress;
    }

    /** Starts to connect, unless the link was closed since it was made. */
    public void dial(Duration timeout, LinkHandler dialling) {
        try {
            life.handledBy(dialling);
            if (life.isOpening()) {
                loop.links().opening(this);
                dial = new Dial(this, loop, settings, remoteAddress, timeout);
                dial.start();
            }
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    /** Finds the handler of an accepted socket. */
    public void accept(SocketChannel accepted, LinkAcceptor acceptor) {
        if (loop.stopping()) {
            Channels.close(accepted);
            return;
        }
        try {
            loop.links().opening(this);
            socket = new LinkSocket(loop, family, accepted);
            family.configure(accepted, settings);
            localAddress = accepted.getLocalAddress();
            life.handledBy(acceptor.accept(this));
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
        if (!life.isOpening()) {
            return;
        }
        try {
            LinkSocket opened = socket == null ? new LinkSocket(loop, family, connected) : socket;
            socket = opened;
            localAddress = connected.getLocalAddress();
            opened.register(wantedInterest(), this);
        } catch (Throwable failed) {
            failOpening(connected, failed);
            return;
        }
        dial = null;
        life.connected();
    }

    private void failOpening(SocketChannel channel, Throwable failure) {
        if (socket == null) {
            Channels.close(channel);
        }
        fail(failure);
    }

    /** Closes the link because of a failure, which must not look like an end. */
    @Override
    public void fail(Throwable failure) {
        leave(failure, true);
    }

    /** Closes the socket and tells the handler, after a selection has let go of it. */
    @Override
    public void departed() {
        loop.links().closed(this);
        LinkSocket last = socket;
        socket = null;
        try {
            if (last != null) {
                last.close(reset);
            }
        } finally {
            life.closed();
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
    public int write(ByteBuffer source) {
        loop.requireInLoop();
        output.requireNoEnd();
        LinkSocket open = socket;
        if (!life.isOpen() || output.failed() || open == null) {
            return 0;
        }
        int taken = output.write(open, source, loop);
        if (output.failed()) {
            giveTurn();
        } else if (output.awaitsRoom()) {
            updateInterest();
        }
        return taken;
    }

    @Override
    public long flushedBytes() {
        loop.requireInLoop();
        return output.flushedBytes();
    }

    @Override
    public void reading(Reading reading) {
        loop.requireInLoop();
        input.reading(reading);
        updateInterest();
        if (!input.paused() && socket != null && (socket.holdsInput() || awaitsQuiet())) {
            giveTurn();
        }
    }

    @Override
    public void flush() {
        loop.requireInLoop();
    }

    /**
     * Only where the system has the last word on the send buffer, which an application may have given itself. One that was found is
     * no limit to lift: it is what the path needs, and goes on to be found.
     */
    @Override
    public void limitUnsent(int bytes) {
        loop.requireInLoop();
        if (bytes < Integer.MAX_VALUE
                && family == Family.TCP
                && settings.sendBufferBytes().isEmpty()) {
            output.limitUnsent(bytes);
        }
    }

    @Override
    public boolean allHandedOn() {
        loop.requireInLoop();
        LinkSocket open = socket;
        if (!life.isOpen() || open == null) {
            return false;
        }
        try {
            lookAwaited = output.failed() || input.paused() || open.inputWaits();
            if (lookAwaited) {
                giveTurn();
            }
            return !lookAwaited;
        } catch (IOException failed) {
            fail(failed);
            return false;
        }
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop();
        LinkSocket open = socket;
        if (!life.isOpen() || output.ended() || open == null) {
            return output.ended();
        }
        output.askEnd();
        try {
            if (output.failed() || input.paused() || open.inputWaits()) {
                giveTurn();
            } else {
                output.end(open);
            }
        } catch (IOException failed) {
            fail(failed);
        }
        return output.ended();
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
        boolean nothingToWaitFor = input.ended() && !input.paused();
        if (life.isOpen() && open != null && !nothingToWaitFor && !output.failed()) {
            try {
                loop.links().lingerings().add(open, output.ended(), input.paused());
                socket = null;
            } catch (Throwable failed) {
                LOG.log(ERROR, () -> "the link with " + remoteAddress + " cannot linger; it is closed", failed);
            }
        }
        leave(null, input.paused() && !output.ended());
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
        if (!life.isOpen() || open == null) {
            return;
        }
        try {
            // Writing first: it makes room where reading may want to answer.
            if ((ready & SelectionKey.OP_WRITE) != 0 && output.roomCame(loop)) {
                life.writable();
            }
            if ((ready & SelectionKey.OP_READ) != 0) {
                input.handOn(open, output);
            }
            settle(open);
        } catch (IOException failed) {
            fail(failed);
        } catch (Throwable failed) {
            fail(failed);
            LOG.log(ERROR, () -> "the link with " + remoteAddress + " failed; it is aborted", failed);
        }
        updateInterest();
    }

    /** Does what had to wait for the input that has arrived: ends our output, or the link if it can no longer write. */
    private void settle(LinkSocket open) throws IOException {
        IOException failure = output.failure();
        // Whoever has paused may not have handled what it was given.
        if (!life.isOpen() || (failure == null && (input.paused() || !awaitsQuiet()))) {
            return;
        }
        // The end of a socket that failed tells nothing.
        boolean waits = failure == null ? open.inputWaits() : output.takesLastTurn() && open.bytesWait();
        if (waits) {
            if (!input.paused()) {
                giveTurn();
            }
        } else if (failure != null) {
            fail(failure);
        } else {
            lookAwaited = false;
            if (output.endWaits()) {
                output.end(open);
            }
            life.writable();
        }
    }

    /** Whether our end, or somebody who asked, waits until the input that has arrived was handed on. */
    private boolean awaitsQuiet() {
        return lookAwaited || output.endWaits();
    }

    private void handlerFailed(Throwable failure) {
        String what = life.isClosed() ? " failed in onClosed" : " failed; it is aborted";
        fail(failure);
        LOG.log(ERROR, () -> "the handler of the link with " + remoteAddress + what, failure);
    }

    /** The one way out: the loop's next selection lets go of the socket, which is then closed and that reported. */
    private void leave(@Nullable Throwable failure, boolean wantsReset) {
        if (!life.leave(failure)) {
            return;
        }
        reset = wantsReset;
        loop.links().departures().add(this);
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        if (socket != null) {
            socket.deregister();
        }
    }

    private int wantedInterest() {
        return (input.wanted() ? SelectionKey.OP_READ : 0) | (output.awaitsRoom() ? SelectionKey.OP_WRITE : 0);
    }

    private void updateInterest() {
        if (life.isOpen() && socket != null) {
            socket.watchFor(wantedInterest());
        }
    }
}
