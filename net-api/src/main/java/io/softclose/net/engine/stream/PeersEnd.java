/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Scheduler.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The peer's end, which waits until everything before it was handed on, but not longer than a grace time. Loop only. */
final class PeersEnd {
    private static final Timer NO_TIMER = () -> {};

    private final EventLoop loop;
    private final long graceNanos;
    private final Consumer<InputEnd> told;

    private @Nullable InputEnd waiting;
    private Timer graceTimer = NO_TIMER;
    private boolean graceOver;
    private boolean arrived;

    PeersEnd(EventLoop loop, long graceNanos, Consumer<InputEnd> told) {
        this.loop = loop;
        this.graceNanos = graceNanos;
        this.told = told;
    }

    /** It has come; {@link #tell} says when it is to be told. */
    void arrived(InputEnd end) {
        waiting = end;
        arrived = true;
    }

    /** Everything before it was handed on: whether it has come, when this is asked for the first time after that. */
    boolean endsInput() {
        boolean ends = arrived;
        arrived = false;
        return ends;
    }

    /** Waits no longer than the grace time, then does this. */
    void waitAtMost(Runnable then) {
        graceTimer = loop.schedule(graceNanos, () -> {
            graceOver = true;
            then.run();
        });
    }

    /** Whether it has waited long enough. */
    boolean graceOver() {
        return graceOver;
    }

    /** Tells of it, once; whether there was one to tell of. */
    boolean tell() {
        InputEnd end = waiting;
        if (end == null) {
            return false;
        }
        waiting = null;
        graceTimer.cancel();
        told.accept(end);
        return true;
    }

    /** Waits for nothing any more. */
    void stop() {
        graceTimer.cancel();
    }
}
