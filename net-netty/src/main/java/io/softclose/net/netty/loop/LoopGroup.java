/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.lang.System.Logger.Level.ERROR;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.EventExecutor;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.NettySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The loops of one transport: those that links share in turn, and the one that accepts. Threads start with the first link
 * or listener, all that are needed to end as well; none starts later. Thread-safe.
 */
public final class LoopGroup {
    private static final Log LOG = Log.ofModule();
    /** The most that closing waits, for handlers that do not return. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    // Final.
    private final Io io;
    private final NettySettings settings;
    private final AtomicInteger turn = new AtomicInteger();

    // Shared.
    private volatile List<NettyLoop> loops;

    // Guarded by this.
    private @Nullable LoopThread accepting;
    private boolean closed;

    public LoopGroup(Io io, NettySettings settings) {
        this.io = io;
        this.settings = settings;
        loops = settings.eventLoopGroup().map(group -> adopt(group, settings)).orElse(List.of());
    }

    private static List<NettyLoop> adopt(EventLoopGroup group, NettySettings settings) {
        List<NettyLoop> adopted = new ArrayList<>();
        try {
            for (EventExecutor loop : group) {
                adopted.add(NettyLoop.onLoop((EventLoop) loop, settings.allocator()));
            }
            return List.copyOf(adopted);
        } catch (Throwable failed) {
            adopted.forEach(NettyLoop::stop);
            throw failed;
        }
    }

    /**
     * The next of the loops that links share. One that has ended is passed over.
     *
     * @throws RejectedExecutionException if there is none
     */
    public NettyLoop next() {
        List<NettyLoop> all = loops;
        if (all.isEmpty()) {
            all = started();
        }
        for (int i = 0; i < all.size(); i++) {
            NettyLoop loop = all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
            if (!loop.stopping()) {
                return loop;
            }
        }
        throw new RejectedExecutionException("the transport is closed, or its loops have ended");
    }

    /**
     * A loop that is said to be one of those that links share.
     *
     * @throws IllegalArgumentException if it is not
     */
    public NettyLoop own(io.softclose.net.spi.EventLoop loop) {
        for (NettyLoop own : loops) {
            if (own == loop) {
                return own;
            }
        }
        throw new IllegalArgumentException("loop: " + loop + " (expected: one of this transport's)");
    }

    /**
     * The loop of all listeners.
     *
     * @throws RejectedExecutionException if the group is closed
     */
    public synchronized LoopThread acceptLoop() {
        var unused = started();
        LoopThread thread = accepting;
        if (thread == null || thread.ended().isDone()) {
            thread = new LoopThread(io.handlers(), settings.threadNamePrefix() + "-accept");
            accepting = thread;
        }
        return thread;
    }

    private synchronized List<NettyLoop> started() {
        if (closed) {
            throw new RejectedExecutionException("the transport is closed");
        }
        if (loops.isEmpty()) {
            loops = start();
        }
        return loops;
    }

    private List<NettyLoop> start() {
        IoHandlerFactory handlers = io.linkHandlers(settings);
        List<NettyLoop> started = new ArrayList<>();
        try {
            for (int i = 1; i <= settings.loops(); i++) {
                LoopThread thread = new LoopThread(handlers, settings.threadNamePrefix() + "-" + i);
                started.add(NettyLoop.onThread(thread, settings.allocator()));
            }
            return List.copyOf(started);
        } catch (Throwable noMoreDescriptorsOrThreads) {
            started.forEach(NettyLoop::stop);
            throw noMoreDescriptorsOrThreads;
        }
    }

    /** Aborts all links and ends the threads that are ours; waits for both unless called on one of the loops. */
    public void close() {
        LoopThread acceptThread = closeAccepting();
        List<NettyLoop> all = loops;
        if (acceptThread != null) {
            acceptThread.end();
        }
        all.forEach(NettyLoop::stop);
        long deadline = System.nanoTime() + CLOSE_NANOS;
        boolean over = acceptThread == null || acceptThread.awaitEnd(deadline);
        if (all.stream().noneMatch(NettyLoop::inEventLoop)) {
            for (NettyLoop loop : all) {
                over &= loop.awaitEnd(deadline);
            }
        }
        if (!over) {
            LOG.log(
                    ERROR,
                    () -> "threads of " + settings.threadNamePrefix() + " have not ended within "
                            + TimeUnit.NANOSECONDS.toSeconds(CLOSE_NANOS) + " s; a handler may not have returned");
        }
    }

    private synchronized @Nullable LoopThread closeAccepting() {
        closed = true;
        return accepting;
    }

    /** How many buffers the loops have lent. For tests. */
    public long lentBuffers() {
        return loops.stream().mapToLong(loop -> loop.lent().count()).sum();
    }
}
