/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import io.softclose.bench.lab.BreakingRelay.Order;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link BreakingRelay}: two sockets, and what is between them. Confined to the relay's thread. */
final class RelayPipe {
    /** How it fares. */
    private enum State {
        PASSING,
        /** Nothing passes, until it is reset. */
        STALLED,
        /** Both ends have seen an end; what still comes from them is thrown away. */
        CUT,
        OVER
    }

    private static final int CHUNK_BYTES = 16 * 1024;
    /** How long ends that were cut off from each other may go on before they are reset. */
    private static final long CUT_NANOS = Duration.ofSeconds(2).toNanos();
    /** Of what was not used, no more than this is made up for. */
    private static final double MOST_SAVED_SECONDS = 0.02;

    private final Flow forward;
    private final Flow back;
    private final SocketAddress farAddress;
    private State state = State.PASSING;
    private long until;

    /** One direction. */
    private static final class Flow {
        final SocketChannel from;
        final SocketChannel to;
        /** What was read and not written yet, from position to limit. */
        final ByteBuffer held = ByteBuffer.allocateDirect(CHUNK_BYTES).limit(0);

        boolean ended;
        double allowance;
        long refilledAt = System.nanoTime();

        Flow(SocketChannel from, SocketChannel to) {
            this.from = from;
            this.to = to;
        }

        void refill(long bytesPerSecond, long now) {
            double seconds = (now - refilledAt) / 1e9;
            refilledAt = now;
            allowance = bytesPerSecond == 0
                    ? CHUNK_BYTES
                    : Math.min(Math.max(1, bytesPerSecond * MOST_SAVED_SECONDS), allowance + seconds * bytesPerSecond);
        }

        boolean mayRead() {
            return !ended && !held.hasRemaining() && allowance >= 1;
        }

        /** Passes some bytes, at most these; how many it has passed. */
        int pass(long most) throws IOException {
            if (mayRead()) {
                held.clear().limit((int) Math.min(CHUNK_BYTES, allowance));
                int read = from.read(held);
                held.flip();
                allowance -= Math.max(0, read);
                if (read < 0) {
                    ended = true;
                    to.shutdownOutput();
                }
            }
            int end = held.limit();
            held.limit((int) Math.min(end, held.position() + most));
            try {
                return held.hasRemaining() ? to.write(held) : 0;
            } finally {
                held.limit(end);
            }
        }

        void discard() throws IOException {
            int read = ended ? 0 : from.read(held.clear());
            ended |= read < 0;
            held.limit(0);
        }
    }

    /** A pipe between two sockets that are connected. */
    RelayPipe(Selector selector, SocketChannel near, SocketChannel far) throws IOException {
        for (SocketChannel end : new SocketChannel[] {near, far}) {
            end.setOption(StandardSocketOptions.TCP_NODELAY, true);
            end.setOption(StandardSocketOptions.SO_SNDBUF, BreakingRelay.BUFFER_BYTES);
            end.configureBlocking(false);
            end.register(selector, 0, this);
        }
        forward = new Flow(near, far);
        back = new Flow(far, near);
        farAddress = far.getLocalAddress();
    }

    /** From where whoever is behind the door sees it come. */
    SocketAddress farAddress() {
        return farAddress;
    }

    /** Says what its sockets are to be selected for. */
    void select(Selector selector, long bytesPerSecond, long now) {
        forward.refill(bytesPerSecond, now);
        back.refill(bytesPerSecond, now);
        select(selector, forward, back);
        select(selector, back, forward);
    }

    /** A socket is read for one direction, and written for the other. */
    private void select(Selector selector, Flow reading, Flow writing) {
        boolean read = switch (state) {
            case PASSING -> reading.mayRead();
            case CUT -> !reading.ended;
            case STALLED, OVER -> false;
        };
        boolean write = state == State.PASSING && writing.held.hasRemaining();
        SelectionKey key = reading.from.keyFor(selector);
        if (key != null && key.isValid()) {
            key.interestOps((read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0));
        }
    }

    /**
     * Passes what there is, and breaks if its time has come.
     *
     * @param order the break that is to come
     * @return whether it was broken as ordered
     */
    boolean pass(@Nullable Order order, long now) {
        try {
            switch (state) {
                case PASSING -> {
                    if (passes(forward, order) || passes(back, order)) {
                        obey(order, now);
                        return true;
                    }
                    if (forward.ended && back.ended && !forward.held.hasRemaining() && !back.held.hasRemaining()) {
                        close();
                    }
                }
                case STALLED -> resetAfter(now);
                case CUT -> {
                    forward.discard();
                    back.discard();
                    if (forward.ended && back.ended) {
                        close();
                    }
                    resetAfter(now);
                }
                case OVER -> {}
            }
        } catch (IOException oneEndIsGone) {
            reset();
        }
        return false;
    }

    /** Passes what one direction has; whether the byte has passed at which it is to break. */
    private static boolean passes(Flow flow, @Nullable Order order) throws IOException {
        if (order == null) {
            flow.pass(CHUNK_BYTES);
            return false;
        }
        int passed = flow.pass(order.bytesLeft);
        order.bytesLeft -= passed;
        return passed > 0 && order.bytesLeft == 0;
    }

    private void obey(@Nullable Order order, long now) throws IOException {
        if (order == null) {
            return;
        }
        switch (order.how) {
            case RESET -> reset();
            case STALL -> {
                state = State.STALLED;
                until = now + order.stall.toNanos();
            }
            case CUT -> {
                state = State.CUT;
                until = now + CUT_NANOS;
                forward.to.shutdownOutput();
                back.to.shutdownOutput();
            }
        }
    }

    private void resetAfter(long now) {
        if (state != State.OVER && now - until >= 0) {
            reset();
        }
    }

    /** Whether both sockets are closed. */
    boolean over() {
        return state == State.OVER;
    }

    private void close() throws IOException {
        state = State.OVER;
        try (forward.from;
                forward.to) {
            // Both are closed.
        }
    }

    /** Resets both ends. */
    void reset() {
        state = State.OVER;
        reset(forward.from);
        reset(forward.to);
    }

    /** Resets a socket, or closes it if it is not connected. */
    static void reset(SocketChannel end) {
        try (end) {
            if (end.isConnected()) {
                end.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException gone) {
            // It is gone all the same.
        }
    }
}
