/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The log of the engine. The application says where lines go, and writing them may fail, for example on a full disk.
 * What the logger throws, or a parameter's {@code toString}, is dropped with the line and reaches nobody. Thread-safe.
 */
public final class Log {
    private static final @Nullable Logger LOGGER = logger();

    private Log() {}

    /**
     * Writes a line.
     *
     * @param format as of {@link java.text.MessageFormat}
     */
    public static void log(Level level, String format, @Nullable Object... parameters) {
        Logger logger = LOGGER;
        if (logger != null) {
            try {
                logger.log(level, format, parameters);
            } catch (Throwable dropped) {
                forget(dropped);
            }
        }
    }

    /** Writes a line about something, with the stack of what was thrown. */
    public static void thrown(Level level, Object about, String what, Throwable thrown) {
        Logger logger = LOGGER;
        if (logger != null) {
            try {
                logger.log(level, about + ": " + what, thrown);
            } catch (Throwable dropped) {
                forget(dropped);
            }
        }
    }

    /** An object of the application's as text: its class's name if it cannot say. */
    public static String text(Object object) {
        try {
            return String.valueOf(object);
        } catch (Throwable dropped) {
            forget(dropped);
            return object.getClass().getName();
        }
    }

    private static @Nullable Logger logger() {
        try {
            return System.getLogger("io.softclose.net");
        } catch (Throwable dropped) {
            forget(dropped);
            return null;
        }
    }

    /** There is nobody left who could be told. */
    @SuppressWarnings("unused")
    public static void forget(Throwable dropped) {}
}
