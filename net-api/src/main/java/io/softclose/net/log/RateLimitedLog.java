/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.log;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * One kind of line of the {@link Log} that a peer can cause: ten at once and one a second after that, because a peer
 * must not fill a disk. The next line tells how many were left out. Thread-safe.
 */
public final class RateLimitedLog {
    private static final int AT_ONCE = 10;

    private final Level level;
    private final Allowance lines = new Allowance(AT_ONCE, 1);

    /** Lines of this level. */
    public RateLimitedLog(Level level) {
        this.level = level;
    }

    /**
     * Writes a line, or counts it.
     *
     * @param format as of {@link java.text.MessageFormat}
     */
    public void log(String format, @Nullable Object... parameters) {
        if (mayLog()) {
            Log.log(level, format, parameters);
        }
    }

    /** Writes a line about something, with the stack of what was thrown, or counts it. */
    public void thrown(Object about, String what, Throwable thrown) {
        if (mayLog()) {
            Log.thrown(level, about, what, thrown);
        }
    }

    private boolean mayLog() {
        if (!lines.take(System.nanoTime())) {
            return false;
        }
        long leftOut = lines.takeLeftOut();
        if (leftOut > 0) {
            Log.log(level, "{0} lines like the next one were left out", leftOut);
        }
        return true;
    }
}
