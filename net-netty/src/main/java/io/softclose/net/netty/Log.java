/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * A logger that never throws: its handlers are a user's, whose full disk must not end a loop nor leave a step undone.
 */
final class Log {
    private static final System.Logger STEPS = System.getLogger(NettyLoop.class.getName());

    private final System.Logger logger;

    private Log(System.Logger logger) {
        this.logger = logger;
    }

    static Log of(Class<?> type) {
        return new Log(System.getLogger(type.getName()));
    }

    void log(Level level, Supplier<String> message) {
        try {
            logger.log(level, message);
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
            STEPS.log(Level.ERROR, "a step on a loop failed", failure);
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }

    void log(Level level, Supplier<String> message, Throwable cause) {
        try {
            logger.log(level, message, cause);
        } catch (Throwable lost) {
            // There is nobody left to tell.
        }
    }
}
