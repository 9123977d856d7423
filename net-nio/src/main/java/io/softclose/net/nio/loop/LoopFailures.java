/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import io.softclose.net.nio.base.SafeLogger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What has failed on a loop, and whether it can go on. Turns may fail without end: each is followed by a rest. A
 * selector that breaks is replaced; the loop must end if fresh ones break again and again, or none can be opened.
 * Confined to the loop.
 */
final class LoopFailures {
    private static final SafeLogger LOG = SafeLogger.ofModule();
    /** Selectors in a row that may break, and how often replacing one may fail. */
    private static final int MOST = 6;
    /** The rest after a failure, doubled with each in a row: what failed may need time, memory above all. */
    private static final long FIRST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int MOST_DOUBLINGS = 5;

    private int restsInARow;
    private int breaksInARow;
    private int failedReplacements;
    private @Nullable Exception broken;

    /** A turn has gone well. */
    void none() {
        restsInARow = 0;
        breaksInARow = 0;
    }

    /** Waits a while, longer each time until a turn goes well. */
    void rest() {
        restsInARow++;
        LockSupport.parkNanos(FIRST_REST_NANOS << Math.min(restsInARow, MOST_DOUBLINGS));
    }

    /**
     * The selector broke, and is to be {@linkplain #replace replaced}.
     *
     * @return what the loop ends with; null if it goes on
     */
    @Nullable
    Throwable selectorBroke(Exception cause) {
        broken = cause;
        failedReplacements = 0;
        return ++breaksInARow < MOST ? null : cause;
    }

    /** Whether the selector is of no use until it was replaced. */
    boolean selectorIsBroken() {
        return broken != null;
    }

    /**
     * Tries to replace the selector.
     *
     * @return what the loop ends with; null if it goes on, even if only to try again
     */
    @Nullable
    Throwable replace(LoopSelector selector) {
        Exception cause = requireNonNull(broken, "broken");
        try {
            selector.replace();
            broken = null;
            LOG.log(WARNING, "the selector of an event loop broke and was replaced", cause);
            return null;
        } catch (Throwable failed) {
            LOG.log(ERROR, "the selector of an event loop broke and could not be replaced yet", failed);
        }
        if (++failedReplacements >= MOST) {
            return cause;
        }
        rest();
        return null;
    }
}
