/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What the {@link Barrier} of a network's shutdown holds back of one connection that closes: all lanes that its policy does
 * not put before the most urgent one, for half of the time that the connection has, at most. For its policy that time does not pass, so that it divides
 * what is left. Loop only.
 */
final class HeldBack {
    /** The lane that comes first in every {@link io.softclose.net.spi.LanePlan}. */
    private static final int MOST_URGENT = 0;

    /** Between two questions to a policy whose time stands still. */
    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final PeerConnection connection;
    private final EventLoop loop;
    private final OutcomeBook book;
    private final Writer writer;
    private final Runnable work;

    private Barrier barrier = Barrier.NONE;
    private boolean standing;
    private boolean left;
    private long since;
    private long until;
    /** For how long it has been held back, once it is not any more. */
    private long held;

    HeldBack(PeerConnection connection, Parts parts) {
        this.connection = connection;
        loop = parts.loop();
        book = parts.book();
        writer = parts.writer();
        work = parts.work();
    }

    /** The network shuts down, perhaps once more with less time. */
    void join(Barrier joined, long deadlineAt) {
        long now = loop.nanoTime();
        long half = now + Math.max(0, deadlineAt - now) / 2;
        if (barrier == Barrier.NONE) {
            barrier = joined;
            standing = joined.stands();
            since = now;
            until = half;
            if (standing) {
                joined.whenLifted(this::goOn);
            }
        } else {
            until = Nanos.earliest(until, half);
        }
    }

    /** Has the connection go on, from any thread. */
    private void goOn() {
        try {
            loop.execute(work);
        } catch (RejectedExecutionException stopped) {
            // The loop ends its links, this one too.
        }
    }

    /** Whether something has changed that only the connection's work deals with. */
    boolean mayGoOn() {
        return standing && !barrier.stands();
    }

    /** Which of these lanes may start messages now: while it is held back, none behind the most urgent one. */
    List<Integer> mayStart(List<Integer> laneOrder) {
        int urgentAt = laneOrder.indexOf(MOST_URGENT);
        if (urgentAt < 0) {
            leave();
        }
        return look() ? laneOrder.subList(0, urgentAt + 1) : laneOrder;
    }

    /** Leaves the barrier once every urgent message has its outcome; says whether it is held back all the same. */
    boolean look() {
        if (!left && barrier != Barrier.NONE && book.pending(MOST_URGENT) == 0) {
            leave();
        }
        return stands(loop.nanoTime());
    }

    /** Leaves the barrier: the connection starts no urgent message any more. */
    void leave() {
        if (!left && barrier != Barrier.NONE) {
            left = true;
            barrier.leave(connection);
        }
    }

    /**
     * This long, or until it is held back no more, whichever is sooner. Meanwhile no time passes for the policy, so one that
     * wants to be asked in a moment would want so again and again.
     */
    Duration atMost(Duration askAgain) {
        long now = loop.nanoTime();
        if (!stands(now)) {
            return askAgain;
        }
        long longEnough = Math.max(Nanos.of(askAgain), LEAST_PAUSE_NANOS);
        return Duration.ofNanos(Math.min(longEnough, until - now));
    }

    /** For how long it has been held back until now. */
    long nanos(long now) {
        return stands(now) ? now - since : held;
    }

    /** Until when it wrote nothing because it was held back; if that was never so, this time. */
    long restedUntil(long now, long never) {
        if (barrier == Barrier.NONE) {
            return never;
        }
        if (stands(now)) {
            return writer.bytesOnTheWay() == 0 ? now : never;
        }
        return since + held;
    }

    private boolean stands(long now) {
        if (standing && (!barrier.stands() || now - until >= 0)) {
            standing = false;
            held = now - since;
        }
        return standing;
    }
}
