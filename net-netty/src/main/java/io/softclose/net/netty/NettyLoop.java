/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.softclose.net.spi.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A loop of Netty's as a loop of links. One that has a thread of its own ends with it; one of a user's group goes on
 * without our links.
 */
final class NettyLoop implements EventLoop {
    private static final System.Logger LOG = System.getLogger(NettyLoop.class.getName());
    /** Far enough for anybody, and not so far that a clock's difference overflows. */
    private static final long MAX_DELAY_NANOS = Long.MAX_VALUE / 4;
    /** How often a stopping loop runs what its links' last callbacks asked for before it refuses more. */
    private static final int STOP_ROUNDS = 64;
    /** For links that do not close: a system that keeps a socket must not keep whoever closes the transport. */
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How much longer links may linger whose loop stops. */
    private static final long LAST_LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often a stopping loop looks whether they have. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    // Final.
    private final io.netty.channel.EventLoop netty;
    private final @Nullable LoopThread own;
    private final TaskQueue tasks;
    private final Runnable whenNettyShutsDown = this::endWithNetty;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    // Shared.
    private volatile boolean stopRequested;

    // Confined to the loop.
    private final LentBuffers lent;
    private final Set<NettyLink> links = new HashSet<>();
    private final LingeringLinks lingering = new LingeringLinks();
    private final ReadBudget readBudget = new ReadBudget();
    private boolean stopping;
    private int stopRounds;
    private long stopDeadline;
    private boolean nettyEnds;

    private NettyLoop(io.netty.channel.EventLoop netty, @Nullable LoopThread own, ByteBufAllocator allocator) {
        this.netty = netty;
        this.own = own;
        tasks = new TaskQueue(netty);
        lent = new LentBuffers(allocator);
    }

    /** A loop on a thread of its own. */
    static NettyLoop onThread(LoopThread thread, ByteBufAllocator allocator) {
        return new NettyLoop(thread.loop(), thread, allocator);
    }

    /** A loop on one of a user's, who may shut it down at any time. */
    static NettyLoop onLoop(io.netty.channel.EventLoop netty, ByteBufAllocator allocator) {
        NettyLoop loop = new NettyLoop(netty, null, allocator);
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(loop.whenNettyShutsDown);
        }
        return loop;
    }

    io.netty.channel.EventLoop netty() {
        return netty;
    }

    LentBuffers lent() {
        return lent;
    }

    /** How many bytes the links have read and not handed on. */
    long heldBytes() {
        return links.stream().mapToLong(NettyLink::heldBytes).sum();
    }

    LingeringLinks lingering() {
        return lingering;
    }

    ReadBudget readBudget() {
        return readBudget;
    }

    /** Whether the loop takes no more links. */
    boolean stopping() {
        return stopRequested;
    }

    @Override
    public boolean inEventLoop() {
        return netty.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        requireInLoop();
        if (delayNanos < 0) {
            throw new IllegalArgumentException("delayNanos: " + delayNanos + " (expected: >= 0)");
        }
        requireNonNull(task, "task");
        Future<?> timer = netty.schedule(
                () -> TaskQueue.runSafely(task), Math.min(delayNanos, MAX_DELAY_NANOS), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public long nanoTime() {
        return netty.ticker().nanoTime();
    }

    /** Guards what is confined to the loop: called elsewhere it would corrupt silently. */
    void requireInLoop() {
        if (!netty.inEventLoop()) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + " (expected: on the link's loop)");
        }
    }

    /**
     * Runs a task of a link's own once the loop has been to the operating system again, which then has executed what it
     * was asked to before: NIO and io_uring close descriptors no sooner. On the loop.
     */
    void afterIo(Runnable task) {
        if (nettyEnds) {
            TaskQueue.runSafely(task);
            return;
        }
        try {
            // What is scheduled within I/O runs right after it; what is scheduled by a task waits for the next.
            netty.execute(() -> afterNextIo(task));
        } catch (RejectedExecutionException ended) {
            TaskQueue.runSafely(task);
        }
    }

    private void afterNextIo(Runnable task) {
        netty.schedule(() -> TaskQueue.runSafely(task), 0, TimeUnit.NANOSECONDS).addListener(done -> {
            // Netty cancels what is scheduled when it shuts a loop down.
            if (done.isCancelled()) {
                TaskQueue.runSafely(task);
            }
        });
    }

    /** Counts a link in: from now on it is aborted when the loop stops. */
    void opening(NettyLink link) {
        links.add(link);
    }

    /** Counts a link out, which has been told of its end. */
    void closed(NettyLink link) {
        links.remove(link);
        if (nettyEnds && links.isEmpty()) {
            ended.complete(true);
        }
    }

    /** Has the loop abort its links, and end if it has a thread of its own; from any thread, any number of times. */
    void stop() {
        stopRequested = true;
        try {
            netty.execute(this::beginStop);
        } catch (RejectedExecutionException hasEnded) {
            ended.complete(true);
        }
    }

    /** Waits until every link has been told of its end and, if the loop has a thread, for that. Not on the loop. */
    void awaitEnd() {
        ended.join();
        if (own != null) {
            own.awaitEnd();
        }
    }

    private void beginStop() {
        if (!stopping) {
            stopping = true;
            stopDeadline = nanoTime() + STOP_NANOS;
            schedule(LAST_LINGER_NANOS, lingering::expireAll);
            stopRound();
        }
    }

    private void stopRound() {
        List.copyOf(links).forEach(NettyLink::abort);
        if (nanoTime() - stopDeadline > 0) {
            finishStop();
        } else if (!links.isEmpty()) {
            afterIo(this::stopRound);
        } else if (!lingering.isEmpty()) {
            schedule(LOOK_NANOS, this::stopRound);
        } else if (!tasks.isEmpty() && stopRounds < STOP_ROUNDS && own != null) {
            stopRounds++;
            afterIo(this::stopRound);
        } else {
            finishStop();
        }
    }

    private void finishStop() {
        if (!links.isEmpty()) {
            LOG.log(ERROR, () -> "links that do not close: " + links.size() + "; they are left");
        }
        if (own != null) {
            tasks.stop();
            own.end();
        } else if (netty instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(whenNettyShutsDown);
        }
        ended.complete(true);
    }

    /** The user's loop ends, and may do so without closing our channels. It forgets what was scheduled, our pump as well. */
    private void endWithNetty() {
        stopRequested = true;
        nettyEnds = true;
        List.copyOf(links).forEach(NettyLink::abort);
        lingering.expireAll();
        tasks.stop();
        if (links.isEmpty()) {
            ended.complete(true);
        }
    }
}
