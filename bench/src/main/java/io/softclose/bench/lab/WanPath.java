/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One way into a target: who dials its address is connected to the target, over what its conditions say. Thread-safe. */
public final class WanPath implements NetPath, WanRelay.Ready {
    /** So little that what is on its way is with the path and its sender, not with the kernel in between. */
    private static final int KERNEL_BYTES = 16 * 1024;

    private final WanRelay relay;
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final RandomGenerator jitter;

    // Shared: written by whoever says so.
    private volatile InetSocketAddress target;
    private volatile WanConditions conditions;
    private volatile boolean held;

    // Confined to the relay's thread.
    private final List<WanPipe> pipes = new ArrayList<>();
    private @Nullable SelectionKey key;

    private WanPath(
            WanRelay relay,
            ServerSocketChannel listener,
            InetSocketAddress target,
            WanConditions conditions,
            RandomGenerator jitter)
            throws IOException {
        this.relay = relay;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.target = target;
        this.conditions = conditions;
        this.jitter = jitter;
    }

    static WanPath open(WanRelay relay, InetSocketAddress target, WanConditions conditions, RandomGenerator jitter)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BYTES);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
            return new WanPath(relay, listener, target, conditions, jitter);
        } catch (IOException failed) {
            listener.close();
            throw failed;
        }
    }

    /** Where to dial. */
    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** Connects whoever dials from now on to this target. */
    @Override
    public void target(InetSocketAddress next) {
        target = next;
    }

    /** What it does to bytes that it takes from now on. */
    @Override
    public void conditions(WanConditions next) {
        conditions = next;
    }

    /**
     * Passes nothing any more, in neither direction, and accepts nobody, without anybody being told: as if the other
     * process had been stopped (SIGSTOP), or all packets were lost. What has been taken stays.
     */
    @Override
    public void hold() {
        held = true;
        relay.command(() -> {});
    }

    /** Goes on with what it had, and what has come since. */
    @Override
    public void release() {
        held = false;
        relay.command(() -> {});
    }

    /** Resets (RST) its connections at both ends; what is on its way is lost. New ones may be made at once. */
    @Override
    public void reset() {
        relay.command(() -> {
            pipes.forEach(WanPipe::reset);
            pipes.clear();
        });
    }

    // What follows is the relay's thread's.

    void register(Selector selector) {
        try {
            key = listener.register(selector, SelectionKey.OP_ACCEPT, this);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** Passes on what is due, and says in how many nanoseconds the next is. */
    long advance(long now) {
        boolean holding = held;
        SelectionKey accepting = key;
        if (accepting != null && accepting.isValid()) {
            accepting.interestOps(holding ? 0 : SelectionKey.OP_ACCEPT);
        }
        long next = Long.MAX_VALUE;
        for (WanPipe pipe : pipes) {
            next = Math.min(next, pipe.advance(now, holding));
        }
        pipes.removeIf(WanPipe::over);
        return next;
    }

    @Override
    public void ready(SelectionKey accepting) {
        SocketChannel near = null;
        try {
            near = listener.accept();
            if (near != null) {
                pipes.add(WanPipe.between(near, target, requireNonNull(key).selector(), this));
            }
        } catch (IOException unreachable) {
            WanPipe.abort(near);
        }
    }

    WanConditions conditions() {
        return conditions;
    }

    RandomGenerator jitter() {
        return jitter;
    }

    /** Resets what there is, and listens no more. */
    void end() {
        pipes.forEach(WanPipe::reset);
        try {
            listener.close();
        } catch (IOException gone) {
            // It is gone all the same.
        }
    }

    static void configure(SocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BYTES);
    }

    static int kernelBytes() {
        return KERNEL_BYTES;
    }
}
