/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import static java.lang.System.Logger.Level.ERROR;

import io.softclose.net.nio.base.Departures;
import io.softclose.net.nio.base.Nanos;
import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.base.SafeLogger;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links of one loop, in whichever part of their lives: those that are open or opening, those that linger, and what
 * waits for a selection to let go of its channel. A loop ends when all of them are gone. Confined to the loop.
 */
public final class LoopLinks {
    private static final SafeLogger LOG = SafeLogger.ofModule();

    private final NioLoop loop;
    private final LoopFailures failures;
    private final Set<Served> open = new HashSet<>();
    private final Lingerings lingerings;
    private final Departures departures = new Departures();

    LoopLinks(NioLoop loop, LoopFailures failures, NioSettings settings) {
        this.loop = loop;
        this.failures = failures;
        lingerings = new Lingerings(
                loop,
                loop::schedule,
                Nanos.of(settings.lingerTimeout()),
                Nanos.of(settings.lingerTime()),
                Lingerings.MOST);
    }

    /** Counts a link in: from now on it is aborted when the loop stops. */
    public void opening(Served link) {
        open.add(link);
    }

    /** Counts a link out. */
    public void closed(Served link) {
        open.remove(link);
    }

    /** What is left of links that linger. */
    public Lingerings lingerings() {
        return lingerings;
    }

    /** What cancelled its key, and is told when the selector has let go of its channel. */
    public Departures departures() {
        return departures;
    }

    /** Whether every link was told of its end, apart from those that linger. */
    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether anything lingers, or has lingered and waits for the selector. */
    boolean anyLinger() {
        return !lingerings.isEmpty() || !departures.isEmpty();
    }

    /** Ends every link: aborts it, or has it fail if there is a cause. What throws leaves the rest to the next time. */
    void end(@Nullable Throwable cause) {
        try {
            for (Served link : open) {
                if (cause == null) {
                    link.abort();
                } else {
                    link.fail(cause);
                }
            }
            loop.flushClosed();
        } catch (Throwable failed) {
            LOG.log(ERROR, "ending links failed; it is tried again", failed);
            failures.rest();
        }
        departures.tell();
    }

    /** Ends what lingers. What throws leaves the rest to the next time. */
    void endLingering() {
        try {
            lingerings.end();
            loop.flushClosed();
        } catch (Throwable failed) {
            LOG.log(ERROR, "ending what lingered failed; it is tried again", failed);
            failures.rest();
        }
        departures.tell();
    }
}
