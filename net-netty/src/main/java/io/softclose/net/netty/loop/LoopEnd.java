/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.lang.System.Logger.Level.ERROR;

import io.softclose.net.netty.base.Log;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How a loop of links ends. Either it is {@linkplain #request asked to}: then its links are aborted, those that linger
 * have a little time, and it runs its last tasks. Or Netty's loop ends {@linkplain #atOnce under it}. Either way it is
 * over only when every link was told of its end, even one that the last of the tasks opened. Confined to the loop,
 * apart from what says otherwise.
 */
final class LoopEnd {
    private static final Log LOG = Log.ofModule();
    /** How often a stopping loop runs what its links' last callbacks asked for before it refuses more. */
    private static final int MOST_ROUNDS = 64;
    /** How long links may take to close: a system that keeps a socket must not keep whoever closes the transport. */
    private static final long ABORT_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How much longer links may linger whose loop stops. */
    private static final long LAST_LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often a stopping loop looks whether they have. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** The most that a loop tries to tell its links once it can do nothing else: what is missing may come back. */
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(20);

    // Final.
    private final LongSupplier clock;
    private final LoopLinks links;
    private final TaskQueue tasks;
    private final boolean ownThread;
    private final Runnable whenOver;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    // Shared.
    private volatile boolean requested;

    // Confined to the loop.
    private boolean begun;
    private long began;
    private int rounds;
    private boolean gaveUp;
    private long nextLook = Long.MAX_VALUE;

    /**
     * The end of one loop.
     *
     * @param ownThread whether tasks end with it; those of a user's loop go on
     * @param whenOver run once the loop has been stopped; may throw, and is run again then
     */
    LoopEnd(LongSupplier clock, LoopLinks links, TaskQueue tasks, boolean ownThread, Runnable whenOver) {
        this.clock = clock;
        this.links = links;
        this.tasks = tasks;
        this.ownThread = ownThread;
        this.whenOver = whenOver;
    }

    /** Has {@link #round} be taken with each turn; from any thread, any number of times. */
    void request() {
        requested = true;
    }

    /** Whether it was asked for, or has come; from any thread. */
    boolean requested() {
        return requested;
    }

    /** Whether there are rounds to take. */
    boolean underWay() {
        return requested && !over.isDone();
    }

    /** Whether a round is to be taken soon, whatever I/O brings. */
    boolean due() {
        return underWay() && (!begun || links.isEmpty());
    }

    /** When the next round is to be taken at the latest, by the loop's clock. */
    long dueNanos() {
        return nextLook;
    }

    /** Completes when every link was told; from any thread. */
    CompletableFuture<Boolean> over() {
        return over;
    }

    /** Goes on as far as it can. */
    void round() {
        long now = clock.getAsLong();
        if (!begun) {
            begun = true;
            began = now;
        }
        long nanos = now - began;
        nextLook = Long.MAX_VALUE;
        links.abortAll();
        if (nanos > LAST_LINGER_NANOS) {
            links.lingering().expireAll();
        }
        if (nanos > ABORT_NANOS) {
            giveUp(nanos);
        } else if (links.untold() > 0) {
            return;
        } else if (!links.lingering().isEmpty()) {
            nextLook = now + LOOK_NANOS;
        } else if (!tasks.isEmpty() && rounds < MOST_ROUNDS && ownThread) {
            rounds++;
        } else if (!ownThread || endedAll(true)) {
            finish();
        }
    }

    private void giveUp(long nanos) {
        if (!gaveUp && links.untold() > 0) {
            gaveUp = true;
            LOG.log(ERROR, () -> "links that do not close: " + links.untold() + "; they are closed by force");
        }
        if (endedAll(ownThread) || nanos > ABORT_NANOS + TELL_NANOS) {
            finish();
        }
    }

    private void finish() {
        whenOver.run();
        over.complete(true);
    }

    /** Netty's loop ends, and may do so without closing our channels. Never throws. */
    void atOnce() {
        if (over.isDone()) {
            return;
        }
        requested = true;
        long start = clock.getAsLong();
        while (!endedAll(true) && clock.getAsLong() - start < TELL_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        over.complete(true);
    }

    /** Ends what is left: the last tasks may open a link, and the last links give no more tasks. */
    private boolean endedAll(boolean tasksToo) {
        try {
            IOException cause = new IOException("the event loop of the link has ended");
            do {
                links.endAll(cause);
                if (tasksToo) {
                    tasks.stop();
                }
            } while (links.untold() > 0);
            return true;
        } catch (Throwable failed) {
            Log.stepFailed(failed);
            return false;
        }
    }

    /** Netty's loop has ended before it could be asked to; from any thread. */
    void hadEnded() {
        over.complete(true);
    }
}
