/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.TRACE;
import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread on one selector. A turn of it selects, tells what has left, serves what is ready, fires the timers that are
 * due, and runs tasks. Each of these is bounded in number and time, and so is each channel's part: nothing waits long for
 * its turn, whatever the others have to do. What a turn did not get to is first in the next one.
 */
final class NioLoop implements EventLoop {
    private static final System.Logger LOG = System.getLogger(NioLoop.class.getName());
    private static final int TASKS_PER_TURN = 256;
    /** How long a channel, the timers or the tasks may go on in one turn: what is slower than that leaves after one. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** How long all that is ready may take before timers and tasks have their turn. */
    private static final long SERVING_NANOS = 2 * SLICE_NANOS;

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
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
    private final Selector selector;
    private final Thread thread;
    private final int readBufferBytes;
    private final Consumer<SelectionKey> collect = this::collect;

    // Shared.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong tasksGiven = new AtomicLong();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicInteger outsiders = new AtomicInteger();
    private volatile boolean stopRequested;
    private volatile Phase phase = Phase.RUNNING;

    // Confined to the loop.
    private long tasksRun;
    private TimerQueue timers = new TimerQueue();
    private final DirectBufferPool pool;
    private final Lingerings lingerings;
    private final Queue<SelectionKey> ready = new ArrayDeque<>();
    private final Set<NioLink> links = new HashSet<>();
    private @Nullable Departing firstDeparting;
    private @Nullable Departing lastDeparting;
    private final ByteBuffer peekBuffer = ByteBuffer.allocateDirect(1);
    private @Nullable ByteBuffer readBuffer;

    /** A loop that owns this selector and has yet to be started. */
    NioLoop(Selector selector, String threadName, NioSettings settings) {
        this.selector = selector;
        thread = new Thread(this::run, threadName);
        readBufferBytes = settings.readBufferBytes();
        pool = new DirectBufferPool(settings.pooledBytes());
        lingerings = new Lingerings(this, settings.lingerNanos(), Lingerings.MOST);
    }

    void start() {
        thread.start();
    }

    /** Has the loop abort its links and end; from any thread, any number of times. */
    void stop() {
        stopRequested = true;
        selector.wakeup();
    }

    /** Gives up a loop that was never started. */
    void discard() throws IOException {
        phase = Phase.STOPPED;
        selector.close();
    }

    /** Whether the loop takes no more links. */
    boolean stopping() {
        return stopRequested || phase != Phase.RUNNING;
    }

    Thread thread() {
        return thread;
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(requireNonNull(task, "task"));
        tasksGiven.getAndIncrement();
        // The loop runs what it finds after it has said STOPPED; what it no longer finds must not count as accepted.
        if (phase == Phase.STOPPED && tasks.remove(task)) {
            throw new RejectedExecutionException(thread.getName() + " has stopped");
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
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

    /** Guards what is confined to the loop: called elsewhere it would corrupt silently. */
    void requireInLoop() {
        if (!inEventLoop()) {
            throw new IllegalStateException("called on "
                    + Thread.currentThread().getName() + " (expected: on " + thread.getName() + ", the link's loop)");
        }
    }

    DirectBufferPool pool() {
        return pool;
    }

    /** What is left of links that linger. */
    Lingerings lingerings() {
        return lingerings;
    }

    /** The buffer all links read into, one at a time; made when the first one reads. */
    ByteBuffer readBuffer() {
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

    SelectionKey register(SelectableChannel channel, int ops, Selectable selectable) throws ClosedChannelException {
        return channel.register(selector, ops, selectable);
    }

    /** Counts a link in: from now on it is aborted when the loop stops. */
    void opening(NioLink link) {
        links.add(link);
    }

    /** Counts a link out. */
    void closed(NioLink link) {
        links.remove(link);
    }

    /** Has what cancelled its key be told when the selector has let go of its channel. */
    void departing(Departing leaver) {
        if (lastDeparting == null) {
            firstDeparting = leaver;
        } else {
            lastDeparting.nextToLeave = leaver;
        }
        lastDeparting = leaver;
    }

    /**
     * Has the descriptors of the channels closed so far closed too; from any thread. Only a selection does that, so a
     * thread other than the loop's selects in its place: waiting for the loop to do it could wait for a loop that waits
     * for us.
     */
    void flushClosed() {
        try {
            if (inEventLoop()) {
                selector.selectNow(NioLoop::leaveReady);
                return;
            }
            outsiders.incrementAndGet();
            try {
                selector.wakeup();
                selector.selectNow(NioLoop::leaveReady);
            } finally {
                outsiders.decrementAndGet();
                // Ours may have swallowed a wakeup that was meant for the loop.
                selector.wakeup();
            }
        } catch (ClosedSelectorException stopped) {
            LOG.log(TRACE, "the loop has stopped, and closed every descriptor", stopped);
        } catch (IOException failed) {
            LOG.log(ERROR, "selection failed; descriptors may stay open until the next one", failed);
        }
    }

    private void run() {
        try {
            while (!stopRequested) {
                turn();
            }
        } catch (IOException | RuntimeException | Error broken) {
            LOG.log(ERROR, "the selector of " + thread.getName() + " failed; the loop ends", broken);
        } finally {
            terminate();
        }
    }

    private void turn() throws IOException {
        select();
        tellDeparted();
        serveReady();
        fireTimers();
        runTasks();
    }

    private void select() throws IOException {
        if (!ready.isEmpty()) {
            if (firstDeparting != null) {
                selector.selectNow(NioLoop::leaveReady);
            }
            return;
        }
        long nanos = timers.nanosToNext(nanoTime());
        if (nanos == 0 || firstDeparting != null || !tasks.isEmpty()) {
            selector.selectNow(collect);
            return;
        }
        // A selector does not sleep on an interrupted thread; a stray interrupt must not make it spin for ever.
        Thread.interrupted();
        // Whoever adds a task after this looks at the flag; whoever did before is seen by the check that follows.
        asleep.set(true);
        if (!tasks.isEmpty() || (stopRequested && phase == Phase.RUNNING) || outsiders.get() > 0) {
            selector.selectNow(collect);
        } else if (nanos == Long.MAX_VALUE) {
            selector.select(collect);
        } else {
            // Rounded up: waking before the deadline would spin through the rest of the millisecond.
            selector.select(collect, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        }
        asleep.set(false);
    }

    /** Keeps the ready keys for after the selection, during which nobody may select: a listener's closing has to. */
    private void collect(SelectionKey key) {
        ready.add(key);
    }

    /** Loses nothing: a channel that stays ready is selected again by the loop's next turn. */
    private static void leaveReady(SelectionKey key) {}

    private void serveReady() {
        SelectionKey key = ready.poll();
        if (key == null) {
            return;
        }
        long start = nanoTime();
        do {
            serve(key);
        } while (nanoTime() - start < SERVING_NANOS && (key = ready.poll()) != null);
    }

    /** Whether one that began then has had its part of the turn. */
    boolean sliceIsOver(long start) {
        return nanoTime() - start >= SLICE_NANOS;
    }

    private void serve(SelectionKey key) {
        try {
            ((Selectable) key.attachment()).onReady(key);
        } catch (Throwable failed) {
            LOG.log(ERROR, "serving a channel failed", failed);
        }
    }

    /** Tells those that a selection has let go of. */
    private void tellDeparted() {
        // What leaves during these callbacks waits for the next selection.
        Departing last = lastDeparting;
        for (Departing next = firstDeparting; next != null; next = firstDeparting) {
            firstDeparting = next.nextToLeave;
            next.nextToLeave = null;
            if (firstDeparting == null) {
                lastDeparting = null;
            }
            tellDeparted(next);
            if (next == last) {
                return;
            }
        }
    }

    private static void tellDeparted(Departing gone) {
        try {
            gone.departed();
        } catch (Throwable failed) {
            LOG.log(ERROR, "closing a channel failed", failed);
        }
    }

    private void fireTimers() {
        long now = nanoTime();
        for (Runnable task = timers.pollDue(now); task != null; task = timers.pollDue(now)) {
            runSafely(task);
            if (sliceIsOver(now)) {
                return;
            }
        }
    }

    /** Runs what was given before, but not all of it if that takes long. */
    private void runTasks() {
        // Not those that these give in turn: a link that writes on and on does so by such tasks. One at least: an Error
        // may
        // have struck between the giving of a task and its counting.
        long most = Math.max(1, Math.min(TASKS_PER_TURN, tasksGiven.get() - tasksRun));
        if (runTask()) {
            long start = nanoTime();
            for (long i = 1; i < most && !sliceIsOver(start); i++) {
                if (!runTask()) {
                    return;
                }
            }
        }
    }

    private boolean runTask() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        tasksRun++;
        runSafely(task);
        return true;
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            LOG.log(ERROR, "a task failed", failed);
        }
    }

    private void terminate() {
        phase = Phase.STOPPING;
        int rounds = 0;
        do {
            abortLinks();
            runTasks();
        } while ((!links.isEmpty() || !tasks.isEmpty()) && ++rounds < STOP_ROUNDS);
        phase = Phase.STOPPED;
        while (runTask()) {
            // Whoever gave it was not refused.
        }
        abortLinks();
        try {
            seeLingeringOff();
        } catch (IOException | RuntimeException | Error failed) {
            LOG.log(ERROR, "what lingers on " + thread.getName() + " is left to the system", failed);
        }
        try {
            selector.close();
        } catch (IOException failed) {
            LOG.log(ERROR, "closing the selector of " + thread.getName() + " failed", failed);
        }
    }

    /** Has nothing else to do: links, tasks and their timers are gone. */
    private void seeLingeringOff() throws IOException {
        timers = new TimerQueue();
        lingerings.hurry();
        while (!lingerings.isEmpty() || firstDeparting != null) {
            select();
            tellDeparted();
            serveReady();
            fireTimers();
        }
    }

    private void abortLinks() {
        for (NioLink link : List.copyOf(links)) {
            link.abort();
        }
        flushClosed();
        tellDeparted();
    }
}
