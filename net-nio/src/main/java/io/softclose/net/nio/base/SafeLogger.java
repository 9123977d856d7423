/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The module's logger, which never throws. Loggers are the user's: one whose disk is full, or which finds no memory, must cost a line
 * and no loop. The arguments are made before the call: where even that must not fail, they are constants.
 */
public final class SafeLogger {
    private static final SafeLogger MODULE = named("io.softclose.net.nio");

    private final @Nullable Logger logger;

    private SafeLogger(@Nullable Logger logger) {
        this.logger = logger;
    }

    /** The module's logger; one that drops everything if none is available. */
    public static SafeLogger ofModule() {
        return MODULE;
    }

    private static SafeLogger named(String name) {
        try {
            return new SafeLogger(System.getLogger(name));
        } catch (Throwable unavailable) {
            return new SafeLogger(null);
        }
    }

    /** Needs no memory of its own: for those who log that there is none, and must go on. */
    public void log(Level level, String message, Throwable thrown) {
        try {
            if (logger != null && logger.isLoggable(level)) {
                logger.log(level, message, thrown);
            }
        } catch (Throwable lost) {
            // There is nobody else to tell.
        }
    }

    public void log(Level level, Supplier<String> message) {
        log(level, message, null);
    }

    public void log(Level level, Supplier<String> message, @Nullable Throwable thrown) {
        try {
            if (logger != null && logger.isLoggable(level)) {
                logger.log(level, message.get(), thrown);
            }
        } catch (Throwable lost) {
            // There is nobody else to tell.
        }
    }
}
