/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.Account;
import io.softclose.net.ConnectionState;
import io.softclose.net.ConnectionStats;
import io.softclose.net.ConnectionStats.Flow;
import io.softclose.net.ConnectionStats.Probes;
import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.LaneAccount;
import io.softclose.net.engine.loop.Turn;
import io.softclose.net.engine.loop.Visits;
import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.rpc.Exchanges;
import io.softclose.net.engine.stream.Inbound;
import io.softclose.net.engine.stream.Intake;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A connection's figures for whoever watches it. Others count them as they go; once in each of the loop's {@link Visits} they are
 * published here, by plain stores, so that nobody who reads them asks the loop.
 */
final class Tally implements Visits.Counter {
    private static final long NEVER = Long.MIN_VALUE;

    /** What is published; times are on the loop's clock. */
    private enum Figure {
        BYTES_IN,
        FRAMES_IN,
        BYTES_OUT,
        FRAMES_OUT,
        ANSWERED_AHEAD,
        HEARD_AT,
        RELIEVED_AT,
        /** Since when the peer takes nothing of what waits; {@link Tally#NEVER} if nothing does. */
        STALLED_SINCE,
        /** Since when something has waited; {@link Tally#NEVER} if nothing does. */
        BLOCKED_SINCE,
        /** For how long something waited, before that. */
        BLOCKED,
        /** 1 while the loop is to try to write, for whoever watches. */
        TRY
    }

    private final EventLoop loop;
    private final Inbound inbound;
    private final Intake intake;
    private final Writer writer;
    private final Exchanges exchanges;
    private final Outbox outbox;
    private final OutcomeBook book;
    private final StateCell state;
    private final Turn work;

    // Written by the loop, but for TRY, and read by any thread.
    private final AtomicLongArray figures = new AtomicLongArray(Figure.values().length);

    Tally(Parts parts, Inbound inbound) {
        loop = parts.loop();
        this.inbound = inbound;
        intake = parts.intake();
        writer = parts.writer();
        exchanges = parts.exchanges();
        outbox = parts.outbox();
        book = parts.book();
        state = parts.state();
        work = parts.work();
        set(Figure.HEARD_AT, loop.nanoTime());
        set(Figure.BLOCKED_SINCE, NEVER);
        publish();
    }

    /** Bytes of the peer's have come. Loop only. */
    @Override
    public void heard(int bytes) {
        set(Figure.BYTES_IN, mine(Figure.BYTES_IN) + bytes);
        set(Figure.HEARD_AT, loop.nanoTime());
    }

    /** Publishes what has been counted. Loop only. */
    @Override
    public void publish() {
        set(Figure.FRAMES_IN, inbound.frames());
        set(Figure.BYTES_OUT, writer.flushedBytes());
        set(Figure.FRAMES_OUT, writer.framesWritten());
        set(Figure.RELIEVED_AT, writer.lastRelief());
        set(Figure.ANSWERED_AHEAD, exchanges.answeredAhead());
        boolean waits = writer.bytesOnTheWay() > 0;
        set(Figure.STALLED_SINCE, waits ? writer.waitingSince() : NEVER);
        long since = mine(Figure.BLOCKED_SINCE);
        if (waits && since == NEVER) {
            set(Figure.BLOCKED_SINCE, writer.waitingSince());
        } else if (!waits && since != NEVER) {
            // In this order: a reader may miss the last time that something waited, and counts none twice.
            set(Figure.BLOCKED_SINCE, NEVER);
            set(Figure.BLOCKED, mine(Figure.BLOCKED) + writer.lastProgress() - since);
        }
    }

    /** What was accepted and how it ended. Any thread. */
    Account account() {
        return book.account();
    }

    /** All of it, now. Any thread. */
    ConnectionStats stats() {
        long blockedBefore = get(Figure.BLOCKED);
        long blockedSince = get(Figure.BLOCKED_SINCE);
        long stalledSince = get(Figure.STALLED_SINCE);
        if (stalledSince != NEVER) {
            tryToWrite();
        }
        Account account = account();
        long now = loop.nanoTime();
        return new ConnectionStats(
                new Flow(get(Figure.BYTES_IN), get(Figure.FRAMES_IN)),
                new Flow(get(Figure.BYTES_OUT), get(Figure.FRAMES_OUT)),
                account,
                exchanges.account(),
                waiting(account),
                Duration.ofNanos(blockedBefore + age(now, blockedSince)),
                Duration.ofNanos(age(now, stalledSince)),
                Duration.ofNanos(age(now, get(Figure.HEARD_AT))),
                Duration.ofNanos(age(now, get(Figure.RELIEVED_AT))),
                !intake.rests(),
                new Probes(exchanges.probesMade(), exchanges.probesAnswered(), get(Figure.ANSWERED_AHEAD)));
    }

    private List<Waiting> waiting(Account account) {
        List<LaneQueue> lanes = outbox.lanes();
        List<Waiting> waiting = new ArrayList<>(lanes.size());
        for (int lane = 0; lane < lanes.size(); lane++) {
            LaneAccount counted = account.lanes().get(lane);
            waiting.add(new Waiting(
                    counted.lane(), counted.pending(), lanes.get(lane).usedBytes()));
        }
        return waiting;
    }

    /** Has the loop try to write, once at a time: a link tells of room only when there is much of it. Any thread. */
    @SuppressWarnings("EnumOrdinal") // an index into an array of this run, kept nowhere
    private void tryToWrite() {
        if (figures.compareAndSet(Figure.TRY.ordinal(), 0, 1)) {
            try {
                loop.execute(this::tryNow);
            } catch (RejectedExecutionException stopped) {
                // The link's last event follows, and nothing waits any more.
            }
        }
    }

    private void tryNow() {
        set(Figure.TRY, 0);
        // Of a link that is being left, nothing more is asked.
        if (state.get().compareTo(ConnectionState.ABORTING) < 0 && writer.push()) {
            work.run();
        }
    }

    /** Zero for what is not, or came while this was asked. */
    private static long age(long now, long since) {
        return since == NEVER ? 0 : Math.max(0, now - since);
    }

    @SuppressWarnings("EnumOrdinal") // as above
    private void set(Figure figure, long value) {
        figures.setRelease(figure.ordinal(), value);
    }

    /** As the loop, which alone writes it, sees it. */
    @SuppressWarnings("EnumOrdinal") // as above
    private long mine(Figure figure) {
        return figures.getPlain(figure.ordinal());
    }

    @SuppressWarnings("EnumOrdinal") // as above
    private long get(Figure figure) {
        return figures.getAcquire(figure.ordinal());
    }
}
