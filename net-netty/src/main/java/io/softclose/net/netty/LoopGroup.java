/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The loops of one transport: those that links share in turn, and the one that accepts. Thread-safe. */
final class LoopGroup {
    // Final.
    private final Io io;
    private final NettySettings settings;
    private final List<NettyLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();

    // Guarded by this.
    private @Nullable LoopThread accepting;
    private boolean closed;

    LoopGroup(Io io, NettySettings settings) {
        this.io = io;
        this.settings = settings;
        loops = settings.eventLoopGroup().map(group -> adopt(group, settings)).orElseGet(() -> start(io, settings));
    }

    private static List<NettyLoop> adopt(EventLoopGroup group, NettySettings settings) {
        List<NettyLoop> adopted = new ArrayList<>();
        for (EventExecutor loop : group) {
            adopted.add(NettyLoop.onLoop((EventLoop) loop, settings.allocator()));
        }
        return List.copyOf(adopted);
    }

    private static List<NettyLoop> start(Io io, NettySettings settings) {
        IoHandlerFactory handlers = io.linkHandlers(settings);
        List<NettyLoop> started = new ArrayList<>();
        try {
            for (int i = 1; i <= settings.loops(); i++) {
                LoopThread thread = new LoopThread(handlers, settings.threadNamePrefix() + "-" + i);
                started.add(NettyLoop.onThread(thread, settings.allocator()));
            }
            return List.copyOf(started);
        } catch (RuntimeException | Error noMoreDescriptors) {
            started.forEach(NettyLoop::stop);
            throw noMoreDescriptors;
        }
    }

    NettyLoop next() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /**
     * The loop of all listeners, started when it is first asked for.
     *
     * @throws RejectedExecutionException if the group is closed
     */
    synchronized EventLoop acceptLoop() {
        if (closed) {
            throw new RejectedExecutionException("the transport is closed");
        }
        LoopThread thread = accepting;
        if (thread == null) {
            thread = new LoopThread(io.handlers(), settings.threadNamePrefix() + "-accept");
            accepting = thread;
        }
        return thread.loop();
    }

    /** Aborts all links and ends the threads that are ours; waits for both unless called on one of the loops. */
    void close() {
        LoopThread acceptThread = closeAccepting();
        if (acceptThread != null) {
            acceptThread.end();
        }
        loops.forEach(NettyLoop::stop);
        if (acceptThread != null) {
            acceptThread.awaitEnd();
        }
        if (loops.stream().noneMatch(NettyLoop::inEventLoop)) {
            loops.forEach(NettyLoop::awaitEnd);
        }
    }

    private synchronized @Nullable LoopThread closeAccepting() {
        closed = true;
        return accepting;
    }

    long lentBuffers() {
        return loops.stream().mapToLong(loop -> loop.lent().count()).sum();
    }
}
