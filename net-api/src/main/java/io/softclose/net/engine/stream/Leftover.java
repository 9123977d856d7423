/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.spi.Scheduler;
import io.softclose.net.spi.Scheduler.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Input that outlives its link: what follows once it was handed on, and by when it is given up. Its owner knows what there
 * is. Loop only.
 */
final class Leftover {
    private static final Timer NO_TIMER = () -> {};

    private final Scheduler scheduler;
    private final Runnable giveUp;
    private @Nullable Runnable then;
    private Timer timer = NO_TIMER;
    private long giveUpAt;

    /** @param giveUp run at the time that was set, unless everything was handled before */
    Leftover(Scheduler scheduler, Runnable giveUp) {
        this.scheduler = scheduler;
        this.giveUp = giveUp;
    }

    /** The link has gone; this is what follows, after the last of its input. */
    void begin(Runnable next) {
        then = next;
    }

    /** Whether something follows once the rest was handed on. */
    boolean awaited() {
        return then != null;
    }

    /** Nothing is left to hand on: what follows has its turn, once. */
    void handedOn() {
        Runnable next = then;
        if (next != null) {
            then = null;
            next.run();
        }
    }

    /** Gives up at this time on the loop's clock, if that is earlier than what was set before. */
    void giveUpBy(long deadlineAt) {
        if (timer == NO_TIMER || deadlineAt - giveUpAt < 0) {
            timer.cancel();
            giveUpAt = deadlineAt;
            timer = scheduler.schedule(Math.max(0, deadlineAt - scheduler.nanoTime()), giveUp);
        }
    }

    /** Nothing is left that is not handled. */
    void handled() {
        timer.cancel();
    }
}
