/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import java.lang.System.Logger.Level;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A logger that never throws: its handlers are a user's, whose full disk must not end a loop nor leave a step undone.
 */
final class Log {
    private static final Log STEPS = of(NettyLoop.class);

    private final System.@Nullable Logger logger;

    private Log(System.@Nullable Logger logger) {
        this.logger = logger;
    }

    /** The logger named after this class; none if there is none to be had. */
    static Log of(Class<?> type) {
        return of(type, System::getLogger);
    }

    /** For tests: the logger of this name that these loggers have. */
    static Log of(Class<?> type, Function<String, System.Logger> loggers) {
        try {
            return new Log(loggers.apply(type.getName()));
        } catch (Throwable unavailable) {
            return new Log(null);
        }
    }

    void log(Level level, Supplier<String> message) {
        try {
            if (logger != null) {
                logger.log(level, message);
            }
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }

    /**
     * Says that a step on a loop failed. Throws nothing at all, and so may stand where memory is what is missing: there, a
     * caller's own words would take some.
     */
    static void stepFailed(Throwable failure) {
        try {
            if (STEPS.logger != null) {
                STEPS.logger.log(Level.ERROR, "a step on a loop failed", failure);
            }
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }

    void log(Level level, Supplier<String> message, Throwable cause) {
        try {
            if (logger != null) {
                logger.log(level, message, cause);
            }
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }
}
