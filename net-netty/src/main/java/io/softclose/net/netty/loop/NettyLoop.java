/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.base.Waits;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Require;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A loop of Netty's as a loop of links. One that has a thread of its own ends with it; one of a user's group goes on
 * without our links. {@link #turn} is everything that a loop does beside I/O and timers.
 */
public final class NettyLoop implements EventLoop {
    /** The longest delay: far enough for anybody, and not so far that a clock's difference overflows. */
    private static final long MAX_DELAY_NANOS = Long.MAX_VALUE / 4;
    /** How often a loop looks for what was left undone for want of memory. */
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    // Final.
    private final io.netty.channel.EventLoop netty;
    private final @Nullable LoopThread own;
    private final TaskQueue.Turns turns;
    private final TaskQueue tasks;
    private final LoopLinks links;
    private final LoopEnd end;
    private final Runnable whenNettyShutsDown;
    private final Runnable beat;
    private final Runnable endRound;

    // Shared.
    private volatile @Nullable Thread lastThread;

    // Confined to the loop.
    private final LentBuffers lent;
    private final InputTurns inputTurns;
    private long nextBeat;

    /** Nobody knows of it until it {@linkplain #begin begins}. */
    private NettyLoop(io.netty.channel.EventLoop netty, @Nullable LoopThread own, ByteBufAllocator allocator) {
        this.netty = netty;
        this.own = own;
        lent = new LentBuffers(allocator);
        nextBeat = nanoTime() + BEAT_NANOS;
        turns = own == null ? new GivenTurns(netty, this) : new OwnTurns(own, this);
        tasks = new TaskQueue(turns);
        links = new LoopLinks(tasks::askAgain);
        inputTurns = new InputTurns(tasks::askAgain);
        end = new LoopEnd(this::nanoTime, links, tasks, own != null, this::over);
        whenNettyShutsDown = end::atOnce;
        beat = links::look;
        endRound = end::round;
    }

    /** A loop on a thread of its own, which ends with it, or if there can be none. */
    static NettyLoop onThread(LoopThread thread, ByteBufAllocator allocator) {
        try {
            NettyLoop loop = new NettyLoop(thread.loop(), thread, allocator);
            loop.begin();
            return loop;
        } catch (Throwable failed) {
            thread.end();
            throw failed;
        }
    }

    /** A loop on one of a user's, who may shut it down at any time. */
    static NettyLoop onLoop(io.netty.channel.EventLoop netty, ByteBufAllocator allocator) {
        NettyLoop loop = new NettyLoop(netty, null, allocator);
        try {
            loop.begin();
            return loop;
        } catch (Throwable failed) {
            loop.turns.end();
            throw failed;
        }
    }

    private void begin() {
        turns.begin();
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(whenNettyShutsDown);
        }
    }

    /** It was stopped. */
    private void over() {
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(whenNettyShutsDown);
        }
        turns.end();
    }

    /** The turns of a loop of ours: one with each of I/O, which waits for nothing while they are needed. */
    private record OwnTurns(LoopThread thread, NettyLoop loop) implements TaskQueue.Turns {
        @Override
        public void begin() {
            var unused = thread.ended().thenRun(loop::threadEnded);
            thread.turns(loop.new WithIo());
        }

        @Override
        public void soon() {
            thread.wakeUp();
        }

        @Override
        public void afterIo() {}

        @Override
        public void end() {
            thread.end();
        }
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
            return Math.min(nextBeat, end.dueNanos());
        }
    }

    public io.netty.channel.EventLoop netty() {
        return netty;
    }

    public LentBuffers lent() {
        return lent;
    }

    /** The links of this loop. */
    public LoopLinks links() {
        return links;
    }

    /** Whose turn it is to hand on what has arrived. */
    public InputTurns inputTurns() {
        return inputTurns;
    }

    /** Whether the loop takes no more links. */
    public boolean stopping() {
        return end.requested() || netty.isShuttingDown();
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
        Require.notNegative("delayNanos", delayNanos);
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
                    // The timer was cancelled with its loop.
                    scheduled = null;
                }
            }
        }
    }

    @Override
    public long nanoTime() {
        return netty.ticker().nanoTime();
    }

    /** Runs a step of a link's own as a task; never throws. On the loop. */
    public void post(Runnable step) {
        tasks.post(step);
    }

    /**
     * Runs a step of a link's own once the loop has been to the operating system again, which then has executed what it
     * was asked to before: NIO and io_uring close descriptors no sooner. Never throws. On the loop.
     */
    public void afterIo(Runnable step) {
        tasks.afterIo(step);
    }

    /** The loop is about to look at I/O. */
    void beforeIo() {
        tasks.beforeIo();
        links.endings().beforeIo();
    }

    /**
     * Input that is held, tasks, the ends of links, and what is to be done about these. Never throws. On the loop.
     *
     * @param lookedAtIo whether there was I/O since {@link #beforeIo}
     * @param onBeat whether a second has passed since this was last so
     */
    void turn(boolean lookedAtIo, boolean onBeat) {
        if (lookedAtIo) {
            links.endings().turn(onBeat);
        }
        inputTurns.turn();
        tasks.turn(lookedAtIo);
        if (onBeat) {
            nextBeat = nanoTime() + BEAT_NANOS;
            TaskQueue.runSafely(beat);
        }
        if (end.underWay()) {
            TaskQueue.runSafely(endRound);
        }
        if (turnIsDue() || end.underWay()) {
            tasks.askAgain();
        }
    }

    /** When, at the latest, the next turn has something to do, as far as is known. */
    long nanosToTurn() {
        return turnIsDue() ? 0 : LoopEnd.LOOK_NANOS;
    }

    /** Whether there is more to do than to wait. */
    private boolean turnIsDue() {
        return !tasks.isIdle() || !inputTurns.isEmpty() || links.endings().due() || end.due();
    }

    /** Has the loop abort its links, and end if it has a thread of its own; from any thread, any number of times. */
    void stop() {
        end.request();
        if (own != null) {
            own.wakeUp();
            return;
        }
        try {
            netty.execute(() -> turn(false, false));
        } catch (RejectedExecutionException hasEnded) {
            end.hadEnded();
        } catch (OutOfMemoryError later) {
            // The next beat takes it up.
            Log.stepFailed(later);
        }
    }

    /** Waits, not for ever, until every link was told of its end and, if it has a thread, for that. Not on the loop. */
    boolean awaitEnd(long deadlineNanos) {
        return Waits.until(deadlineNanos, end.over()) && (own == null || own.awaitEnd(deadlineNanos));
    }

    /** The thread is about to end. Netty may not have come to say so, if the loop failed. */
    private void threadEnded() {
        lastThread = Thread.currentThread();
        end.atOnce();
    }
}
