/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static java.util.Objects.requireNonNull;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.Ticker;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.socket.ForwardingIo;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A handler of Netty's for I/O whose turns never end the loop, whatever they throw: memory that runs out, or a logger.
 * What the turn did not get to is ready in the next one as well. Each turn of I/O brings one of {@link Turns}, so these
 * need nothing else of Netty's.
 */
public final class GuardedIo extends ForwardingIo {
    /** Turns that fail one after the other before the loop is given up: what failed so often does not come back. */
    static final int MOST_FAILURES = 100;
    /** The rest after the first of them; it is twice as long after the second, and so on: five seconds in all. */
    static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What a loop does beside I/O. None of it throws. On the loop. */
    interface Turns {
        /** Right before the loop looks at I/O. */
        void beforeIo();

        /** Right after the loop has looked at I/O. */
        void afterIo();

        /** Whether the next turn has nothing to wait for but I/O. */
        boolean mayWait();

        /** Until when it may wait at most, by Netty's ticker. */
        long dueNanos();
    }

    /** Ends the loop. */
    public static final class GivenUpException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        GivenUpException(String what, Throwable cause) {
            super(MOST_FAILURES + " " + what + " failed one after the other", cause);
        }
    }

    // Final.
    private final LongConsumer rest;
    private final Waiting waiting = new Waiting();

    // Shared.
    private volatile Turns turns = NoTurns.ONLY;

    // Confined to the loop.
    private boolean initialized;
    private int failures;
    private long turnsTaken;

    /**
     * Guards a handler.
     *
     * @param rest waits for so many nanoseconds
     */
    public GuardedIo(IoHandler io, LongConsumer rest) {
        super(io);
        this.rest = rest;
    }

    static IoHandlerFactory factory(IoHandlerFactory handlers, LongConsumer rest) {
        return around(handlers, (io, loop) -> new GuardedIo(io, rest));
    }

    /** Has these come with the turns of I/O from now on. */
    void turns(Turns taken) {
        turns = taken;
        wakeup();
    }

    /** How many turns of I/O there were, failed ones included. On the loop. */
    long turnsTaken() {
        return turnsTaken;
    }

    @Override
    public int run(IoHandlerContext context) {
        turnsTaken++;
        Turns now = turns;
        now.beforeIo();
        waiting.context = context;
        waiting.turns = now;
        int handled = 0;
        try {
            handled = super.run(waiting);
            failures = 0;
        } catch (Throwable failed) {
            Log.stepFailed(failed);
            failures++;
            if (failures >= MOST_FAILURES) {
                throw new GivenUpException("turns of I/O", failed);
            }
            rest.accept(failures * REST_NANOS);
        }
        now.afterIo();
        return handled;
    }

    /** Initializes it once, however often the loop is entered again after a failure. */
    @Override
    public void initialize() {
        if (!initialized) {
            super.initialize();
            initialized = true;
        }
    }

    /** A loop that does nothing else. */
    private enum NoTurns implements Turns {
        ONLY;

        @Override
        public void beforeIo() {}

        @Override
        public void afterIo() {}

        @Override
        public boolean mayWait() {
            return true;
        }

        @Override
        public long dueNanos() {
            return Long.MAX_VALUE;
        }
    }

    /** What Netty's loop says about waiting, and what ours does. */
    private static final class Waiting implements IoHandlerContext {
        private @Nullable IoHandlerContext context;
        private Turns turns = NoTurns.ONLY;

        private IoHandlerContext netty() {
            return requireNonNull(context, "context");
        }

        @Override
        public boolean canBlock() {
            return turns.mayWait() && netty().canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            long now = currentTimeNanos - Ticker.systemTicker().initialNanoTime();
            return Math.min(netty().delayNanos(currentTimeNanos), Math.max(0, turns.dueNanos() - now));
        }

        @Override
        public long deadlineNanos() {
            // Netty's loops always have one.
            return Math.min(netty().deadlineNanos(), turns.dueNanos());
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {
            netty().reportActiveIoTime(activeNanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return netty().shouldReportActiveIoTime();
        }
    }
}
