/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.base;

import java.lang.System.Logger.Level;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A logger that never throws: its handlers are a user's, whose full disk must not end a loop nor leave a step undone.
 */
public final class Log {
    private static final String NAME = "io.softclose.net.netty";
    private static final Log MODULE = of(System::getLogger);

    private final System.@Nullable Logger logger;

    private Log(System.@Nullable Logger logger) {
        this.logger = logger;
    }

    /** The module's logger; if none is available, what it is told is dropped. */
    public static Log ofModule() {
        return MODULE;
    }

    /** For tests: the logger of the module's name that these loggers have. */
    public static Log of(Function<String, System.Logger> loggers) {
        try {
            return new Log(loggers.apply(NAME));
        } catch (Throwable unavailable) {
            return new Log(null);
        }
    }

    public void log(Level level, Supplier<String> message) {
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
    public static void stepFailed(Throwable failure) {
        try {
            if (MODULE.logger != null) {
                MODULE.logger.log(Level.ERROR, "a step on a loop failed", failure);
            }
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }

    public void log(Level level, Supplier<String> message, Throwable cause) {
        try {
            if (logger != null) {
                logger.log(level, message, cause);
            }
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }
}
