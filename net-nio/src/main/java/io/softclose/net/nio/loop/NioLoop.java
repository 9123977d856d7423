/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.TRACE;
import static java.util.Objects.requireNonNull;

import io.softclose.net.nio.base.DirectBufferPool;
import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.SafeLogger;
import io.softclose.net.nio.base.Selectable;
import io.softclose.net.nio.base.TimerQueue;
import io.softclose.net.spi.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread on one selector. A turn of it selects, tells what has left, serves what is ready, fires the timers that are
 * due, and runs tasks. Each of these is bounded in number and time, and so is each channel's part: nothing waits long for
 * its turn, whatever the others have to do. What a turn did not get to is first in the next one.
 *
 * <p>What a turn throws ends nothing. A selector that breaks is replaced; only if that fails again and again, the loop
 * ends, with its links, and says so.
 */
public final class NioLoop implements EventLoop {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    /** How long a channel, the timers or the tasks may go on in one turn: what is slower than that leaves after one. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** How long all that is ready may take before timers and tasks have their turn. */
    private static final long SERVING_NANOS = 2 * SLICE_NANOS;

    /** How often a stopping loop runs what its links' last callbacks asked for before it refuses more. */
    private static final int STOP_ROUNDS = 64;

    /** A loop's life; it only goes forward, and only the loop moves it. */
    private enum Phase {
        /** Takes tasks and serves channels. */
        RUNNING,
        /** Aborts its links; tasks are still taken and run. */
        STOPPING,
        /** Takes no more tasks; those it took are run. */
        STOPPED
    }

    // Final.
    private final LoopSelector selector;
    private final Thread thread;
    private final int readBufferBytes;
    private final Consumer<NioLoop> whenBroken;
    private final BooleanSupplier busy = this::busy;

    // Shared.
    private final LoopTasks tasks = new LoopTasks();
    private volatile boolean stopRequested;
    private volatile Phase phase = Phase.RUNNING;
    private volatile @Nullable Throwable failure;

    // Confined to the loop.
    private final LoopFailures failures = new LoopFailures();
    private TimerQueue timers = new TimerQueue();
    private final DirectBufferPool pool;
    private final LoopLinks links;
    private final ByteBuffer peekBuffer = ByteBuffer.allocateDirect(1);
    private @Nullable ByteBuffer readBuffer;

    /**
     * A loop that has yet to be started.
     *
     * @param selectors where its selector comes from, and another if that breaks
     * @param whenBroken told, on the loop, if it has to end before it is stopped
     */
    public NioLoop(LoopSelector.Source selectors, String threadName, NioSettings settings, Consumer<NioLoop> whenBroken)
            throws IOException {
        this.whenBroken = whenBroken;
        thread = new Thread(this::run, threadName);
        // Whatever thread makes it: links and listeners are to keep the JVM running.
        thread.setDaemon(false);
        readBufferBytes = settings.readBufferBytes();
        pool = new DirectBufferPool(settings.pooledBytes());
        links = new LoopLinks(this, failures, settings);
        // Last: nobody would close it if anything failed behind it.
        selector = new LoopSelector(selectors);
    }

    public void start() {
        thread.start();
    }

    /** Has the loop abort its links and end; from any thread, any number of times. */
    public void stop() {
        stopRequested = true;
        selector.wake();
    }

    /** Gives the loop up if it was never started. */
    public void discard() {
        if (thread.getState() == Thread.State.NEW) {
            phase = Phase.STOPPED;
            selector.close();
        }
    }

    /** Whether the loop takes no more links. */
    public boolean stopping() {
        return stopRequested || phase != Phase.RUNNING;
    }

    /** What made the loop end before it was stopped; null if nothing did. */
    @Nullable
    public Throwable failure() {
        return failure;
    }

    public Thread thread() {
        return thread;
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        tasks.give(requireNonNull(task, "task"));
        // The loop runs what it finds after it has said STOPPED; what it no longer finds must not count as accepted.
        if (phase == Phase.STOPPED && tasks.takeBack(task)) {
            throw new RejectedExecutionException(thread.getName() + " has stopped", failure);
        }
        selector.wakeIfAsleep();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        requireInLoop();
        if (delayNanos < 0) {
            throw new IllegalArgumentException("delayNanos: " + delayNanos + " (expected: >= 0)");
        }
        return timers.schedule(nanoTime(), delayNanos, requireNonNull(task, "task"));
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    public DirectBufferPool pool() {
        return pool;
    }

    /** The links on this loop, and what is left of those that linger. */
    public LoopLinks links() {
        return links;
    }

    /** The buffer all links read into, one at a time; made when the first one reads. */
    public ByteBuffer readBuffer() {
        ByteBuffer buffer = readBuffer;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(readBufferBytes);
            readBuffer = buffer;
        }
        return buffer;
    }

    /** A buffer of one byte, to see whether there is one. */
    ByteBuffer peekBuffer() {
        return peekBuffer;
    }

    /** Has a channel watched for someone; from now on, if it was watched for somebody else. */
    public Registration register(SelectableChannel channel, int operations, Selectable target) throws IOException {
        return selector.register(channel, operations, target);
    }

    /** How many channels are watched. */
    public int watched() {
        return selector.watched();
    }

    /** Has the descriptors of the channels closed so far closed too; from any thread. Only a selection does that. */
    public void flushClosed() {
        if (!inEventLoop()) {
            selector.letGoFromOutside();
            return;
        }
        try {
            selector.letGo();
        } catch (ClosedSelectorException gone) {
            LOG.log(TRACE, "the selector is closed, and so are the descriptors", gone);
        } catch (IOException failed) {
            LOG.log(ERROR, "selection failed; descriptors may stay open until the next one", failed);
        }
    }

    /** Whether one that began then has had its part of the turn. */
    public boolean sliceIsOver(long start) {
        return nanoTime() - start >= SLICE_NANOS;
    }

    private void run() {
        while (!stopRequested && failure == null) {
            try {
                guardedTurn();
            } catch (Throwable unsaid) {
                // Even a line in the log may need memory, if only to be said for the first time.
                failures.rest();
            }
        }
        terminate();
    }

    /** Everything that a turn calls is guarded: what it throws of itself is the selector's, or an Error. */
    private void guardedTurn() {
        if (failures.selectorIsBroken()) {
            failure = failures.replace(selector);
            return;
        }
        try {
            turn();
            failures.none();
        } catch (IOException | RuntimeException broken) {
            failure = failures.selectorBroke(broken);
        } catch (Throwable failed) {
            LOG.log(ERROR, "a turn of an event loop failed; it goes on", failed);
            failures.rest();
        }
    }

    private void turn() throws IOException {
        select();
        links.departures().tell();
        serveReady();
        fireTimers();
        tasks.runSome(this);
    }

    private void select() throws IOException {
        if (selector.hasReady()) {
            if (!links.departures().isEmpty()) {
                selector.letGo();
            }
            return;
        }
        selector.select(busy() ? 0 : timers.nanosToNext(nanoTime()), busy);
    }

    /** Whether there is something to do at once. */
    private boolean busy() {
        return !links.departures().isEmpty() || !tasks.isEmpty() || (stopRequested && phase == Phase.RUNNING);
    }

    private void serveReady() {
        Registration next = selector.nextReady();
        if (next == null) {
            return;
        }
        long start = nanoTime();
        do {
            serve(next);
        } while (nanoTime() - start < SERVING_NANOS && (next = selector.nextReady()) != null);
    }

    private static void serve(Registration selected) {
        try {
            selected.ready();
        } catch (Throwable failed) {
            LOG.log(ERROR, "serving a channel failed", failed);
        }
    }

    private void fireTimers() {
        long now = nanoTime();
        for (Runnable task = timers.pollDue(now); task != null; task = timers.pollDue(now)) {
            LoopTasks.runSafely(task);
            if (sliceIsOver(now)) {
                return;
            }
        }
    }

    private void terminate() {
        phase = Phase.STOPPING;
        if (failure != null) {
            // First: what is registered with no selector is closed at once.
            selector.close();
            tellBroken(failure);
        }
        for (int round = 0; round < STOP_ROUNDS; round++) {
            links.end(failure);
            tasks.runSome(this);
            if (links.isEmpty() && tasks.isEmpty()) {
                break;
            }
        }
        phase = Phase.STOPPED;
        while (tasks.runNext()) {
            // Whoever gave it was not refused.
        }
        links.end(failure);
        seeLingeringOff();
        selector.close();
    }

    private void tellBroken(Throwable cause) {
        LOG.log(ERROR, "an event loop ends: its selector broke for good; its links are lost", cause);
        try {
            whenBroken.accept(this);
        } catch (Throwable failed) {
            LOG.log(ERROR, "moving what a loop had to others failed", failed);
        }
    }

    /** Has nothing else to do: links, tasks and their timers are gone. */
    private void seeLingeringOff() {
        try {
            timers = new TimerQueue();
            if (failure == null) {
                links.lingerings().hurry();
                while (links.anyLinger()) {
                    select();
                    links.departures().tell();
                    serveReady();
                    fireTimers();
                }
            }
        } catch (Throwable failed) {
            LOG.log(ERROR, "what lingered cannot be seen off; it is ended", failed);
        }
        for (int round = 0; round < STOP_ROUNDS && links.anyLinger(); round++) {
            links.endLingering();
        }
    }
}
