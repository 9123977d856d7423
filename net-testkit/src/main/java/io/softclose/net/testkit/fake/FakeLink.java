/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * A link whose other end is the test. The test says how much it takes and when that is flushed, delivers what the peer
 * sends, and reads what the peer has received; the events this causes are tasks of the {@link ManualEventLoop}. The
 * methods of the test may be called on the loop or in the thread that runs it.
 *
 * <p>It watches its caller: a call off the loop, a write before the link is up or after the output was shut down, bytes
 * changed before they were flushed, a buffer released too early, twice, or to a link that did not lend it. All this is
 * noted, and {@link #verify} fails with it.
 */
public final class FakeLink extends ScriptedLink {
    /** Longest amount, for a link without bounds. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** When taken bytes are flushed. */
    public enum Flushing {
        /** Within the write that takes them. */
        AT_ONCE,
        /** When the test says so, see {@link FakeLink#flush(long)}. */
        ON_DEMAND
    }

    /** A call that ends a direction, or both. */
    public enum EndCall {
        SHUTDOWN_OUTPUT,
        LINGER,
        CLOSE,
        ABORT
    }

    private OptionalInt mostUnsent = OptionalInt.empty();

    FakeLink(ManualEventLoop loop, SocketAddress localAddress, SocketAddress remoteAddress) {
        super(loop, localAddress, remoteAddress);
    }

    @Override
    public ManualEventLoop loop() {
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
        called("lend");
        requireMemory();
        return lent.lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        called("release");
        if (!lent.takeBack(buffer)) {
            findings.add("release: " + buffer + " (expected: a buffer that this link has lent and not got back)");
        } else if (life.isOpen() && !outbound.unchanged()) {
            findings.add("release: " + buffer + " holds bytes that wait to be flushed");
        }
    }

    @Override
    public int write(ByteBuffer source) {
        called("write");
        if (ourEnd.asked()) {
            findings.add("write: after shutdownOutput");
        }
        if (life.isOpening()) {
            findings.add("write: before onConnected");
        }
        if (!life.isOpen() || ourEnd.asked()) {
            return 0;
        }
        return outbound.take(source);
    }

    @Override
    public long flushedBytes() {
        called("flushedBytes");
        return outbound.flushedBytes();
    }

    @Override
    public void reading(Reading wanted) {
        called("reading");
        inbound.reading(requireNonNull(wanted, "wanted"));
        if (inbound.allHandedOn()) {
            inputHandedOn();
        }
    }

    @Override
    public void flush() {
        called("flush");
        if (life.isOpen()) {
            outbound.attempt();
        }
    }

    @Override
    public void limitUnsent(int bytes) {
        called("limitUnsent");
        mostUnsent = OptionalInt.of(bytes);
    }

    /** How much the operating system was asked to hold unsent at most, if it was. */
    public OptionalInt mostUnsent() {
        return mostUnsent;
    }

    @Override
    public boolean allHandedOn() {
        called("allHandedOn");
        lookAwaited = life.isOpen() && !inbound.allHandedOn();
        return life.isOpen() && !lookAwaited;
    }

    @Override
    public boolean shutdownOutput() {
        called("shutdownOutput");
        if (life.isOpening()) {
            findings.add("shutdownOutput: before onConnected");
        }
        ourEnd.called(EndCall.SHUTDOWN_OUTPUT);
        if (life.isOpen()) {
            ourEnd.ask(inbound.allHandedOn());
        }
        return ourEnd.out();
    }

    @Override
    public void close() {
        called("close");
        ourEnd.called(EndCall.CLOSE);
        if (life.isOpen()) {
            ourEnd.close(inbound.hasUnreadBytes());
        }
        end(null);
    }

    @Override
    public void linger() {
        called("linger");
        ourEnd.called(EndCall.LINGER);
        if (life.isOpen()) {
            ourEnd.linger(inbound.allHandedOn());
        }
        end(null);
    }

    @Override
    public void abort() {
        called("abort");
        ourEnd.called(EndCall.ABORT);
        abort(null);
    }

    private void called(String method) {
        if (!loop.inEventLoop()) {
            findings.add(method + ": called by " + Thread.currentThread() + " (expected: the link's loop)");
        }
        breakIfTold(method);
    }
}
