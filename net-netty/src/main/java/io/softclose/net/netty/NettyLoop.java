/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.softclose.net.spi.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
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
    private static final Log LOG = Log.of(NettyLoop.class);
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
    /** How often a loop looks for what could not be posted. */
    private static final long BEAT_SECONDS = 1;
    /** Room for tasks that could not be posted, when there is no memory for more. */
    private static final int PUT_OFF = 1024;

    // Final.
    private final io.netty.channel.EventLoop netty;
    private final @Nullable LoopThread own;
    private final TaskQueue tasks;
    private final Runnable whenNettyShutsDown = this::endWithNetty;
    private final Future<?> beats;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    // Shared.
    private volatile boolean stopRequested;
    private volatile @Nullable Thread lastThread;

    // Confined to the loop.
    private final LentBuffers lent;
    private final Set<NettyLink> links = new HashSet<>();
    private final LingeringLinks lingering = new LingeringLinks();
    private final ReadBudget readBudget = new ReadBudget();
    private final ArrayDeque<Runnable> putOff = new ArrayDeque<>(PUT_OFF);
    private boolean stopping;
    private int stopRounds;
    private long stopDeadline;
    private boolean nettyEnds;

    private NettyLoop(io.netty.channel.EventLoop netty, @Nullable LoopThread own, ByteBufAllocator allocator) {
        this.netty = netty;
        this.own = own;
        tasks = new TaskQueue(netty, this::scheduleNow);
        lent = new LentBuffers(allocator);
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(whenNettyShutsDown);
        }
        beats = netty.scheduleAtFixedRate(
                () -> TaskQueue.runSafely(this::beat), BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** A loop on a thread of its own. */
    static NettyLoop onThread(LoopThread thread, ByteBufAllocator allocator) {
        NettyLoop loop = new NettyLoop(thread.loop(), thread, allocator);
        var unused = thread.ended().thenRun(loop::threadEnded);
        return loop;
    }

    /** A loop on one of a user's, who may shut it down at any time. */
    static NettyLoop onLoop(io.netty.channel.EventLoop netty, ByteBufAllocator allocator) {
        return new NettyLoop(netty, null, allocator);
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
        return stopRequested || netty.isShuttingDown();
    }

    @Override
    public boolean inEventLoop() {
        return netty.inEventLoop() || Thread.currentThread() == lastThread;
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
        LoopTimer timer = new LoopTimer(requireNonNull(task, "task"));
        timer.scheduled =
                netty.schedule(() -> tasks.due(timer), Math.min(delayNanos, MAX_DELAY_NANOS), TimeUnit.NANOSECONDS);
        return timer;
    }

    /** Confined to the loop. */
    private static final class LoopTimer implements Timer, Runnable {
        private @Nullable Runnable task;
        private @Nullable Future<?> scheduled;

        LoopTimer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            Runnable now = task;
            task = null;
            if (now != null) {
                now.run();
            }
        }

        @Override
        public void cancel() {
            task = null;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }

    @Override
    public long nanoTime() {
        return netty.ticker().nanoTime();
    }

    /** Guards what is confined to the loop: called elsewhere it would corrupt silently. */
    void requireInLoop() {
        if (!inEventLoop()) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + " (expected: on the link's loop)");
        }
    }

    /**
     * Runs a step of a link's own as a task. Never throws: without memory for it the step is taken a little later, and on
     * a loop that has ended there is none to take. On the loop.
     */
    void post(Runnable step) {
        try {
            tasks.add(step);
        } catch (RejectedExecutionException over) {
            LOG.log(System.Logger.Level.DEBUG, () -> "a loop has ended", over);
        } catch (Throwable failed) {
            putOff(step, failed);
        }
    }

    /**
     * Runs a step of a link's own once the loop has been to the operating system again, which then has executed what it
     * was asked to before: NIO and io_uring close descriptors no sooner. Never throws. On the loop.
     */
    void afterIo(Runnable step) {
        if (nettyEnds) {
            TaskQueue.runSafely(step);
            return;
        }
        try {
            // What is scheduled within I/O runs right after it; what is scheduled by a task waits for the next.
            netty.execute(() -> afterNextIo(step));
        } catch (RejectedExecutionException over) {
            TaskQueue.runSafely(step);
        } catch (Throwable failed) {
            putOff(step, failed);
        }
    }

    private void afterNextIo(Runnable step) {
        try {
            netty.schedule(() -> TaskQueue.runSafely(step), 0, TimeUnit.NANOSECONDS)
                    .addListener(done -> {
                        // Netty cancels what is scheduled when it shuts a loop down.
                        if (done.isCancelled()) {
                            TaskQueue.runSafely(step);
                        }
                    });
        } catch (Throwable failed) {
            putOff(step, failed);
        }
    }

    private void scheduleNow(Runnable pump) {
        var unused = netty.schedule(pump, 0, TimeUnit.NANOSECONDS);
    }

    private void putOff(Runnable step, Throwable failure) {
        putOff.add(step);
        LOG.log(ERROR, () -> "a step of a link has to wait", failure);
    }

    private void beat() {
        tasks.resume();
        for (int i = putOff.size(); i > 0; i--) {
            TaskQueue.runSafely(putOff.remove());
        }
    }

    /** Counts a link in: from now on it is aborted when the loop stops. */
    void opening(NettyLink link) {
        links.add(link);
    }

    /** Counts a link out, which has been told of its end. */
    void closed(NettyLink link) {
        links.remove(link);
    }

    /** Has the loop abort its links, and end if it has a thread of its own; from any thread, any number of times. */
    void stop() {
        stopRequested = true;
        try {
            netty.execute(this::beginStop);
        } catch (RejectedExecutionException hasEnded) {
            ended.complete(true);
        } catch (Throwable noMemory) {
            LOG.log(ERROR, () -> "a loop cannot be told to stop; it is ended", noMemory);
            if (own == null) {
                ended.complete(true);
            } else {
                own.end();
            }
        }
    }

    /** Waits, not for ever, until every link was told of its end and, if it has a thread, for that. Not on the loop. */
    boolean awaitEnd(long deadlineNanos) {
        return Waits.until(deadlineNanos, ended) && (own == null || own.awaitEnd(deadlineNanos));
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
        beats.cancel(false);
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(whenNettyShutsDown);
        }
        if (own != null) {
            tasks.stop();
            own.end();
        }
        ended.complete(true);
    }

    /**
     * Netty's loop ends though nobody has stopped ours, and may do so without closing our channels. It forgets what was
     * scheduled, our pump as well.
     */
    private void endWithNetty() {
        stopRequested = true;
        nettyEnds = true;
        IOException cause = new IOException("the event loop of the link has ended");
        lingering.expireAll();
        List.copyOf(links).forEach(link -> link.loopEnded(cause));
        tasks.stop();
        ended.complete(true);
    }

    /** The thread is about to end. Netty may not have come to say so, if the loop failed. */
    private void threadEnded() {
        lastThread = Thread.currentThread();
        if (!ended.isDone()) {
            endWithNetty();
        }
    }
}
