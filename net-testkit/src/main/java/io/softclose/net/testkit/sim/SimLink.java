/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection in the simulation: a link for its owner, and for a test a place to break it. It watches its
 * owner: a call off the loop, a write too early or too late, bytes changed before they were flushed, a buffer released too
 * early or not at all. All this is noted, and {@link SimNetwork#verify} fails with it.
 */
public final class SimLink implements Link {
    private enum State {
        /** Dialling, or accepted and not told yet. */
        OPENING,
        /** The handler knows of it. */
        OPEN,
        /** The handler is about to learn that it is gone. */
        CLOSING,
        /** The handler was told. */
        CLOSED
    }

    private final SimNetwork network;
    private final SimLoop loop;
    private final String name;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final SimSockets settings;
    private final SplittableRandom random;
    private final SimSocket socket;
    private final LinkOutput output;

    private State state = State.OPENING;
    private boolean ready;
    private @Nullable SimLink peer;
    private @Nullable LinkHandler handler;
    private EventLoop.Timer dialTimer = () -> {};
    private boolean reads = true;
    private boolean awaitsRoom;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean failing;
    private @Nullable Throwable cause;

    SimLink(
            SimNetwork network,
            SimLoop loop,
            SimPath out,
            SimSockets settings,
            SplittableRandom random,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            String name) {
        this.network = network;
        this.loop = loop;
        this.settings = settings;
        this.random = random;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.name = name;
        socket = new SimSocket(out, settings, this::socketChanged);
        output = new LinkOutput(network.scheduler(), random, socket, settings, new LaterEvents());
    }

    // The port that the owner sees.

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ByteBuffer lend(int size) {
        loop.requireInLoop("lend");
        return output.buffers().lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        loop.requireInLoop("release");
        if (!output.buffers().takeBack(buffer)) {
            network.found(name + ": release of " + buffer + " (expected: a buffer lent by it and not given back)");
        } else if (!output.unchanged()) {
            network.found(name + ": release of " + buffer + ", which holds bytes that wait to be flushed");
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        loop.requireInLoop("write");
        checkFromIndexSize(offset, length, sources.length);
        if (outputEnded) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        if (state == State.OPENING) {
            network.found(name + ": write before onConnected");
        }
        if (state != State.OPEN || failing) {
            return 0;
        }
        IOException error = socket.writeError();
        if (error != null) {
            fails(error);
            return 0;
        }
        return take(sources, offset, length);
    }

    @Override
    public long flushedBytes() {
        loop.requireInLoop("flushedBytes");
        return output.flushed();
    }

    @Override
    public void reading(Reading reading) {
        loop.requireInLoop("reading");
        reads = reading == Reading.RESUMED;
        updateReady();
    }

    @Override
    public void flush() {
        loop.requireInLoop("flush");
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop("shutdownOutput");
        if (outputEnded || state != State.OPEN) {
            return outputEnded;
        }
        if (!output.allFlushed()) {
            network.found(name + ": shutdownOutput before everything was flushed");
        }
        outputEnded = true;
        trace("ends its output after", output.taken());
        socket.shutdownOutput();
        return true;
    }

    @Override
    public void linger() {
        close();
    }

    @Override
    public void close() {
        loop.requireInLoop("close");
        if (state == State.OPENING || state == State.OPEN) {
            trace("closes with bytes unread:", socket.available());
            leave(null, false);
        }
    }

    @Override
    public void abort() {
        loop.requireInLoop("abort");
        leave(null, true);
    }

    // What a test does.

    /** The other end, once it exists: when a dial has reached its listener. */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public @Nullable SimLink peer() {
        return peer;
    }

    /** Whether the handler knows that it is up, and not that it is gone. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether the handler has had its last event. */
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Breaks the connection: both kernels see a reset at once, and what was on the way is gone. */
    public void cut() {
        if (peer != null) {
            trace("is cut", 0);
            socket.cut();
        }
    }

    /** Breaks the connection as {@link #cut} does, when this many more bytes of this end have arrived. */
    public void cutAfter(long bytes) {
        if (peer != null) {
            trace("will be cut after", bytes);
            socket.cutAfter(bytes);
        }
    }

    /** From now on nothing that this end sends arrives: the other end is half open. */
    public void vanish() {
        trace("vanishes", 0);
        socket.vanish();
    }

    @Override
    public String toString() {
        return "SimLink[" + name + ", " + state + "]";
    }

    // What the ledger sees.

    String name() {
        return name;
    }

    LinkOutput output() {
        return output;
    }

    boolean reads() {
        return reads;
    }

    /** Whether it has promised to say when it takes or has flushed more. */
    boolean owesWritable() {
        return awaitsRoom || failing || !output.allFlushed();
    }

    boolean toldPeersEnd() {
        return inputEnded;
    }

    /** Whether somebody was ever asked to handle it; a kernel may know of connections that nobody has accepted. */
    boolean accepted() {
        return handler != null;
    }

    int lentBuffers() {
        return output.buffers().count();
    }

    // What the transport does.

    SimSocket socket() {
        return socket;
    }

    void handledBy(LinkHandler wanted) {
        handler = requireNonNull(wanted, "handler");
    }

    void meets(SimLink other) {
        peer = other;
    }

    void failAfter(Duration timeout) {
        if (state == State.OPENING) {
            dialTimer = loop.schedule(
                    nanos(timeout),
                    () -> leave(
                            new SocketTimeoutException("dial " + remoteAddress + ": not connected within " + timeout),
                            true));
        }
    }

    /** Runs on the link's loop, whether or not that takes tasks from others. */
    void loopTask(Runnable task) {
        loop.post(task);
    }

    boolean opening() {
        return state == State.OPENING;
    }

    /** The handler learns, as a later task, that the link is up. */
    void established() {
        loop.post(() -> {
            if (state == State.OPENING) {
                state = State.OPEN;
                dialTimer.cancel();
                trace("is up", 0);
                updateReady();
                guarded(() -> handler().onConnected());
            }
        });
    }

    /** A dial has failed: told on the loop. */
    void failed(Throwable failure) {
        loop.post(() -> leave(failure, false));
    }

    /** The loop's turn: something is to be read, or more can be written. */
    void serve() {
        boolean writable = writableDue();
        if (writable && (!readDue() || random.nextBoolean())) {
            awaitsRoom = false;
            trace("writable", socket.room());
            guarded(() -> handler().onWritable());
        } else {
            guarded(this::read);
        }
        updateReady();
    }

    void leave(@Nullable Throwable failure, boolean reset) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        state = State.CLOSING;
        cause = failure;
        dialTimer.cancel();
        output.end(!reset && failure == null);
        if (reset) {
            socket.abort();
        } else {
            socket.close();
        }
        updateReady();
        loop.post(this::reportClosed);
    }

    private void reportClosed() {
        state = State.CLOSED;
        trace(cause == null ? "is closed" : "has failed", output.taken());
        LinkHandler last = handler;
        if (last != null) {
            network.serve(this);
            last.onClosed(cause);
        }
    }

    private long take(ByteBuffer[] sources, int offset, int length) {
        int total = output.take(sources, offset, length);
        trace("takes", total);
        for (int i = offset; i < offset + length; i++) {
            awaitsRoom |= sources[i].hasRemaining();
        }
        updateReady();
        return total;
    }

    private void read() {
        int available = socket.available();
        if (available > 0) {
            int most = Math.min(available, settings.readBytes());
            int bytes = most > 1 && settings.transfersShort(random) ? 1 + random.nextInt(most) : most;
            trace("reads", bytes);
            byte[] data = socket.read(bytes);
            handler().onRead(ByteBuffer.wrap(data));
            // Valid during the call only: whoever kept it finds other bytes.
            Arrays.fill(data, (byte) 0xA5);
        } else if (socket.ended()) {
            inputEnded = true;
            trace("reads the end", 0);
            handler().onInputClosed();
        } else if (socket.readError() != null) {
            leave(socket.readError(), false);
        }
    }

    /** A link that can no longer write hands on what has arrived before it ends. */
    private void fails(IOException error) {
        if (!failing) {
            failing = true;
            loop.post(() -> {
                while (readDue() && socket.readError() == null) {
                    guarded(this::read);
                }
                leave(error, false);
            });
        }
    }

    private void socketChanged() {
        output.socketChanged();
        updateReady();
    }

    private boolean readDue() {
        return state == State.OPEN
                && reads
                && !inputEnded
                && (socket.available() > 0 || socket.ended() || socket.readError() != null);
    }

    private boolean writableDue() {
        return state == State.OPEN && awaitsRoom && output.worthTelling();
    }

    private void updateReady() {
        boolean now = readDue() || writableDue();
        if (now != ready) {
            ready = now;
            loop.ready(this, now);
        }
    }

    private void guarded(Runnable event) {
        network.serve(this);
        try {
            event.run();
        } catch (Throwable failure) {
            network.found(name + ": its handler threw " + failure, failure);
            leave(failure, true);
        }
    }

    private LinkHandler handler() {
        return requireNonNull(handler, "handler");
    }

    private void trace(String what, long number) {
        network.trace().add(network.scheduler().now(), name, what, number);
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /** A link that flushes later. */
    private final class LaterEvents implements LaterOutput.Events {
        @Override
        public void flushed(long upTo) {
            loop.post(() -> {
                if (state == State.OPEN) {
                    output.told(upTo);
                    trace("has flushed", upTo);
                    // Told as a later task, so that something may come between what it says and what it tells.
                    loop.post(this::writable);
                }
            });
        }

        private void writable() {
            if (state == State.OPEN) {
                awaitsRoom = false;
                updateReady();
                guarded(() -> handler().onWritable());
            }
        }

        @Override
        public void failed() {
            IOException error = socket.writeError();
            if (error != null && state == State.OPEN) {
                fails(error);
            }
        }

        @Override
        public void found(String what) {
            network.found(name + ": " + what);
        }
    }
}
