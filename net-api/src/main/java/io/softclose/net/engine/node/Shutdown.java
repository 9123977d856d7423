/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static java.util.Objects.requireNonNull;

import io.softclose.net.PeerReport;
import io.softclose.net.ShutdownReport;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.OffLoopFuture;
import io.softclose.net.engine.connection.Barrier;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.log.Log;
import io.softclose.net.spi.EventLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of one network: closes the ways in, then every connection, all by one deadline, then the transport if that is
 * the network's, and tells what became of it. Whoever opens something says so first, for this makes what the end will
 * need when the network begins. Thread-safe.
 */
final class Shutdown {
    /** How often it tries to make its report while there is no memory for it, and how long it waits in between. */
    private static final int MOST_TRIES = 100;

    /** How long an exit waits beyond the budget, in which the application hears of the last reports. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NetworkSettings settings;
    private final Roster roster;
    /** Closes what lets connections in, and is called once for each order to shut down. */
    private final Runnable entrances;

    private final Supplier<List<PeerReport>> last;
    private final ThreadFactory threads;
    private final ExitHook.Hooks hooks;

    // Guarded by this, which is never held while calling what is not ours.
    private final Object lock = new Object();
    private @Nullable Long started;
    private boolean finishing;
    /** Closes the transport, if that is the network's to do; there once something was to be opened. */
    private @Nullable LastThread lastThread;
    /** There once something was to be opened, if the network is to shut down at exit. */
    private @Nullable ExitHook exitHook;

    private final CompletableFuture<ShutdownReport> ended = new OffLoopFuture<>();

    /**
     * The end of a network that has not come.
     *
     * @param roster of the connections to be closed
     * @param entrances closes what lets connections in; may be called again
     * @param last closes what is left in the end, and tells what waited for peers
     * @param threads makes the thread that closes the transport
     * @param hooks where it registers to be begun at exit, if it is to be
     */
    Shutdown(
            NetworkSettings settings,
            Roster roster,
            Runnable entrances,
            Supplier<List<PeerReport>> last,
            ThreadFactory threads,
            ExitHook.Hooks hooks) {
        this.settings = settings;
        this.roster = roster;
        this.entrances = entrances;
        this.last = last;
        this.threads = threads;
        this.hooks = hooks;
    }

    /** Something is to be opened: first makes what closing it will need, which may not be available by then. */
    void prepare() {
        synchronized (lock) {
            if (roster.isShut()) {
                return;
            }
            if (settings.ways().ownsTransport() && lastThread == null) {
                lastThread = new LastThread(threads, this::end);
            }
            Duration budget = settings.atClose().exitBudget().orElse(null);
            if (budget != null && exitHook == null) {
                exitHook = new ExitHook(hooks, () -> atExit(budget));
            }
        }
    }

    private void atExit(Duration budget) {
        ShutdownWait.await(within(budget).toCompletableFuture(), budget.plus(TELLING));
    }

    /** Begins it, or gives it less time than it had; a copy of the stage that tells of its end. */
    CompletionStage<ShutdownReport> within(Duration budget) {
        // The budget is for all of it, on the loops' clocks: they are read before what takes time.
        IdentityHashMap<EventLoop, Long> deadlines = new IdentityHashMap<>();
        setDeadlines(roster.connections(), budget, deadlines);
        if (begins()) {
            announce(budget);
        }
        Barrier barrier = roster.shut();
        List<PeerConnection> connections = roster.connections();
        setDeadlines(connections, budget, deadlines);
        entrances.run();
        closeAll(connections, deadlines, lanes() > 1 ? barrier : Barrier.NONE);
        endIfDeserted();
        return ended.copy();
    }

    /** Whether it has not begun before. */
    private boolean begins() {
        long now = System.nanoTime();
        synchronized (lock) {
            boolean first = started == null;
            if (first) {
                started = now;
            }
            return first;
        }
    }

    private static void setDeadlines(
            List<PeerConnection> connections, Duration budget, IdentityHashMap<EventLoop, Long> deadlines) {
        for (PeerConnection connection : connections) {
            deadlines.computeIfAbsent(connection.loop(), loop -> loop.nanoTime() + Nanos.of(budget));
        }
    }

    private void announce(Duration budget) {
        try {
            settings.events().shuttingDown(budget);
        } catch (Throwable failure) {
            Log.thrown(Level.ERROR, settings.self().peerId(), "shuttingDown() threw", failure);
        }
    }

    /** Of one lane no message goes before another connection's. */
    private int lanes() {
        return settings.atClose().lanes().lanes().size();
    }

    /** Closes every connection even if one cannot be told to; then throws why, so that the caller may try again. */
    private static void closeAll(
            List<PeerConnection> connections, IdentityHashMap<EventLoop, Long> deadlines, Barrier barrier) {
        @Nullable Error failure = null;
        for (PeerConnection connection : connections) {
            try {
                long deadlineAt = requireNonNull(deadlines.get(connection.loop()), "deadline");
                connection.shutDown(deadlineAt, barrier);
            } catch (RuntimeException thrown) {
                Log.thrown(Level.ERROR, connection, "cannot be closed", thrown);
            } catch (Error thrown) {
                failure = failure == null ? thrown : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Ends it once the last connection has told its end: off the loops, which a transport that is closed waits for. May be
     * called again, and before it has begun.
     */
    void endIfDeserted() {
        LastThread last;
        synchronized (lock) {
            if (finishing || !roster.isDeserted()) {
                return;
            }
            finishing = true;
            last = lastThread;
        }
        if (last == null) {
            end();
        } else {
            last.due();
        }
    }

    private void end() {
        List<PeerReport> peers = last.get();
        if (settings.ways().ownsTransport()) {
            try {
                settings.transport().close();
            } catch (Throwable failure) {
                Log.thrown(Level.WARNING, settings.transport(), "close() threw", failure);
            }
        }
        removeExitHook();
        complete(peers);
    }

    private void removeExitHook() {
        ExitHook done;
        synchronized (lock) {
            done = exitHook;
            exitHook = null;
        }
        if (done != null) {
            done.remove();
        }
    }

    /** Nobody else will, so it is tried again if memory is short. */
    private void complete(List<PeerReport> peers) {
        for (int tries = 1; !ended.isDone(); tries++) {
            try {
                ended.complete(report(peers));
            } catch (Throwable failure) {
                if (tries == MOST_TRIES) {
                    ended.completeExceptionally(failure);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private ShutdownReport report(List<PeerReport> peers) {
        synchronized (lock) {
            return new ShutdownReport(
                    Duration.ofNanos(System.nanoTime() - requireNonNull(started, "started")),
                    roster.reports(),
                    roster.unhandled(),
                    peers);
        }
    }
}
