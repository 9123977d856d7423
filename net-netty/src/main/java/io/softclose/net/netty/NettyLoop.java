/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.ERROR;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.softclose.net.spi.EventLoop;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A loop of Netty's as a loop of links. One that has a thread of its own ends with it; one of a user's group goes on
 * without our links. {@link #turn} is everything that a loop does beside I/O and timers.
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
    /** How often a loop looks for what was left undone for want of memory. */
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The most that a loop which has ended tries to tell its links. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(20);

    // Final.
    private final io.netty.channel.EventLoop netty;
    private final @Nullable LoopThread own;
    private final TaskQueue tasks;
    private final @Nullable Future<?> beats;
    private final Runnable whenNettyShutsDown = this::endWithNetty;
    private final Runnable beat = this::beat;
    private final Runnable stopRound = this::stopRound;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    // Shared.
    private volatile boolean stopRequested;
    private volatile @Nullable Thread lastThread;

    // Confined to the loop.
    private final LentBuffers lent;
    private final Set<NettyLink> links = new HashSet<>();
    private final ChannelEnd.All endings;
    private final LingeringLinks lingering = new LingeringLinks();
    private final ReadBudget readBudget = new ReadBudget();
    private long nextBeat;
    private boolean stopping;
    private boolean stopped;
    private int stopRounds;
    private long stopBegan;

    private NettyLoop(io.netty.channel.EventLoop netty, @Nullable LoopThread own, ByteBufAllocator allocator) {
        this.netty = netty;
        this.own = own;
        lent = new LentBuffers(allocator);
        nextBeat = nanoTime() + BEAT_NANOS;
        if (own == null) {
            GivenTurns turns = new GivenTurns(netty, this);
            tasks = new TaskQueue(turns);
            beats = netty.scheduleAtFixedRate(turns::beat, BEAT_NANOS, BEAT_NANOS, TimeUnit.NANOSECONDS);
        } else {
            tasks = new TaskQueue(new OwnTurns(own));
            beats = null;
        }
        endings = new ChannelEnd.All(tasks::askAgain);
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(whenNettyShutsDown);
        }
    }

    /** A loop on a thread of its own. */
    static NettyLoop onThread(LoopThread thread, ByteBufAllocator allocator) {
        NettyLoop loop = new NettyLoop(thread.loop(), thread, allocator);
        var unused = thread.ended().thenRun(loop::threadEnded);
        thread.turns(loop.new WithIo());
        return loop;
    }

    /** A loop on one of a user's, who may shut it down at any time. */
    static NettyLoop onLoop(io.netty.channel.EventLoop netty, ByteBufAllocator allocator) {
        return new NettyLoop(netty, null, allocator);
    }

    /** The turns of a loop of ours: one with each of I/O, which waits for nothing while they are needed. */
    private record OwnTurns(LoopThread thread) implements TaskQueue.Turns {
        @Override
        public void soon() {
            thread.wakeUp();
        }

        @Override
        public void afterIo() {}
    }

    private final class WithIo implements GuardedIo.Turns {
        @Override
        public void beforeIo() {
            NettyLoop.this.beforeIo();
        }

        @Override
        public void afterIo() {
            turn(true, nanoTime() - nextBeat >= 0);
        }

        @Override
        public boolean mayWait() {
            return !turnIsDue();
        }

        @Override
        public long dueNanos() {
            return nextBeat;
        }
    }

    io.netty.channel.EventLoop netty() {
        return netty;
    }

    LentBuffers lent() {
        return lent;
    }

    LingeringLinks lingering() {
        return lingering;
    }

    ReadBudget readBudget() {
        return readBudget;
    }

    ChannelEnd.All endings() {
        return endings;
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
                try {
                    scheduled.cancel(false);
                } catch (RejectedExecutionException over) {
                    // With its loop.
                    scheduled = null;
                }
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

    /** Runs a step of a link's own as a task; never throws. On the loop. */
    void post(Runnable step) {
        tasks.post(step);
    }

    /**
     * Runs a step of a link's own once the loop has been to the operating system again, which then has executed what it
     * was asked to before: NIO and io_uring close descriptors no sooner. Never throws. On the loop.
     */
    void afterIo(Runnable step) {
        tasks.afterIo(step);
    }

    /** The loop is about to look at I/O. */
    void beforeIo() {
        tasks.beforeIo();
        endings.beforeIo();
    }

    /**
     * Tasks, the ends of links, and what is to be done about both. Never throws. On the loop.
     *
     * @param lookedAtIo whether there was I/O since {@link #beforeIo}
     * @param onBeat whether a second has passed since this was last so
     */
    void turn(boolean lookedAtIo, boolean onBeat) {
        if (lookedAtIo) {
            endings.turn(onBeat);
        }
        tasks.turn(lookedAtIo);
        if (onBeat) {
            nextBeat = nanoTime() + BEAT_NANOS;
            TaskQueue.runSafely(beat);
        }
        if (stopRequested && !stopped) {
            TaskQueue.runSafely(stopRound);
        }
        if (turnIsDue() || (stopping && !stopped)) {
            tasks.askAgain();
        }
    }

    /** When, at the latest, the next turn has something to do, as far as is known. */
    long nanosToTurn() {
        return turnIsDue() ? 0 : LOOK_NANOS;
    }

    /** Whether there is more to do than to wait. */
    private boolean turnIsDue() {
        return !tasks.isIdle()
                || endings.due()
                || (stopRequested && !stopping)
                || (stopping && !stopped && links.isEmpty() && lingering.isEmpty());
    }

    /** Looks for what was left undone for want of memory. */
    private void beat() {
        for (NettyLink link : links) {
            link.look();
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
        if (own != null) {
            own.wakeUp();
            return;
        }
        try {
            netty.execute(() -> turn(false, false));
        } catch (RejectedExecutionException hasEnded) {
            ended.complete(true);
        } catch (OutOfMemoryError later) {
            // With the next beat.
            Log.stepFailed(later);
        }
    }

    /** Waits, not for ever, until every link was told of its end and, if it has a thread, for that. Not on the loop. */
    boolean awaitEnd(long deadlineNanos) {
        return Waits.until(deadlineNanos, ended) && (own == null || own.awaitEnd(deadlineNanos));
    }

    private void stopRound() {
        if (!stopping) {
            stopping = true;
            stopBegan = nanoTime();
        }
        long nanos = nanoTime() - stopBegan;
        for (NettyLink link : links) {
            link.abort();
        }
        if (nanos > LAST_LINGER_NANOS) {
            lingering.expireAll();
        }
        if (nanos > STOP_NANOS) {
            finishStop();
        } else if (!links.isEmpty()) {
            return;
        } else if (!lingering.isEmpty()) {
            nextBeat = Math.min(nextBeat, nanoTime() + LOOK_NANOS);
        } else if (!tasks.isEmpty() && stopRounds < STOP_ROUNDS && own != null) {
            stopRounds++;
        } else {
            finishStop();
        }
    }

    private void finishStop() {
        if (!links.isEmpty()) {
            LOG.log(ERROR, () -> "links that do not close: " + links.size() + "; they are left");
        }
        if (beats != null) {
            beats.cancel(false);
        }
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(whenNettyShutsDown);
        }
        if (own != null) {
            tasks.stop();
            own.end();
        }
        stopped = true;
        ended.complete(true);
    }

    /** Netty's loop ends though nobody has stopped ours, and may do so without closing our channels. */
    private void endWithNetty() {
        stopRequested = true;
        long began = nanoTime();
        while (!toldLinks() && nanoTime() - began < LAST_WORDS_NANOS) {
            // What is missing may come back.
            LockSupport.parkNanos(LOOK_NANOS);
        }
        ended.complete(true);
    }

    private boolean toldLinks() {
        try {
            IOException cause = new IOException("the event loop of the link has ended");
            lingering.expireAll();
            while (!links.isEmpty()) {
                links.iterator().next().loopEnded(cause);
            }
            endings.forceAll();
            tasks.stop();
            return true;
        } catch (Throwable failed) {
            Log.stepFailed(failed);
            return false;
        }
    }

    /** The thread is about to end. Netty may not have come to say so, if the loop failed. */
    private void threadEnded() {
        lastThread = Thread.currentThread();
        if (!ended.isDone()) {
            endWithNetty();
        }
    }
}
